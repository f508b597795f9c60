import { expect, test } from "@jest/globals";
import type { EntropyDevice } from "../device.ts";
import { hostEntropy, seededEntropy } from "./entropy-devices.ts";

const drawn = (device: EntropyDevice, ...sizes: readonly number[]): number[] =>
  sizes.flatMap((size) => {
    const bytes = new Uint8Array(size);
    device.fill(bytes);
    return [...bytes];
  });

test("the host's bytes fill what they are given, and are never the same", () => {
  const first = drawn(hostEntropy, 32);
  expect(first).toHaveLength(32);
  expect(drawn(hostEntropy, 32)).not.toEqual(first);
  expect(drawn(hostEntropy, 0)).toEqual([]);
});

test("the same seed gives the same bytes, in whatever portions", () => {
  expect(drawn(seededEntropy(7, 0), 1, 20, 43)).toEqual(drawn(seededEntropy(7, 0), 64));
});

test("other seeds give other bytes", () => {
  expect(drawn(seededEntropy(7, 0), 16)).not.toEqual(drawn(seededEntropy(8, 0), 16));
});

test("a device that goes on where another ended gives what that would have given", () => {
  const whole = drawn(seededEntropy(7, 0), 100);
  for (const drawnBytes of [0, 1, 8, 99]) {
    expect(drawn(seededEntropy(7, drawnBytes), 100 - drawnBytes)).toEqual(whole.slice(drawnBytes));
  }
});
