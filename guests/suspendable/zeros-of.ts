import type { Values } from "./process-image.ts";

/** What a function with these results gives that has nothing to give. */
export function zerosOf(results: readonly number[]): Values {
  const zeros = results.map((type) => (type === 0x7e ? 0n : 0));
  return zeros.length > 1 ? zeros : zeros[0];
}
