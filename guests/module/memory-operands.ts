import { refuseFeature } from "./features.ts";
import { refuseDamaged } from "./module-refusal.ts";
import { numberAt, numberEnd } from "./number-end.ts";

/** Alignment and offset of a load or store. Bit 6 of the alignment announces the number of another memory. */
export function skimMemoryArgument(bytes: Uint8Array, at: number, index: number): number {
  const alignment = bytes[at] as number;
  if (alignment < 0x20) return numberEnd(bytes, at + 1, 5);
  const alignmentEnd = numberEnd(bytes, at, 5);
  const value = numberAt(bytes, at);
  if (value >= 0x40 && value < 0x80)
    refuseFeature("multiMemory", at, `function ${index} names the memory of an access`);
  if (value >= 0x20) refuseDamaged(at, `function ${index} aligns an access to 2^${value} bytes`);
  return numberEnd(bytes, alignmentEnd, 5);
}

export function skimMemoryIndex(bytes: Uint8Array, at: number, index: number): number {
  if (numberAt(bytes, at) !== 0)
    refuseFeature("multiMemory", at, `function ${index} uses a memory beside the first`);
  return numberEnd(bytes, at, 5);
}
