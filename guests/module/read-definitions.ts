import { refuseFeature } from "./features.ts";
import { type ModuleDraft, readFunctionIndex, readTypeIndex } from "./module-draft.ts";
import { refuseDamaged } from "./module-refusal.ts";
import { readLimits, readMemoryLimits } from "./read-limits.ts";
import { skimConstant } from "./skim-constant.ts";
import { readReferenceType, readValueType } from "./value-types.ts";
import type { WasmReader } from "./wasm-reader.ts";

// V8's limits.
const MAX_FUNCTIONS = 1_000_000;
const MAX_TABLES = 100_000;
const MAX_GLOBALS = 1_000_000;
const MAX_TAGS = 1_000_000;

/** The function section: the type of each function that has a body. */
export function readFunctions(draft: ModuleDraft, reader: WasmReader): void {
  const count = reader.count("functions", MAX_FUNCTIONS);
  for (let index = 0; index < count; index += 1) draft.functionTypes.push(readTypeIndex(draft, reader));
}

export function readTables(_: ModuleDraft, reader: WasmReader): void {
  const count = reader.count("tables", MAX_TABLES);
  for (let index = 0; index < count; index += 1) {
    readReferenceType(reader);
    readLimits(reader, "table");
  }
}

export function readMemories(draft: ModuleDraft, reader: WasmReader): void {
  const offset = reader.offset;
  const count = reader.count("memories", MAX_TABLES);
  if (count > 1) refuseFeature("multiMemory", offset, `it has ${count} memories`);
  if (count === 1) draft.memory = readMemoryLimits(reader);
}

/** The tag section: the kinds of exceptions. */
export function readTags(draft: ModuleDraft, reader: WasmReader): void {
  const count = reader.count("tags", MAX_TAGS);
  for (let index = 0; index < count; index += 1) {
    if (reader.byte() !== 0) refuseDamaged(reader.offset - 1, "a tag is of no known kind");
    readTypeIndex(draft, reader);
  }
}

export function readGlobals(draft: ModuleDraft, reader: WasmReader): void {
  const count = reader.count("globals", MAX_GLOBALS);
  for (let index = 0; index < count; index += 1) {
    readValueType(reader);
    const mutability = reader.byte();
    if (mutability & 2) refuseFeature("threads", reader.offset - 1, "a global is shared");
    if (mutability > 1) refuseDamaged(reader.offset - 1, "a global is neither constant nor variable");
    skimConstant(draft, reader);
  }
}

export function readStart(draft: ModuleDraft, reader: WasmReader): void {
  draft.startFunction = readFunctionIndex(draft, reader);
}
