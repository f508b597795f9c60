import { test } from "@jest/globals";
import { pathLaws } from "./path-laws.ts";

test.each(pathLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
