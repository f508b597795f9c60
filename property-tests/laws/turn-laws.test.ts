import { test } from "@jest/globals";
import { turnLaws } from "./turn-laws.ts";

test.each(turnLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
