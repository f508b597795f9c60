import { test } from "@jest/globals";
import { revocationLaws } from "./revocation-laws.ts";
import { revocationOrderLaws } from "./revocation-order-laws.ts";

const laws = [...revocationLaws, ...revocationOrderLaws];

test.each(laws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) => law.assert());
