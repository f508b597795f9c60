import { test } from "@jest/globals";
import { partitionLaws } from "./partition-laws.ts";

test.each(partitionLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
