import { test } from "@jest/globals";
import { editLaws } from "./edit-laws.ts";

test.each(editLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
