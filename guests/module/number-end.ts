import { refuseDamaged } from "./module-refusal.ts";

/**
 * The offset behind a LEB128 number whose value has no meaning here. It may lie behind the end: the walk
 * looks at that.
 */
export function numberEnd(bytes: Uint8Array, at: number, maxBytes: number): number {
  const last = at + maxBytes - 1;
  let next = at;
  while ((bytes[next] as number) >= 0x80) {
    if (next === last) refuseDamaged(at, `a number is longer than ${maxBytes} bytes`);
    next += 1;
  }
  return next + 1;
}

/** The value of a LEB128 number of at most 5 bytes without a sign. */
export function numberAt(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let step = 0; step < 5; step += 1) {
    const next = bytes[at + step] ?? 0;
    value += (next & 0x7f) * 2 ** (7 * step);
    if (next < 0x80) break;
  }
  return value;
}
