import { test } from "@jest/globals";
import { structureLaws } from "./structure-laws.ts";

test.each(structureLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
