/** Every law, with all of its cases. */
import { test } from "@jest/globals";
import { allLaws } from "./all-laws.ts";

const LONGEST_MILLIS = 240_000;

test.each(allLaws.map((law) => [law.id, law.statement, law] as const))(
  "%s: %s",
  (_, __, law) => law.assert(),
  LONGEST_MILLIS,
);
