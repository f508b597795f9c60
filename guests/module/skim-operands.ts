import { type Feature, refuseFeature } from "./features.ts";
import { IMMEDIATE, immediates } from "./immediates.ts";
import { refuseDamaged } from "./module-refusal.ts";
import { numberAt, numberEnd } from "./number-end.ts";
import type { Body } from "./skim-instructions.ts";
import { skimMemoryIndex } from "./memory-operands.ts";
import { skimBulk, skimVector } from "./skim-prefixed.ts";
import { isValueType, refuseType } from "./value-types.ts";

/** What is refused by its opcode alone. */
const REFUSED: Readonly<Record<number, Feature>> = {
  0x0a: "newExceptions",
  0x1f: "newExceptions",
  0x14: "functionReferences",
  0x15: "functionReferences",
  0xd3: "garbageCollection",
  0xd4: "functionReferences",
  0xd5: "functionReferences",
  0xd6: "functionReferences",
  0xfb: "garbageCollection",
  0xfe: "threads",
};

/** An instruction that few functions have: the offset behind it. */
export function skimRare(bytes: Uint8Array, place: number, body: Body): number {
  const opcode = bytes[place] as number;
  const at = place + 1;
  switch (immediates[opcode]) {
    case IMMEDIATE.memoryIndex:
      return skimMemoryIndex(bytes, at, body.index);
    case IMMEDIATE.branchTable:
      return skimBranchTable(bytes, at, body);
    case IMMEDIATE.types:
      return skimTypes(bytes, at, body);
    case IMMEDIATE.heapType:
      if (bytes[at] !== 0x70 && bytes[at] !== 0x6f) refuseHeapType(bytes[at] as number, at);
      return at + 1;
    case IMMEDIATE.bulk:
      return skimBulk(bytes, place, body.index);
    case IMMEDIATE.vector:
      return skimVector(bytes, place, body.index);
    default:
      return refuseOpcode(opcode, place, body.index);
  }
}

function refuseOpcode(opcode: number, place: number, index: number): never {
  const evidence = `the instruction 0x${opcode.toString(16).padStart(2, "0")} in function ${index}`;
  const feature = REFUSED[opcode] ?? (opcode >= 0xe0 && opcode <= 0xe6 ? "stackSwitching" : undefined);
  if (feature === undefined) return refuseDamaged(place, `${evidence} does not exist`);
  return refuseFeature(feature, place, evidence);
}

/**
 * A type after ref.null: funcref and externref have one byte, types by number and those of other proposals
 * are refused.
 */
function refuseHeapType(type: number, at: number): never {
  if (type < 0x40 || type >= 0x80)
    return refuseFeature("functionReferences", at, "ref.null of a type by its number");
  return refuseType(type, at);
}

/** A block's type: nothing, one value type, or the number of a type, as a signed number of 33 bits. */
export function skimBlockType(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first === 0x40 || isValueType(first)) return at + 1;
  const next = numberEnd(bytes, at, 5);
  const isNegative = ((bytes[next - 1] as number) & 0x40) !== 0;
  if (isNegative) refuseType(first, at);
  return next;
}

function skimBranchTable(bytes: Uint8Array, at: number, body: Body): number {
  const count = numberAt(bytes, at);
  let next = numberEnd(bytes, at, 5);
  if (count > body.end - next)
    refuseDamaged(at, `function ${body.index} has a jump table of ${count} targets, cut off`);
  for (let target = 0; target <= count; target += 1) next = numberEnd(bytes, next, 5);
  return next;
}

/** The types of a select: V8 takes just one, as the standard does. */
function skimTypes(bytes: Uint8Array, at: number, body: Body): number {
  if (bytes[at] !== 1) refuseDamaged(at, `function ${body.index} has a select of ${bytes[at]} types`);
  const type = bytes[at + 1] as number;
  if (at + 1 < body.end && !isValueType(type)) refuseType(type, at + 1);
  return at + 2;
}
