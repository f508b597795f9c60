import { test } from "@jest/globals";
import { commitLaws } from "./commit-laws.ts";

test.each(commitLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
