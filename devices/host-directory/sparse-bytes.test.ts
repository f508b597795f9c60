import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { SparseBytes } from "./sparse-bytes.ts";

test("what was never written is zeros, before the end and behind it", () => {
  const bytes = new SparseBytes();
  bytes.write(5000, Uint8Array.of(1, 2));
  expect([bytes.size, [...bytes.read(4998, 6)]]).toEqual([5002, [0, 0, 1, 2, 0, 0]]);
  expect([...bytes.read(2 ** 40, 2)]).toEqual([0, 0]);
});

test("writing nothing changes nothing, however far out", () => {
  const bytes = new SparseBytes();
  bytes.write(2 ** 40, new Uint8Array(0));
  expect(bytes.size).toBe(0);
});

test("any sequence of writes and sizes does what an array does", () => {
  const change = fc.record({ isSize: fc.boolean(), at: fc.nat(9000), length: fc.nat(5000) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const bytes = new SparseBytes();
      const model = new Uint8Array(15_000);
      let size = 0;
      changes.forEach(({ isSize, at, length }, index) => {
        if (isSize) {
          bytes.resize(at);
          model.fill(0, at);
          size = at;
        } else {
          const written = new Uint8Array(length).fill(index + 1);
          bytes.write(at, written);
          model.set(written, at);
          if (length > 0) size = Math.max(size, at + length);
        }
      });
      expect([bytes.size, Buffer.compare(bytes.read(0, 15_000), model)]).toEqual([size, 0]);
    }),
    { numRuns: 50 },
  );
});
