import { expect, test } from "@jest/globals";
import { errno, errnoName } from "./errno.ts";

test("the numbers count from 0 to 76 without a gap, in the order of the specification", () => {
  expect(Object.values(errno)).toEqual(Array.from({ length: 77 }, (_, index) => index));
});

test.each([
  ["badf", 8],
  ["fault", 21],
  ["inval", 28],
  ["noent", 44],
  ["notcapable", 76],
] as const)("%s is %d, as WASI preview 1 has it", (name, code) => {
  expect(errno[name]).toBe(code);
});

test.each([
  [errno.noent, "ENOENT"],
  [errno.toobig, "E2BIG"],
  [errno.success, "ESUCCESS"],
  [999, "E999"],
])("%d is shown as %s", (code, name) => {
  expect(errnoName(code)).toBe(name);
});
