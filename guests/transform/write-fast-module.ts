import type { Added } from "./added-code.ts";
import { KERNEL_SIZE } from "./emit-context.ts";
import { MAX_REFERENCES, type TableLayout } from "./layout.ts";
import { type ModuleShape, SECTION } from "./module-shape.ts";
import { FUNCREF, I32, OP } from "./opcode.ts";
import type { Signature } from "./signatures.ts";
import type { WasmWriter } from "./wasm-writer.ts";
import { copySection, entryOf, extendSection, startModule, writeList } from "./write-sections.ts";

interface FastModule {
  readonly shape: ModuleShape;
  readonly added: Added;
  /** The bodies, with their sizes before them, of the source's functions. */
  readonly bodies: WasmWriter;
  readonly maxPages: number;
  readonly maxTableEntries: number;
  /** Functions that the slow module and the runtime need. */
  readonly exportedFunctions: Iterable<number>;
}

/** The module that runs: the source's numbers stay what they are, and what is added comes behind. */
export function writeFastModule(fast: FastModule): Uint8Array {
  const { shape, added } = fast;
  const module = startModule();
  const numbers = added.functions.map(({ signature }) => shape.signatures.numberOf(signature));
  module.section(
    SECTION.type,
    entryOf((writer) => shape.signatures.write(writer)),
  );
  copySection(module, shape, SECTION.import);
  extendSection(module, shape, {
    id: SECTION.function,
    added: numbers.map((number) => entryOf((writer) => writer.u32(number))),
  });
  writeTables(module, fast);
  writeMemory(module, fast);
  copySection(module, shape, SECTION.tag);
  extendSection(module, shape, {
    id: SECTION.global,
    added: added.globalNames.map(() => entryOf((writer) => writer.bytes(I32, 1, OP.i32Const, 0, OP.end))),
  });
  writeExports(module, fast);
  copySection(module, shape, SECTION.element);
  copySection(module, shape, SECTION.dataCount);
  module.section(
    SECTION.code,
    entryOf((writer) => {
      writer.u32(shape.bodies.length + added.functions.length);
      writer.all(fast.bodies.written());
      for (const { body } of added.functions) writer.sized(body);
    }),
  );
  copySection(module, shape, SECTION.data);
  if (shape.names !== null) module.all(shape.bytes.subarray(shape.names.start, shape.names.end));
  return module.written().slice();
}

/** Tables with the most entries that each may have. */
export const boundedTables = ({ tables }: ModuleShape, maxTableEntries: number): readonly TableLayout[] =>
  tables.map(({ type, min, max }) => ({
    type,
    min,
    max: Math.max(min, Math.min(max ?? maxTableEntries, maxTableEntries)),
  }));

function writeTables(module: WasmWriter, { shape, maxTableEntries }: FastModule): void {
  const tables = boundedTables(shape, maxTableEntries);
  const own = [
    { type: FUNCREF, min: KERNEL_SIZE, max: KERNEL_SIZE },
    { type: FUNCREF, min: 0, max: MAX_REFERENCES },
  ];
  writeList(module, SECTION.table, {
    items: [...tables, ...own],
    write: (writer, { type, min, max }) => {
      writer.bytes(type, 1);
      writer.u32(min);
      writer.u32(max);
    },
  });
}

function writeMemory(module: WasmWriter, { shape, maxPages }: FastModule): void {
  const { min } = shape.memory as { min: number };
  writeList(module, SECTION.memory, {
    items: [min],
    write: (writer) => {
      writer.byte(1);
      writer.u32(min);
      writer.u32(maxPages);
    },
  });
}

/** Names of exports: a letter for the kind and the number, or the name of what is added. */
export const exportName = {
  function: (index: number): string => `f${index}`,
  table: (index: number): string => `t${index}`,
  global: (index: number): string => `g${index}`,
  tag: (index: number): string => `x${index}`,
  memory: "memory",
} as const;

function writeExports(module: WasmWriter, { shape, added, exportedFunctions }: FastModule): void {
  const items: [string, number, number][] = [];
  for (const index of exportedFunctions) items.push([exportName.function(index), 0, index]);
  added.functions.forEach(({ name }, place) => items.push([name, 0, shape.functions.length + place]));
  for (let table = 0; table <= added.referenceTable; table += 1)
    items.push([exportName.table(table), 1, table]);
  items.push([exportName.memory, 2, 0]);
  shape.globals.forEach((_, index) => items.push([exportName.global(index), 3, index]));
  added.globalNames.forEach((name, place) => items.push([name, 3, shape.globals.length + place]));
  shape.tags.forEach((_: Signature, index) => items.push([exportName.tag(index), 4, index]));
  writeList(module, SECTION.export, {
    items,
    write: (writer, [name, kind, index]) => {
      writer.name(name);
      writer.byte(kind);
      writer.u32(index);
    },
  });
}
