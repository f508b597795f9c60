import { test } from "@jest/globals";
import { machineLaws } from "./machine-laws.ts";

test.each(machineLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
