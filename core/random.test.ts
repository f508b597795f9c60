import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { seededRandom } from "./random.ts";

const drawn = (seed: number, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

/** Computed with unbounded integers, by another program. */
const pinned = [1_849_552_023, 4_223_452_576, 118_919_111, 3_893_884_377];

test("a seed gives the same numbers on every machine, for ever", () => {
  expect(drawn(42, 4)).toEqual(pinned);
});

test.each([
  [0, 1],
  [1, 2 ** 32 + 1],
  [5, 2 ** 40 + 5],
])("the seeds %d and %d differ, also in their high words", (left, right) => {
  expect(drawn(left, 4)).not.toEqual(drawn(right, 4));
});

test("numbers are unsigned and of 32 bits", () => {
  for (const number of drawn(7, 1000))
    expect(Number.isInteger(number) && number >= 0 && number < 2 ** 32).toBe(true);
});

test("a number below a bound stays below it, and reaches both ends", () => {
  const random = seededRandom(3);
  const seen = new Set(Array.from({ length: 500 }, () => random.below(8)));
  expect([...seen].sort((left, right) => left - right)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
      const value = seededRandom(seed).below(bound);
      return Number.isInteger(value) && value >= 0 && value < bound;
    }),
  );
});

test("the bits are about as often set as not", () => {
  const numbers = drawn(11, 4000);
  for (let bit = 0; bit < 32; bit += 1) {
    const set = numbers.filter((number) => ((number >>> bit) & 1) === 1).length;
    expect(Math.abs(set - 2000)).toBeLessThan(200);
  }
});
