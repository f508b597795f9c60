import { test } from "@jest/globals";
import { codecLaws } from "./codec-laws.ts";

test.each(codecLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
