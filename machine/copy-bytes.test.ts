import { describe, expect, test } from "@jest/globals";
import { copyBytes, LastViewed } from "./copy-bytes.ts";

const counted = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + 1) & 0xff);

describe("a stretch is copied, and nothing beside it", () => {
  const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 63, 64, 65, 255, 256, 257, 1000];
  test.each(lengths.flatMap((length) => [0, 1, 3].map((offset) => [length, offset] as const)))(
    "%d bytes from and to offset %d",
    (length, offset) => {
      const source = counted(1100);
      const target = new Uint8Array(1100);
      const expected = new Uint8Array(1100);
      expected.set(source.subarray(offset, offset + length), offset + 2);
      copyBytes(new LastViewed().of(source), offset, new LastViewed().of(target), offset + 2, length);
      expect(target).toEqual(expected);
    },
  );
});

test("between shared and unshared memory, and within a view that does not begin at its buffer's start", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(64));
  const inner = counted(64).subarray(16, 48);
  copyBytes(new LastViewed().of(inner), 0, new LastViewed().of(shared), 5, 32);
  expect([...shared.subarray(5, 37)]).toEqual([...inner]);
});

test("whoever looks at another array sees that array", () => {
  const viewed = new LastViewed();
  const [first, second] = [counted(8), new Uint8Array(8)];
  expect(viewed.of(first).view.getUint8(1)).toBe(8);
  expect(viewed.of(second).view.getUint8(1)).toBe(0);
  expect(viewed.of(first).bytes).toBe(first);
});
