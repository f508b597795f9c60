import { expect, test } from "@jest/globals";
import { invariant, KernelBug, unreachable } from "./assert.ts";

test("a kept promise passes silently", () => {
  expect(() => invariant(true, "water is wet")).not.toThrow();
});

test("a broken promise is a KernelBug that repeats the statement", () => {
  expect(() => invariant(false, "water is wet")).toThrow(new KernelBug("broken promise: water is wet"));
});

test("a case that cannot be is a KernelBug that shows the value", () => {
  expect(() => unreachable({ type: "x/y" } as never)).toThrow('a case that cannot be: {"type":"x/y"}');
});

test("a KernelBug says its name, which holds across realms where instanceof does not", () => {
  expect(new KernelBug("x").name).toBe("KernelBug");
});
