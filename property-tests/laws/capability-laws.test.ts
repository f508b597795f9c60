import { test } from "@jest/globals";
import { capabilityLaws } from "./capability-laws.ts";

for (const { id, statement, assert } of capabilityLaws) test(`${id}: ${statement}`, assert);
