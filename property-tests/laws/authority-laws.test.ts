import { test } from "@jest/globals";
import { authorityLaws } from "./authority-laws.ts";

test.each(authorityLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
