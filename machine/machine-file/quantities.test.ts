import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { durationMicros, durationText } from "./quantities.ts";

test.each([
  [0, "0min"],
  [1, "1us"],
  [1500, "1500us"],
  [10_000, "10ms"],
  [2_000_000, "2s"],
  [86_400_000_000, "1440min"],
])("%d us are %s", (micros, text) => {
  expect(durationText(micros)).toBe(text);
});

test("a time that can be written is written so that it means the same, and can be read", () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 999_999_999 }), fc.constantFrom("us", "ms", "s", "min"))
    .map(([count, unit]) => `${count}${unit}`);
  fc.assert(
    fc.property(time, (text) => {
      const micros = durationMicros(text);
      expect(durationText(micros)).toMatch(/^(?:0|[1-9][0-9]{0,8})(?:us|ms|s|min)$/);
      expect(durationMicros(durationText(micros))).toBe(micros);
    }),
  );
});
