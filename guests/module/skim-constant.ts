import { refuseFeature } from "./features.ts";
import { type ModuleDraft, readFunctionIndex } from "./module-draft.ts";
import { refuse, refuseDamaged } from "./module-refusal.ts";
import { readReferenceType } from "./value-types.ts";
import type { WasmReader } from "./wasm-reader.ts";

const END = 0x0b;

/** A constant expression: one constant and `end`. V8 judges its type. */
export function skimConstant(draft: ModuleDraft, reader: WasmReader): void {
  const start = reader.offset;
  skimInstruction(draft, reader);
  const next = reader.byte();
  if (next === END) return;
  if (isExtended(next) || isConstant(next)) refuseExtended(reader.offset - 1);
  refuseDamaged(start, "a constant is no constant");
}

function skimInstruction(draft: ModuleDraft, reader: WasmReader): void {
  const offset = reader.offset;
  const opcode = reader.byte();
  switch (opcode) {
    case 0x41:
      return reader.skipNumber(5);
    case 0x42:
      return reader.skipNumber(10);
    case 0x43:
      return reader.skip(4);
    case 0x44:
      return reader.skip(8);
    case 0x23:
      return refuseGlobal(offset);
    case 0xd0:
      return readReferenceType(reader);
    case 0xd2:
      readFunctionIndex(draft, reader);
      return;
    case 0xfb:
      return refuseFeature("garbageCollection", offset, "an instruction 0xFB in a constant");
    case 0xfd:
      if (reader.u32() !== 12) refuseDamaged(offset, "a constant is no constant");
      return reader.skip(16);
    default:
      return refuseDamaged(offset, "a constant is no constant");
  }
}

// i32 and i64 add, sub, mul.
const isExtended = (opcode: number): boolean =>
  (opcode >= 0x6a && opcode <= 0x6c) || (opcode >= 0x7c && opcode <= 0x7e);

const isConstant = (opcode: number): boolean => (opcode >= 0x41 && opcode <= 0x44) || opcode === 0x23;

const refuseExtended = (offset: number): never =>
  refuseFeature("extendedConstants", offset, "a constant of more than one instruction");

// Without extended constants only an imported global may be read, and WASI preview 1 has none.
const refuseGlobal = (offset: number): never =>
  refuse(
    offset,
    "a constant is the value of another global, which Node 20 takes from imported globals only",
    "Build without position-independent code (-fPIC), garbage-collected types and extended constants.",
  );
