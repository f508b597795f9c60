import { test } from "@jest/globals";
import { whatIfLaws } from "./what-if-laws.ts";

test.each(whatIfLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
