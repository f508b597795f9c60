import type { ModuleDraft } from "./module-draft.ts";
import { refuse, refuseDamaged } from "./module-refusal.ts";
import { readCode } from "./read-code.ts";
import {
  readFunctions,
  readGlobals,
  readMemories,
  readStart,
  readTables,
  readTags,
} from "./read-definitions.ts";
import { readExports } from "./read-exports.ts";
import { readImports } from "./read-imports.ts";
import { readData, readDataCount, readElements } from "./read-segments.ts";
import { readTypes } from "./read-types.ts";
import type { WasmReader } from "./wasm-reader.ts";

interface Section {
  readonly id: number;
  readonly name: string;
  readonly read: (draft: ModuleDraft, reader: WasmReader) => void;
}

const MEMORY_SECTION = 5;

/** In the order in which they must come, each once at most (WebAssembly core 5.5.16). */
const sections: readonly Section[] = [
  { id: 1, name: "type", read: readTypes },
  { id: 2, name: "import", read: readImports },
  { id: 3, name: "function", read: readFunctions },
  { id: 4, name: "table", read: readTables },
  { id: MEMORY_SECTION, name: "memory", read: readMemories },
  { id: 13, name: "tag", read: readTags },
  { id: 6, name: "global", read: readGlobals },
  { id: 7, name: "export", read: readExports },
  { id: 8, name: "start", read: readStart },
  { id: 9, name: "element", read: readElements },
  { id: 12, name: "data count", read: readDataCount },
  { id: 10, name: "code", read: readCode },
  { id: 11, name: "data", read: readData },
];

export function readSections(draft: ModuleDraft, reader: WasmReader): void {
  const fileSize = reader.bytes.length;
  let place = 0;
  while (reader.offset < fileSize) {
    const start = reader.offset;
    const id = reader.byte();
    const order = id === 0 ? place : sections.findIndex((section) => section.id === id) + 1;
    const section = id === 0 ? CUSTOM : sections[order - 1];
    if (section === undefined) return refuseDamaged(start, `there is a section of the unknown kind ${id}`);
    if (id !== 0 && order <= place) {
      return refuseDamaged(
        start,
        `the ${section.name} section comes twice, or after one that it must precede`,
      );
    }
    place = order;
    readSection(draft, reader, section);
    if (id === MEMORY_SECTION) draft.memorySection = { start, end: reader.offset };
  }
}

function readSection(draft: ModuleDraft, reader: WasmReader, section: Section): void {
  const fileSize = reader.bytes.length;
  const start = reader.offset - 1;
  const size = readSize(reader, section);
  const end = reader.offset + size;
  if (end > fileSize) refuseCutOff(start, section, end, fileSize);
  reader.end = end;
  section.read(draft, reader);
  if (reader.offset !== end) {
    refuseDamaged(reader.offset, `the ${section.name} section has ${end - reader.offset} bytes too many`);
  }
  reader.end = fileSize;
}

/** A file may be cut off within the size of a section. */
function readSize(reader: WasmReader, section: Section): number {
  const { bytes, offset } = reader;
  let last = offset;
  while (last < bytes.length && (bytes[last] as number) >= 0x80) last += 1;
  if (last >= bytes.length) refuseCutOff(offset - 1, section, bytes.length + 1, bytes.length);
  return reader.u32();
}

function refuseCutOff(offset: number, section: Section, expected: number, fileSize: number): never {
  return refuse(
    offset,
    `the file is cut off: its ${section.name} section needs at least ${expected} bytes of file, and there are ${fileSize}`,
    "Copy or download the file again, or build it again.",
  );
}

const CUSTOM: Section = { id: 0, name: "custom", read: readCustom };

/** A section for tools, such as the names of functions. V8 judges nothing in it, and neither does this. */
function readCustom(draft: ModuleDraft, reader: WasmReader): void {
  if (reader.name() === "name") draft.hasNames = true;
  reader.offset = reader.end;
}
