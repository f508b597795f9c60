import { test } from "@jest/globals";
import { crashLaws } from "./crash-laws.ts";

test.each(crashLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
