import type { WasmReader } from "../module/wasm-reader.ts";
import { FUNCREF, OP } from "./opcode.ts";

// The flags of an element segment (WebAssembly core 5.5.12).
const PASSIVE_OR_DECLARED = 1;
const TABLE_OR_DECLARED = 2;
const EXPRESSIONS = 4;

const MAX_ENTRIES = 10_000_000;

/** One element segment. The functions that it names are added to `referenced`. */
export function readElements(
  reader: WasmReader,
  referenced: Set<number>,
): { readonly type: number; readonly isPassive: boolean } {
  const flags = reader.u32();
  const isActive = (flags & PASSIVE_OR_DECLARED) === 0;
  if (isActive && flags & TABLE_OR_DECLARED) reader.u32();
  if (isActive) skipConstant(reader, referenced);
  const saysType = (flags & (PASSIVE_OR_DECLARED | TABLE_OR_DECLARED)) !== 0;
  const kind = saysType ? reader.byte() : 0;
  const count = reader.count("elements", MAX_ENTRIES);
  for (let entry = 0; entry < count; entry += 1) {
    if (flags & EXPRESSIONS) skipConstant(reader, referenced);
    else referenced.add(reader.u32());
  }
  const type = kind === 0 ? FUNCREF : kind;
  return { type, isPassive: (flags & 3) === PASSIVE_OR_DECLARED };
}

/** A constant and its `end`; the function that it may name is added to `referenced`. */
export function skipConstant(reader: WasmReader, referenced: Set<number>): void {
  for (;;) {
    const opcode = reader.byte();
    switch (opcode) {
      case OP.end:
        return;
      case OP.i32Const:
        reader.skipNumber(5);
        break;
      case 0x42:
        reader.skipNumber(10);
        break;
      case 0x43:
        reader.skip(4);
        break;
      case 0x44:
        reader.skip(8);
        break;
      case OP.refFunc:
        referenced.add(reader.u32());
        break;
      case 0xfd:
        reader.u32();
        reader.skip(16);
        break;
      default: // global.get, ref.null
        reader.u32();
    }
  }
}
