import { test } from "@jest/globals";
import { domainLaws } from "./domain-laws.ts";

test.each(domainLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
