import { test } from "@jest/globals";
import { timeLaws } from "./time-laws.ts";

test.each(timeLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
