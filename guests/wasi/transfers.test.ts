import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { ZEROS } from "../../reducers/files/file-selectors.ts";
import { GuestMemory } from "../guest-memory.ts";
import { gather, scatter, totalSize } from "./transfers.ts";
import type { ByteSource } from "./wasi-call.ts";

const PAGE = 65_536;

/** A memory of one page with iovecs at 0, each as pointer and length. */
function memoryWith(...iovecs: readonly (readonly [number, number])[]): GuestMemory {
  const memory = new GuestMemory();
  memory.attach(new WebAssembly.Memory({ initial: 1 }));
  iovecs.forEach(([pointer, length], index) => {
    memory.setU32(index * 8, pointer);
    memory.setU32(index * 8 + 4, length);
  });
  return memory;
}

/** A stream whose byte at each position is the position. */
const counting: ByteSource = {
  copyTo(target, offset, position, length) {
    for (let index = 0; index < length; index += 1) target[offset + index] = position + index;
  },
};

const refusal = (act: () => unknown): number => {
  try {
    act();
  } catch (error) {
    return (error as { errno: number }).errno;
  }
  return 0;
};

describe("the size of iovecs", () => {
  test.each([
    ["of none", [], 0],
    ["of one", [[100, 10]], 10],
    [
      "of several, empty ones and the same twice among them",
      [
        [100, 10],
        [0, 0],
        [100, 10],
        [PAGE, 0],
        [PAGE - 1, 1],
      ],
      21,
    ],
  ] as const)("%s is their sum", (_, iovecs, size) => {
    expect(totalSize(memoryWith(...iovecs), 0, iovecs.length)).toBe(size);
  });

  test.each([
    ["one that begins outside", [[PAGE, 1]], 0, 1],
    ["one that ends outside", [[PAGE - 1, 2]], 0, 1],
    ["one that ends beyond 2^32", [[0xffff_ffff, 0xffff_ffff]], 0, 1],
    [
      "the second of two",
      [
        [0, 1],
        [PAGE, 1],
      ],
      0,
      2,
    ],
    ["an empty one that begins outside", [[PAGE + 1, 0]], 0, 1],
    ["a list that begins outside", [], PAGE, 1],
    ["a list that ends outside", [], PAGE - 8, 2],
    ["a list at the last address", [], 0xffff_ffff, 1],
  ] as const)("of %s is EFAULT", (_, iovecs, pointer, count) => {
    expect(refusal(() => totalSize(memoryWith(...iovecs), pointer, count))).toBe(errno.fault);
  });

  test("of more than are allowed is EINVAL", () => {
    expect(refusal(() => totalSize(memoryWith(), 0, (1 << 16) + 1))).toBe(errno.inval);
    expect(refusal(() => totalSize(memoryWith(), 0, 0xffff_ffff))).toBe(errno.inval);
  });

  test("of more bytes than a size can say is EINVAL", () => {
    const memory = new GuestMemory();
    memory.attach(new WebAssembly.Memory({ initial: 16 }));
    for (let index = 0; index < 2100; index += 1) {
      memory.setU32(index * 8, 0);
      memory.setU32(index * 8 + 4, 16 * PAGE);
    }
    expect(totalSize(memory, 0, 2047)).toBe(2047 * 16 * PAGE);
    expect(refusal(() => totalSize(memory, 0, 2048))).toBe(errno.inval);
  });
});

describe("gathering", () => {
  const gathered = (length: number): number[][] => {
    const taken: number[][] = [];
    gather(memoryWith([100, 3], [0, 0], [200, 5]), 0, length, (_, start, size) => taken.push([start, size]));
    return taken;
  };

  test.each([
    [0, []],
    [2, [[100, 2]]],
    [3, [[100, 3]]],
    [
      4,
      [
        [100, 3],
        [200, 1],
      ],
    ],
    [
      8,
      [
        [100, 3],
        [200, 5],
      ],
    ],
  ])("the first %d bytes hands over the iovecs that have them, the last in part", (length, taken) => {
    expect(gathered(length)).toEqual(taken);
  });
});

describe("scattering", () => {
  const filled = (memory: GuestMemory, from: number, length: number): number[] => [
    ...memory.bytes.subarray(from, from + length),
  ];

  test("fills one iovec after the other, with one run after the other", () => {
    const memory = memoryWith([100, 3], [0, 0], [200, 5]);
    memory.bytes.fill(9, 100, 300);
    scatter(memory, 0, [10, 2, ZEROS, 3, 50, 1], counting);
    expect([filled(memory, 100, 4), filled(memory, 200, 5)]).toEqual([
      [10, 11, 0, 9],
      [0, 0, 50, 9, 9],
    ]);
  });

  test("of nothing touches nothing, whatever the iovecs are", () => {
    const memory = memoryWith([PAGE - 1, 99]);
    scatter(memory, 0, [], counting);
    scatter(memory, 0, [7, 0], counting);
    expect(memory.bytes[PAGE - 1]).toBe(0);
  });

  test("over the iovecs themselves goes where they said before", () => {
    const memory = memoryWith([0, 24], [100, 4], [200, 4]);
    scatter(memory, 0, [1, 32], counting);
    expect(filled(memory, 0, 24)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
    expect([filled(memory, 100, 5), filled(memory, 200, 5)]).toEqual([
      [25, 26, 27, 28, 0],
      [29, 30, 31, 32, 0],
    ]);
  });

  test("over the same place twice leaves what came last", () => {
    const memory = memoryWith([100, 4], [102, 4]);
    scatter(memory, 0, [1, 8], counting);
    expect(filled(memory, 100, 6)).toEqual([1, 2, 5, 6, 7, 8]);
  });

  test("reaches the last byte of the memory", () => {
    const memory = memoryWith([PAGE - 2, 2]);
    scatter(memory, 0, [1, 2], counting);
    expect(filled(memory, PAGE - 2, 2)).toEqual([1, 2]);
  });
});
