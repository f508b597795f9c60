import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

const written = (write: (writer: ByteWriter) => void, capacity = 0): number[] => {
  const writer = new ByteWriter(capacity);
  write(writer);
  return [...writer.view()];
};

const edges = [
  0,
  1,
  127,
  128,
  16_383,
  16_384,
  2 ** 28,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 35,
  2 ** 49,
  2 ** 53 - 1,
];

describe("a whole number", () => {
  test.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 1]],
    [300, [0xac, 2]],
    [2 ** 31, [0x80, 0x80, 0x80, 0x80, 8]],
    [2 ** 53 - 1, [255, 255, 255, 255, 255, 255, 255, 15]],
  ])("%d is written in groups of seven bits, the lowest first", (value, bytes) => {
    expect(written((writer) => writer.uint(value))).toEqual(bytes);
  });

  test.each(edges)("%d comes back", (value) => {
    expect(new ByteReader(Uint8Array.from(written((writer) => writer.uint(value)))).uint()).toBe(value);
  });

  test.each([...edges.filter((edge) => edge < 2 ** 52), 2 ** 52 - 1])(
    "-%d comes back, and is never -0",
    (value) => {
      const back = new ByteReader(Uint8Array.from(written((writer) => writer.sint(-value)))).sint();
      expect(back).toBe(value === 0 ? 0 : -value);
    },
  );

  test("small ones of either sign take one byte", () => {
    expect(written((writer) => [0, -1, 1, -64, 63].forEach((value) => writer.sint(value)))).toEqual([
      0, 1, 2, 127, 126,
    ]);
  });
});

test("any sequence of values comes back in its order, from a writer that had no room", () => {
  const value = fc.oneof(
    fc.record({ kind: fc.constant("uint" as const), value: fc.maxSafeNat() }),
    fc.record({
      kind: fc.constant("sint" as const),
      value: fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 }),
    }),
    fc.record({ kind: fc.constant("text" as const), value: fc.string({ unit: "grapheme", maxLength: 40 }) }),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 30 }), (values) => {
      const writer = new ByteWriter(0);
      for (const item of values) writer[item.kind](item.value as never);
      const reader = new ByteReader(writer.view());
      for (const item of values)
        expect(item.kind === "text" ? reader.text(1000) : reader[item.kind]()).toBe(item.value);
      expect(reader.offset).toBe(reader.end);
    }),
    { numRuns: 100 },
  );
});

test("a text is its size in bytes and its UTF-8", () => {
  expect(written((writer) => writer.text("aé"))).toEqual([3, 0x61, 0xc3, 0xa9]);
});

test("raw bytes are copied, so the source may change afterwards", () => {
  const source = Uint8Array.of(1, 2, 3);
  const writer = new ByteWriter(0);
  writer.raw(source);
  source.fill(9);
  expect([...writer.view()]).toEqual([1, 2, 3]);
});

test("a writer that is used again from its start overwrites what it had", () => {
  const writer = new ByteWriter(4);
  writer.raw(Uint8Array.of(1, 2, 3));
  writer.length = 0;
  writer.byte(9);
  expect([...writer.view()]).toEqual([9]);
});
