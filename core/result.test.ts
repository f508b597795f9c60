import { expect, test } from "@jest/globals";
import { fail, ok } from "./result.ts";

test("a value and a refusal are told apart by one field", () => {
  expect([ok(1), fail("why")]).toEqual([
    { ok: true, value: 1 },
    { ok: false, error: "why" },
  ]);
});
