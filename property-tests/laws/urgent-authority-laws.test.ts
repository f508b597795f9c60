import { test } from "@jest/globals";
import { urgentAuthorityLaws } from "./urgent-authority-laws.ts";

test.each(urgentAuthorityLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
