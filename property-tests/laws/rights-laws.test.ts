import { test } from "@jest/globals";
import { rightsLaws } from "./rights-laws.ts";

test.each(rightsLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
