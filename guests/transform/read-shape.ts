/** Reads the sections of a module that V8 has found valid. What the transform does not take is refused by name. */
import type { ByteRange } from "../module/judged-module.ts";
import { refuse } from "../module/module-refusal.ts";
import { quoteName } from "../module/quote-name.ts";
import { readLimits, readMemoryLimits } from "../module/read-limits.ts";
import { readValueType } from "../module/value-types.ts";
import { WasmReader } from "../module/wasm-reader.ts";
import {
  type ExportShape,
  type GlobalShape,
  type ImportedFunction,
  type ModuleShape,
  SECTION,
  type TableShape,
} from "./module-shape.ts";
import { readElements, skipConstant } from "./read-elements.ts";
import { EXTERNREF, FUNCREF, V128 } from "./opcode.ts";
import { type Signature, Signatures } from "./signatures.ts";

/** Counts that no engine exceeds: a list that says more is not read. */
const MAX_ENTRIES = 10_000_000;
const HEADER_BYTES = 8;

export function readShape(bytes: Uint8Array): ModuleShape {
  const { sections, names } = findSections(bytes);
  const read = <Value>(id: number, entry: (reader: WasmReader) => Value): Value[] => {
    const range = sections.get(id);
    if (range === undefined) return [];
    const reader = new WasmReader(bytes, range.start, range.end);
    const count = reader.count("entries", MAX_ENTRIES);
    return Array.from({ length: count }, () => entry(reader));
  };
  const signatures = new Signatures();
  read(SECTION.type, (reader) => {
    reader.byte();
    signatures.declare(readTypes(reader), readTypes(reader));
  });
  const signature = (reader: WasmReader): Signature => signatures.at(reader.u32()) ?? signatures.empty;
  const imports = read(SECTION.import, (reader) => readImport(reader, signature));
  const referenced = new Set<number>();
  return {
    bytes,
    signatures,
    imports,
    functions: [...imports.map((one) => one.signature), ...read(SECTION.function, signature)],
    tables: read(SECTION.table, readTable),
    memory: read(SECTION.memory, readMemoryLimits)[0] ?? null,
    tags: read(SECTION.tag, (reader) => {
      reader.byte();
      return signature(reader);
    }),
    globals: read(SECTION.global, (reader) => readGlobal(reader, referenced)),
    exports: read(SECTION.export, readExport),
    start: readStart(bytes, sections.get(SECTION.start)),
    referenced,
    elements: read(SECTION.element, (reader) => readElements(reader, referenced)),
    dataCount: read(SECTION.data, skipData).length,
    bodies: read(SECTION.code, readBody),
    sections,
    names,
  };
}

/** Only where the bodies of its functions are. */
export function readBodies(bytes: Uint8Array): readonly ByteRange[] {
  const range = findSections(bytes).sections.get(SECTION.code);
  if (range === undefined) return [];
  const reader = new WasmReader(bytes, range.start, range.end);
  return Array.from({ length: reader.u32() }, () => readBody(reader));
}

interface Sections {
  readonly sections: Map<number, ByteRange>;
  readonly names: ByteRange | null;
}

function findSections(bytes: Uint8Array): Sections {
  const reader = new WasmReader(bytes, HEADER_BYTES);
  const sections = new Map<number, ByteRange>();
  let names: ByteRange | null = null;
  while (reader.offset < bytes.length) {
    const start = reader.offset;
    const id = reader.byte();
    const size = reader.u32();
    const range = { start: reader.offset, end: reader.offset + size };
    if (id !== 0) sections.set(id, range);
    else if (new WasmReader(bytes, range.start, range.end).name() === "name")
      names = { start, end: range.end };
    reader.skip(size);
  }
  return { sections, names };
}

function readTypes(reader: WasmReader): number[] {
  const count = reader.count("types", MAX_ENTRIES);
  return Array.from({ length: count }, () => readValueType(reader));
}

function readImport(reader: WasmReader, signature: (reader: WasmReader) => Signature): ImportedFunction {
  const offset = reader.offset;
  const [module, name] = [reader.name(), reader.name()];
  const label = `${quoteName(module)}.${quoteName(name)}`;
  if (reader.byte() !== 0)
    refuse(
      offset,
      `it imports ${label}, which is no function`,
      "Build a program that brings all but functions.",
    );
  const type = signature(reader);
  const isOpaque = (value: number): boolean => value === V128 || value === FUNCREF || value === EXTERNREF;
  if (type.params.some(isOpaque) || type.results.some(isOpaque))
    refuse(offset, `it imports ${label} with vectors or references`, "Pass numbers to what is outside.");
  return { module, name, signature: type };
}

function readTable(reader: WasmReader): TableShape {
  const type = reader.byte();
  return { type, ...readLimits(reader, "table") };
}

function readGlobal(reader: WasmReader, referenced: Set<number>): GlobalShape {
  const type = readValueType(reader);
  const isMutable = reader.byte() === 1;
  skipConstant(reader, referenced);
  return { type, isMutable };
}

function readExport(reader: WasmReader): ExportShape {
  return { name: reader.name(), kind: reader.byte(), index: reader.u32() };
}

const readStart = (bytes: Uint8Array, range: ByteRange | undefined): number | null =>
  range === undefined ? null : new WasmReader(bytes, range.start, range.end).u32();

function skipData(reader: WasmReader): void {
  const flags = reader.u32();
  if (flags === 2) reader.u32();
  if (flags !== 1) skipConstant(reader, new Set());
  reader.skip(reader.u32());
}

function readBody(reader: WasmReader): ByteRange {
  const size = reader.u32();
  const start = reader.offset;
  reader.skip(size);
  return { start, end: reader.offset };
}
