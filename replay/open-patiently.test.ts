import { expect, test } from "@jest/globals";
import { openPatiently } from "./open-patiently.ts";

const locksWentDown = (): never => {
  throw new Error("Invalid argument: Attempting to setup locks after open");
};

test("a store whose locks another process takes down just now is tried again", () => {
  let tries = 0;
  const open = (): string => ((tries += 1) < 3 ? locksWentDown() : "open");
  expect([openPatiently("x", open), tries]).toEqual(["open", 3]);
});

test("but not for ever", () => {
  expect(() => openPatiently("x", locksWentDown)).toThrow(
    /^x: its store cannot be opened \(Invalid argument/,
  );
});

test("any other failure is told at once", () => {
  let tries = 0;
  const open = (): never => {
    tries += 1;
    throw new Error("Permission denied");
  };
  expect(() => openPatiently("x", open)).toThrow("its store cannot be opened (Permission denied)");
  expect(tries).toBe(1);
});
