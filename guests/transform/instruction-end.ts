import { IMMEDIATE, immediates } from "../module/immediates.ts";
import { skimMemoryArgument } from "../module/memory-operands.ts";
import { numberEnd } from "../module/number-end.ts";
import type { Body } from "../module/skim-instructions.ts";
import { skimBlockType, skimRare } from "../module/skim-operands.ts";

/** The offset behind the instruction at `place`. What does not exist, or is not taken, is refused. */
export function instructionEnd(bytes: Uint8Array, place: number, body: Body): number {
  const at = place + 1;
  switch (immediates[bytes[place] as number]) {
    case IMMEDIATE.none:
    case IMMEDIATE.end:
      return at;
    case IMMEDIATE.index:
    case IMMEDIATE.int32:
    case IMMEDIATE.delegate:
      return numberEnd(bytes, at, 5);
    case IMMEDIATE.memory:
      return skimMemoryArgument(bytes, at, body.index);
    case IMMEDIATE.block:
      return skimBlockType(bytes, at);
    case IMMEDIATE.twoIndices:
      return numberEnd(bytes, numberEnd(bytes, at, 5), 5);
    case IMMEDIATE.int64:
      return numberEnd(bytes, at, 10);
    case IMMEDIATE.float32:
      return at + 4;
    case IMMEDIATE.float64:
      return at + 8;
    default:
      return skimRare(bytes, place, body);
  }
}
