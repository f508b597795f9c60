import { ModuleRefused } from "../module/module-refusal.ts";
import { WasmReader } from "../module/wasm-reader.ts";
import type { ModuleShape } from "./module-shape.ts";

const FUNCTION_NAMES = 1;
const MAX_NAMES = 10_000_000;

/**
 * The names of these functions, where the module's name section has them (WebAssembly core 7.4.1). Nobody vouches for that section,
 * and no engine refuses a module for it: names end where it makes no sense any more.
 */
export function functionNames(
  { bytes, names }: ModuleShape,
  wanted: ReadonlySet<number>,
): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  if (names === null) return found;
  try {
    const reader = new WasmReader(bytes, names.start, names.end);
    skipHeader(reader);
    while (reader.offset < names.end) {
      const id = reader.byte();
      const size = reader.u32();
      if (id === FUNCTION_NAMES) {
        readNames(reader, wanted, found);
        return found;
      }
      reader.skip(size);
    }
  } catch (error) {
    if (!(error instanceof ModuleRefused)) throw error;
  }
  return found;
}

/** The section's id, its size and its own name. */
function skipHeader(reader: WasmReader): void {
  reader.byte();
  reader.u32();
  reader.name();
}

function readNames(reader: WasmReader, wanted: ReadonlySet<number>, found: Map<number, string>): void {
  for (let left = reader.count("names", MAX_NAMES); left > 0; left -= 1) {
    const index = reader.u32();
    const name = reader.name();
    if (wanted.has(index)) found.set(index, name);
  }
}
