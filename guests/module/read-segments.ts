import { refuseFeature } from "./features.ts";
import { type ModuleDraft, readFunctionIndex } from "./module-draft.ts";
import { refuseDamaged } from "./module-refusal.ts";
import { skimConstant } from "./skim-constant.ts";
import { readReferenceType } from "./value-types.ts";
import type { WasmReader } from "./wasm-reader.ts";

// V8's limits.
const MAX_SEGMENTS = 10_000_000;
const MAX_ENTRIES = 10_000_000;

// The flags of an element segment (WebAssembly core 5.5.12).
const PASSIVE_OR_DECLARED = 1;
const TABLE_OR_DECLARED = 2;
const EXPRESSIONS = 4;

/** The element section: functions for tables. */
export function readElements(draft: ModuleDraft, reader: WasmReader): void {
  const count = reader.count("element segments", MAX_SEGMENTS);
  for (let index = 0; index < count; index += 1) readElement(draft, reader);
}

function readElement(draft: ModuleDraft, reader: WasmReader): void {
  const offset = reader.offset;
  const flags = reader.u32();
  if (flags > 7) refuseDamaged(offset, `an element segment has the unknown flags ${flags}`);
  const isActive = (flags & PASSIVE_OR_DECLARED) === 0;
  if (isActive && flags & TABLE_OR_DECLARED) reader.u32();
  if (isActive) skimConstant(draft, reader);
  const saysType = (flags & (PASSIVE_OR_DECLARED | TABLE_OR_DECLARED)) !== 0;
  if (saysType && flags & EXPRESSIONS) readReferenceType(reader);
  else if (saysType && reader.byte() !== 0)
    refuseDamaged(reader.offset - 1, "a segment has elements of no known kind");
  const readEntry: (draft: ModuleDraft, reader: WasmReader) => unknown =
    flags & EXPRESSIONS ? skimConstant : readFunctionIndex;
  const entries = reader.count("elements", MAX_ENTRIES);
  for (let entry = 0; entry < entries; entry += 1) readEntry(draft, reader);
}

export function readDataCount(draft: ModuleDraft, reader: WasmReader): void {
  draft.announcedDataCount = reader.u32();
}

/** The data section: what memory holds at the start. */
export function readData(draft: ModuleDraft, reader: WasmReader): void {
  const count = reader.count("data segments", MAX_SEGMENTS);
  for (let index = 0; index < count; index += 1) {
    const offset = reader.offset;
    const flags = reader.u32();
    if (flags > 2) refuseDamaged(offset, `a data segment has the unknown flags ${flags}`);
    if (flags === 2 && reader.u32() !== 0)
      refuseFeature("multiMemory", offset, "a data segment for memory 1 or above");
    if (flags !== 1) skimConstant(draft, reader);
    reader.skip(reader.u32());
  }
  draft.dataCount = count;
}
