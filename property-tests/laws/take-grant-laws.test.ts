import { test } from "@jest/globals";
import { takeGrantLaws } from "./take-grant-laws.ts";

test.each(takeGrantLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);
