import { test } from "@jest/globals";
import { hostLaws } from "./host-laws.ts";

test.each(hostLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
