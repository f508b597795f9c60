import { test } from "@jest/globals";
import { authorityFlowLaws } from "./authority-flow-laws.ts";
import { capabilityLaws } from "./capability-laws.ts";
import { revocationLaws } from "./revocation-laws.ts";

const laws = [...capabilityLaws, ...revocationLaws, ...authorityFlowLaws];

test.each(laws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) => law.assert());
