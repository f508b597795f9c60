import { test } from "@jest/globals";
import { historyLaws } from "./history-laws.ts";

test.each(historyLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
