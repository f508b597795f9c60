import { test } from "@jest/globals";
import { rankedLaws } from "./ranked-laws.ts";

test.each(rankedLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
