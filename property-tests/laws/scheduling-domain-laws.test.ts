import { test } from "@jest/globals";
import { schedulingDomainLaws } from "./scheduling-domain-laws.ts";

test.each(schedulingDomainLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
