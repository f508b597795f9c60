/**
 * Walks every instruction of every function, to find those that must not be: atomics, relaxed SIMD and the
 * rest of features.ts. It judges no types, which V8 does when it compiles. What counts is that the walk
 * keeps step with V8's: an instruction that this walk sees elsewhere than V8 does could hide another one. So
 * whatever is not known here is refused, and each body must end with the `end` of its outermost block at
 * exactly its last byte.
 *
 * The walk is a loop with a count of open blocks: a hundred thousand nested blocks are as good as one.
 */
import { IMMEDIATE, immediates } from "./immediates.ts";
import { refuseDamaged } from "./module-refusal.ts";
import { numberEnd } from "./number-end.ts";
import { skimMemoryArgument } from "./memory-operands.ts";
import { skimBlockType, skimRare } from "./skim-operands.ts";

/** A function's instructions: from `start` up to `end`. Its number is for messages. */
export interface Body {
  readonly start: number;
  readonly end: number;
  readonly index: number;
}

export function skimInstructions(bytes: Uint8Array, body: Body): void {
  const { end } = body;
  let at = body.start;
  let depth = 1;
  while (at < end && depth > 0) {
    const place = at;
    const opcode = bytes[at++] as number;
    switch (immediates[opcode]) {
      case IMMEDIATE.none:
        break;
      case IMMEDIATE.index:
      case IMMEDIATE.int32:
        at = numberEnd(bytes, at, 5);
        break;
      case IMMEDIATE.memory:
        at = skimMemoryArgument(bytes, at, body.index);
        break;
      case IMMEDIATE.block:
        depth += 1;
        at = skimBlockType(bytes, at);
        break;
      case IMMEDIATE.end:
        depth -= 1;
        break;
      case IMMEDIATE.twoIndices:
        at = numberEnd(bytes, numberEnd(bytes, at, 5), 5);
        break;
      case IMMEDIATE.int64:
        at = numberEnd(bytes, at, 10);
        break;
      case IMMEDIATE.float32:
        at += 4;
        break;
      case IMMEDIATE.float64:
        at += 8;
        break;
      case IMMEDIATE.delegate:
        depth -= 1;
        at = numberEnd(bytes, at, 5);
        break;
      default:
        at = skimRare(bytes, place, body);
    }
  }
  if (at !== end || depth !== 0) {
    refuseDamaged(Math.min(at, end), `function ${body.index} does not end where its last instruction does`);
  }
}
