import { test } from "@jest/globals";
import { foldLaws } from "./fold-laws.ts";

test.each(foldLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
