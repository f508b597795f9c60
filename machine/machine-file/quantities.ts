import type { Size } from "./written-machine.ts";

const bytesOf: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const microsOf: Readonly<Record<string, number>> = { us: 1, ms: 1_000, s: 1_000_000, min: 60_000_000 };

/** Bytes of a size that the schema lets pass, as 65536 or "64KiB". */
export const sizeBytes = (size: Size): number => (typeof size === "number" ? size : scaled(size, bytesOf));

/** Microseconds of a time that the schema lets pass, as "100ms". */
export const durationMicros = (time: string): number => scaled(time, microsOf);

/** A time as the schema lets it pass, in the largest unit that it is a whole number of: digits are bounded. */
export function durationText(micros: number): string {
  const [unit, size] = Object.entries(microsOf)
    .reverse()
    .find(([, each]) => micros % each === 0) ?? ["us", 1];
  return `${micros / size}${unit}`;
}

function scaled(text: string, units: Readonly<Record<string, number>>): number {
  const digits = /^\d+/.exec(text)?.[0] ?? "";
  return Number(digits) * (units[text.slice(digits.length)] as number);
}
