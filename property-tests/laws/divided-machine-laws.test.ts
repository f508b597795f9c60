import { test } from "@jest/globals";
import { dividedMachineLaws } from "./divided-machine-laws.ts";

test.each(dividedMachineLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
