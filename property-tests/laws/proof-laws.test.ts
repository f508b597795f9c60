import { test } from "@jest/globals";
import { proofLaws } from "./proof-laws.ts";

test.each(proofLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
