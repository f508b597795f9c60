import { test } from "@jest/globals";
import { urgentLaws } from "./urgent-laws.ts";

test.each(urgentLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
