import { test } from "@jest/globals";
import { replayLaws } from "./replay-laws.ts";

test.each(replayLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
