import { test } from "@jest/globals";
import { scheduleLaws } from "./schedule-laws.ts";

test.each(scheduleLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
