import { expect, test } from "@jest/globals";
import { KnownAddresses } from "./known-addresses.ts";

const address = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

test("an address is known by its number alone", () => {
  const known = new KnownAddresses();
  for (const number of [0, 255, 256, 2 ** 40]) known.set(number, address(number % 250));
  expect([0, 255, 256, 2 ** 40].map((number) => known.get(number))).toEqual(
    [0, 255, 256, 2 ** 40].map((number) => address(number % 250)),
  );
  expect([1, 254, 257, 512, 2 ** 40 + 1].map((number) => known.get(number))).toEqual(Array(5).fill(null));
});

test("the oldest are forgotten when there are too many", () => {
  const known = new KnownAddresses();
  for (let chunk = 0; chunk <= 1 << 12; chunk += 1) known.set(chunk * 256, address(7));
  expect([known.get(0), known.get(256)]).toEqual([null, address(7)]);
});
