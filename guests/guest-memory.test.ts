import { describe, expect, test } from "@jest/globals";
import { errno } from "../core/errno.ts";
import { GuestMemory } from "./guest-memory.ts";

const PAGE = 65_536;

function onePage(): { memory: GuestMemory; wasm: WebAssembly.Memory } {
  const memory = new GuestMemory();
  const wasm = new WebAssembly.Memory({ initial: 1 });
  memory.attach(wasm);
  return { memory, wasm };
}

const refusal = (act: () => unknown): number => {
  try {
    act();
  } catch (error) {
    return (error as { errno: number }).errno;
  }
  return 0;
};

describe("a stretch lies within the memory", () => {
  test.each([
    [0, 0, 0],
    [0, PAGE, 0],
    [PAGE, 0, PAGE],
    [PAGE - 1, 1, PAGE - 1],
  ])("from %d on, %d bytes", (pointer, length, start) => {
    expect(onePage().memory.within(pointer, length)).toBe(start);
  });

  test.each([
    [0, PAGE + 1],
    [PAGE, 1],
    [PAGE + 1, 0],
    [-1, 0],
    [-1, 1],
    [0, 2 ** 32 - 1],
    [2 ** 32 - 1, 2 ** 32 - 1],
  ])("or not: from %d on, %d bytes are EFAULT", (pointer, length) => {
    expect(refusal(() => onePage().memory.within(pointer, length))).toBe(errno.fault);
  });

  test("of which there is none before a module is attached", () => {
    expect(refusal(() => new GuestMemory().within(0, 1))).toBe(errno.fault);
  });
});

test("a memory that grew is seen whole once the views are refreshed", () => {
  const { memory, wasm } = onePage();
  memory.setU32(8, 77);
  wasm.grow(1);
  memory.refresh();
  expect([memory.within(2 * PAGE - 1, 1), memory.view.getUint32(8, true), memory.bytes.length]).toEqual([
    2 * PAGE - 1,
    77,
    2 * PAGE,
  ]);
});

test.each([0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1])("the safe integer %d is written in 64 bits", (value) => {
  const { memory } = onePage();
  memory.setU64(16, value);
  expect(memory.view.getBigUint64(16, true)).toBe(BigInt(value));
});

test("a pointer with the sign that WebAssembly gave it is an address all the same", () => {
  const { memory } = onePage();
  expect(refusal(() => memory.within(-4, 4))).toBe(errno.fault);
});
