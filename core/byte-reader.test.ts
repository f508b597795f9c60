import { describe, expect, test } from "@jest/globals";
import { ByteReader, MalformedBytes } from "./byte-reader.ts";

const readerOf = (...bytes: readonly number[]): ByteReader => new ByteReader(Uint8Array.from(bytes));

/** Where a read stopped and what it expected. */
function refusal(read: () => unknown): { offset: number; message: string } {
  try {
    read();
  } catch (error) {
    if ((error as Error).name === "MalformedBytes") return error as MalformedBytes;
    throw error;
  }
  throw new Error("the bytes were taken");
}

describe("bytes that end too soon are refused at the offset where one is missing", () => {
  test.each([
    ["a byte", [], (reader: ByteReader) => reader.byte(), 0],
    ["a whole number", [], (reader: ByteReader) => reader.uint(), 0],
    ["a long whole number", [0x80, 0x80], (reader: ByteReader) => reader.uint(), 2],
    ["raw bytes", [1, 2], (reader: ByteReader) => reader.raw(3), 0],
    ["a text", [3, 0x61, 0x62], (reader: ByteReader) => reader.text(10), 1],
  ] as const)("%s", (_, bytes, read, offset) => {
    expect(refusal(() => read(readerOf(...bytes))).offset).toBe(offset);
  });
});

describe("a whole number beyond 53 bits is refused", () => {
  test.each([
    ["2^53", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ["nine bytes", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]],
    ["bytes without end", Array.from({ length: 100 }, () => 0xff)],
  ])("%s", (_, bytes) => {
    expect(refusal(() => readerOf(...bytes).uint()).message).toContain("at most 53 bits");
  });
});

test("a text longer than allowed is refused, though its bytes are there", () => {
  expect(refusal(() => readerOf(2, 0x61, 0x62).text(1)).message).toContain("at most 1 bytes");
});

test("a text that is no UTF-8 is refused at its first byte", () => {
  expect(refusal(() => readerOf(2, 0xc3, 0x28).text(9))).toMatchObject({
    offset: 1,
    message: "at byte 1: expected well-formed UTF-8",
  });
});

test("a negative size is refused", () => {
  expect(refusal(() => readerOf(1, 2).raw(-1)).offset).toBe(0);
});

test("a reader stays within its stretch, and leaves what is behind it alone", () => {
  const reader = new ByteReader(Uint8Array.of(9, 1, 2, 9), 1, 3);
  expect([reader.byte(), reader.uint()]).toEqual([1, 2]);
  expect(refusal(() => reader.byte()).offset).toBe(3);
  expect(refusal(() => reader.uint()).offset).toBe(3);
});

test("raw bytes are a view, and the reader stands behind them", () => {
  const reader = readerOf(1, 2, 3);
  expect([...reader.raw(2)]).toEqual([1, 2]);
  expect(reader.offset).toBe(2);
});
