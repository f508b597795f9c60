import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeUtf8, readUtf8, utf8Length, writeUtf8 } from "./utf8.ts";

const read = (...bytes: readonly number[]): string | null =>
  readUtf8(Uint8Array.from(bytes), 0, bytes.length);

describe("the first and the last character of each length come back", () => {
  test.each([
    ["\u0000", [0]],
    ["\u007f", [0x7f]],
    ["\u0080", [0xc2, 0x80]],
    ["\u07ff", [0xdf, 0xbf]],
    ["\u0800", [0xe0, 0xa0, 0x80]],
    ["\ud7ff", [0xed, 0x9f, 0xbf]],
    ["\ue000", [0xee, 0x80, 0x80]],
    ["\ufeff", [0xef, 0xbb, 0xbf]],
    ["\uffff", [0xef, 0xbf, 0xbf]],
    ["\u{10000}", [0xf0, 0x90, 0x80, 0x80]],
    ["\u{10ffff}", [0xf4, 0x8f, 0xbf, 0xbf]],
  ])("%j", (text, bytes) => {
    expect([...encodeUtf8(text)]).toEqual(bytes);
    expect(utf8Length(text)).toBe(bytes.length);
    expect(read(...bytes)).toBe(text);
  });
});

describe("bytes that are no UTF-8 are refused", () => {
  test.each([
    ["a byte that only continues", [0x80]],
    ["an overlong NUL", [0xc0, 0x80]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["an overlong slash of three bytes", [0xe0, 0x80, 0xaf]],
    ["an overlong slash of four bytes", [0xf0, 0x80, 0x80, 0xaf]],
    ["the largest overlong form of three bytes", [0xe0, 0x9f, 0xbf]],
    ["the largest overlong form of four bytes", [0xf0, 0x8f, 0xbf, 0xbf]],
    ["a high surrogate", [0xed, 0xa0, 0x80]],
    ["a low surrogate", [0xed, 0xbf, 0xbf]],
    ["a pair of surrogates (CESU-8)", [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ["what is above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["a lead that never was", [0xf8, 0x88, 0x80, 0x80, 0x80]],
    ["0xFF", [0xff]],
    ["two bytes cut off", [0xc3]],
    ["three bytes cut off", [0xe2, 0x82]],
    ["four bytes cut off", [0xf0, 0x9f, 0x98]],
    ["a lead where a continuation belongs", [0xe2, 0x82, 0xc3, 0xa9]],
    ["a letter where a continuation belongs", [0xc3, 0x61]],
  ])("%s", (_, bytes) => {
    expect(read(...bytes)).toBeNull();
    expect(read(0x61, ...bytes)).toBeNull();
  });
});

test("bytes behind the end do not complete a character that is cut off", () => {
  expect(readUtf8(Uint8Array.of(0x61, 0xc3, 0xa9), 0, 2)).toBeNull();
});

test("a stretch is read from its start to its end and nothing else", () => {
  expect(readUtf8(Uint8Array.of(0xff, 0x61, 0x62, 0xff), 1, 3)).toBe("ab");
  expect(readUtf8(Uint8Array.of(0xff), 1, 1)).toBe("");
});

test.each(["\ud800", "\udc00", "\ud800x", "x\ud83d", "\udc00\ud800"])(
  "a lone surrogate in %j counts as U+FFFD",
  (text) => {
    const bytes = encodeUtf8(text);
    expect(bytes.length).toBe(utf8Length(text));
    expect(readUtf8(bytes, 0, bytes.length)).toBe(text.replace(/[\ud800-\udfff]/g, "\ufffd"));
  },
);

test("a text is written at its offset, and the offset behind it is told", () => {
  const bytes = new Uint8Array(5).fill(9);
  expect(writeUtf8("é", bytes, 1)).toBe(3);
  expect([...bytes]).toEqual([9, 0xc3, 0xa9, 9, 9]);
});

test("every well-formed text comes back, and is as long as was said", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const bytes = encodeUtf8(text);
      expect(bytes.length).toBe(utf8Length(text));
      expect(readUtf8(bytes, 0, bytes.length)).toBe(text);
    }),
  );
});

test("bytes that are taken as text are its only encoding", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const text = readUtf8(bytes, 0, bytes.length);
      if (text !== null) expect([...encodeUtf8(text)]).toEqual([...bytes]);
    }),
    { numRuns: 1000 },
  );
});
