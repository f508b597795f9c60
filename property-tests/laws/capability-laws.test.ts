import { test } from "@jest/globals";
import { budgetLaws } from "./budget-laws.ts";
import { capabilityLaws } from "./capability-laws.ts";
import { couldLaws } from "./could-laws.ts";
import { delegationLaws } from "./delegation-laws.ts";
import { isolationLaws } from "./isolation-laws.ts";
import { membraneLaws } from "./membrane-laws.ts";
import { lifeLaws } from "./life-laws.ts";

const laws = [
  ...capabilityLaws,
  ...lifeLaws,
  ...budgetLaws,
  ...isolationLaws,
  ...delegationLaws,
  ...membraneLaws,
  ...couldLaws,
];

test.each(laws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) => law.assert());
