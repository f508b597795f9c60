import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type ChunkPieces, cutChunk, overlay, pieceCount } from "./chunk.ts";

/** For each byte of the chunk where it stands in the stream; -1 where nothing does. */
function bytesOf(pieces: ChunkPieces, size = 64): number[] {
  const bytes = new Array<number>(size).fill(-1);
  for (let index = 0; index < pieces.length; index += 3) {
    const [start = 0, position = 0, length = 0] = pieces.slice(index, index + 3);
    for (let at = 0; at < length; at += 1) bytes[start + at] = position + at;
  }
  return bytes;
}

const base = [10, 100, 10, 30, 200, 10];

describe("laying a piece over others", () => {
  test.each([
    ["into nothing", [], [5, 50, 3], [5, 50, 3]],
    ["before all", base, [0, 50, 5], [0, 50, 5, 10, 100, 10, 30, 200, 10]],
    ["behind all", base, [50, 50, 5], [10, 100, 10, 30, 200, 10, 50, 50, 5]],
    ["into the gap", base, [22, 50, 5], [10, 100, 10, 22, 50, 5, 30, 200, 10]],
    ["over the start of a piece", base, [8, 50, 5], [8, 50, 5, 13, 103, 7, 30, 200, 10]],
    ["over the end of a piece", base, [15, 50, 10], [10, 100, 5, 15, 50, 10, 30, 200, 10]],
    ["within a piece", base, [12, 50, 3], [10, 100, 2, 12, 50, 3, 15, 105, 5, 30, 200, 10]],
    ["over a piece exactly", base, [10, 50, 10], [10, 50, 10, 30, 200, 10]],
    ["over two pieces and the gap", base, [12, 50, 20], [10, 100, 2, 12, 50, 20, 32, 202, 8]],
    ["over all", base, [0, 50, 60], [0, 50, 60]],
    ["where the stream goes on joins the piece before", base, [20, 110, 4], [10, 100, 14, 30, 200, 10]],
    ["where the stream goes on joins the piece behind", base, [25, 195, 5], [10, 100, 10, 25, 195, 15]],
    ["the same bytes again changes nothing", base, [12, 102, 3], base],
  ])("%s", (_, pieces, [start = 0, position = 0, length = 0], expected) => {
    expect(overlay(pieces, start, position, length)).toEqual(expected);
  });
});

describe("cutting a chunk", () => {
  test.each([
    ["at nothing", 0, []],
    ["before the first piece", 10, []],
    ["within a piece", 15, [10, 100, 5]],
    ["at a piece's end", 20, [10, 100, 10]],
    ["in the gap", 25, [10, 100, 10]],
    ["behind all", 64, base],
  ])("%s", (_, size, expected) => {
    expect(cutChunk(base, size)).toEqual(expected);
  });
});

test("any sequence of writes and cuts leaves the bytes that the last writer of each left", () => {
  const write = fc.record({ start: fc.nat(59), length: fc.integer({ min: 1, max: 30 }), cut: fc.boolean() });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
      let pieces: number[] = [];
      let head = 1000;
      const model = new Array<number>(64).fill(-1);
      for (const { start, length, cut } of writes) {
        if (cut) {
          pieces = cutChunk(pieces, start);
          model.fill(-1, start);
          continue;
        }
        const size = Math.min(length, 64 - start);
        pieces = overlay(pieces, start, head, size);
        for (let at = 0; at < size; at += 1) model[start + at] = head + at;
        head += size;
      }
      expect(bytesOf(pieces)).toEqual(model);
      for (let index = 3; index < pieces.length; index += 3) {
        const before = (pieces[index - 3] as number) + (pieces[index - 1] as number);
        expect(pieces[index]).toBeGreaterThanOrEqual(before);
      }
    }),
  );
});

test("pieces are counted", () => {
  expect([pieceCount([]), pieceCount(base)]).toEqual([0, 2]);
});
