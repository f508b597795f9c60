/** Sections that both modules have. */
import { WasmReader } from "../module/wasm-reader.ts";
import type { ModuleShape } from "./module-shape.ts";
import { WasmWriter } from "./wasm-writer.ts";

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0] as const;

export function startModule(): WasmWriter {
  const module = new WasmWriter(1 << 16);
  module.bytes(...HEADER);
  return module;
}

/** The section of this kind as the source has it, or nothing. */
export function copySection(module: WasmWriter, shape: ModuleShape, id: number): void {
  const range = shape.sections.get(id);
  if (range === undefined) return;
  module.byte(id);
  module.u32(range.end - range.start);
  module.all(shape.bytes.subarray(range.start, range.end));
}

/** A section that is a list, unless the list is empty. */
export function writeList<Item>(
  module: WasmWriter,
  id: number,
  list: { readonly items: readonly Item[]; readonly write: (writer: WasmWriter, item: Item) => void },
): void {
  if (list.items.length === 0) return;
  const section = new WasmWriter();
  section.u32(list.items.length);
  for (const item of list.items) list.write(section, item);
  module.section(id, section);
}

/** The source's list with entries behind it. */
export function extendSection(
  module: WasmWriter,
  shape: ModuleShape,
  extension: { readonly id: number; readonly added: readonly WasmWriter[] },
): void {
  const { id, added } = extension;
  const section = new WasmWriter();
  const range = shape.sections.get(id);
  if (range === undefined) section.u32(added.length);
  else {
    const reader = new WasmReader(shape.bytes, range.start, range.end);
    section.u32(reader.u32() + added.length);
    section.all(shape.bytes.subarray(reader.offset, range.end));
  }
  for (const entry of added) section.all(entry.written());
  module.section(id, section);
}

export function entryOf(write: (writer: WasmWriter) => void): WasmWriter {
  const writer = new WasmWriter(32);
  write(writer);
  return writer;
}
