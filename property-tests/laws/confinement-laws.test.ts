import { test } from "@jest/globals";
import { confinementLaws } from "./confinement-laws.ts";

test.each(confinementLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
