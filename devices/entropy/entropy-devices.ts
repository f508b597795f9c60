import { randomFillSync } from "node:crypto";
import { seededRandom } from "../../core/random.ts";
import type { EntropyDevice } from "../device.ts";

/** The host's random bytes. */
export const hostEntropy: EntropyDevice = {
  fill: (bytes) => {
    randomFillSync(bytes);
  },
};

/** Bytes that follow from a seed and from how many were drawn before: the same run draws the same. */
export function seededEntropy(seed: number, drawnBytes: number): EntropyDevice {
  const random = seededRandom(seed);
  for (let skipped = 0; skipped < drawnBytes; skipped += 1) random.next();
  return {
    fill: (bytes) => {
      for (let index = 0; index < bytes.length; index += 1) bytes[index] = random.next() & 0xff;
    },
  };
}
