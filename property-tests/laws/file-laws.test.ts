import { test } from "@jest/globals";
import { fileLaws } from "./file-laws.ts";

test.each(fileLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
