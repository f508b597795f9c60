import { describe, expect, test } from "@jest/globals";
import { i32, s64, u64 } from "./wasi-call.ts";

const MAX = Number.MAX_SAFE_INTEGER;

test.each([
  [0, 0],
  [-1, 0xffff_ffff],
  [0x7fff_ffff, 0x7fff_ffff],
  [-0x8000_0000, 0x8000_0000],
  [0xffff_ffff, 0xffff_ffff],
])("an i32 of %d is %d, unsigned", (given, value) => {
  expect(i32([given], 0)).toBe(value);
});

describe("a u64", () => {
  test.each([
    [0n, 0],
    [1n, 1],
    [0xffff_ffffn, 0xffff_ffff],
    [1n << 32n, 2 ** 32],
    [BigInt(MAX), MAX],
    [BigInt(MAX) + 1n, MAX],
    [1n << 63n, MAX],
    [-1n, MAX],
    [-(1n << 63n), MAX],
    [BigInt(MAX) - 1n, MAX - 1],
  ])("of %d is %d", (given, value) => {
    expect(u64([given], 0)).toBe(value);
  });
});

describe("an s64", () => {
  test.each([
    [0n, 0],
    [-1n, -1],
    [BigInt(MAX), MAX],
    [BigInt(MAX) + 1n, MAX],
    [(1n << 63n) - 1n, MAX],
    [-BigInt(MAX), -MAX],
    [-(1n << 63n), -MAX],
  ])("of %d is %d", (given, value) => {
    expect(s64([given], 0)).toBe(value);
  });
});
