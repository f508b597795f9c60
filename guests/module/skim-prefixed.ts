import { refuseFeature } from "./features.ts";
import { skimMemoryArgument, skimMemoryIndex } from "./memory-operands.ts";
import { refuseDamaged } from "./module-refusal.ts";
import { numberAt, numberEnd } from "./number-end.ts";

/** An instruction 0xFC: saturating conversions, bulk memory and tables. */
export function skimBulk(bytes: Uint8Array, place: number, index: number): number {
  const opcode = numberAt(bytes, place + 1);
  const at = numberEnd(bytes, place + 1, 5);
  if (opcode <= 7) return at; // the conversions
  switch (opcode) {
    case 8: // memory.init
      return skimMemoryIndex(bytes, numberEnd(bytes, at, 5), index);
    case 9: // data.drop
    case 13: // elem.drop
    case 15: // table.grow
    case 16: // table.size
    case 17: // table.fill
      return numberEnd(bytes, at, 5);
    case 10: // memory.copy
      return skimMemoryIndex(bytes, skimMemoryIndex(bytes, at, index), index);
    case 11: // memory.fill
      return skimMemoryIndex(bytes, at, index);
    case 12: // table.init
    case 14: // table.copy
      return numberEnd(bytes, numberEnd(bytes, at, 5), 5);
    case 19:
    case 20:
    case 21:
    case 22:
      return refuseFeature("wideArithmetic", place, `the instruction 0xfc ${opcode} in function ${index}`);
    default:
      return refuseDamaged(place, `the instruction 0xfc ${opcode} in function ${index} does not exist`);
  }
}

const FIRST_RELAXED = 0x100;
const LAST_RELAXED = 0x11f;

/** An instruction 0xFD: vectors of 128 bits (WebAssembly core 5.4.8). */
export function skimVector(bytes: Uint8Array, place: number, index: number): number {
  const opcode = numberAt(bytes, place + 1);
  const at = numberEnd(bytes, place + 1, 5);
  if (opcode <= 11 || opcode === 92 || opcode === 93) return skimMemoryArgument(bytes, at, index);
  if (opcode === 12 || opcode === 13) return at + 16; // v128.const, i8x16.shuffle
  if (opcode >= 21 && opcode <= 34) return at + 1; // a lane
  if (opcode >= 84 && opcode <= 91) return skimMemoryArgument(bytes, at, index) + 1; // a place and a lane
  if (opcode < FIRST_RELAXED) return at;
  const evidence = `the instruction 0xfd 0x${opcode.toString(16)} in function ${index}`;
  if (opcode > LAST_RELAXED) return refuseDamaged(place, `${evidence} does not exist`);
  return refuseFeature("relaxedSimd", place, evidence);
}
