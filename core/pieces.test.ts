import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { appendPiece, dropBytes, pieceBytes, takeBytes } from "./pieces.ts";

describe("appending", () => {
  test.each([
    ["to nothing", [], 5, 3, [5, 3]],
    ["what goes on in the stream makes one piece of two", [5, 3], 8, 2, [5, 5]],
    ["what stands elsewhere is a piece of its own", [5, 3], 9, 2, [5, 3, 9, 2]],
    ["nothing changes nothing", [5, 3], 100, 0, [5, 3]],
  ] as const)("%s", (_, pieces, position, length, expected) => {
    expect(appendPiece(pieces, position, length)).toEqual(expected);
  });

  test("leaves the pieces that it was given as they were", () => {
    const pieces = Object.freeze([5, 3]);
    appendPiece(pieces, 8, 2);
    expect(pieces).toEqual([5, 3]);
  });
});

describe("dropping from the front", () => {
  test.each([
    ["nothing", 0, [10, 4, 50, 2]],
    ["a part of the first piece", 3, [13, 1, 50, 2]],
    ["the first piece", 4, [50, 2]],
    ["more than the first piece", 5, [51, 1]],
    ["all", 6, []],
    ["more than there is", 99, []],
  ])("%s", (_, count, expected) => {
    expect(dropBytes([10, 4, 50, 2], count)).toEqual(expected);
  });
});

describe("taking from the front", () => {
  test.each([
    ["nothing", 0, []],
    ["a part of the first piece", 3, [10, 3]],
    ["more than the first piece", 5, [10, 4, 50, 1]],
    ["more than there is", 99, [10, 4, 50, 2]],
  ])("%s", (_, count, expected) => {
    expect(takeBytes([10, 4, 50, 2], count)).toEqual(expected);
  });
});

test("what is taken and what is left are together what was there", () => {
  const piece = fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 50 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(400), (list, count) => {
      const pieces = list.reduce<number[]>(
        (made, [position, length]) => appendPiece(made, position, length),
        [],
      );
      const bytesOf = (all: readonly number[]): number[] => {
        const bytes: number[] = [];
        for (let index = 0; index < all.length; index += 2) {
          for (let at = 0; at < (all[index + 1] as number); at += 1) bytes.push((all[index] as number) + at);
        }
        return bytes;
      };
      const taken = takeBytes(pieces, count);
      expect(bytesOf([...taken, ...dropBytes(pieces, count)])).toEqual(bytesOf(pieces));
      expect(pieceBytes(taken)).toBe(Math.min(count, pieceBytes(pieces)));
    }),
  );
});
