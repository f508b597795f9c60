import type { Added } from "./added-code.ts";
import type { AddedFunctions } from "./emit-context.ts";
import { addedFunctions } from "./added-code.ts";
import { KERNEL_SIZE } from "./emit-context.ts";
import type { FrameLayout } from "./layout.ts";
import { type ModuleShape, SECTION } from "./module-shape.ts";
import { FUNCREF, I32, OP } from "./opcode.ts";
import type { Signature } from "./signatures.ts";
import { WasmWriter } from "./wasm-writer.ts";
import { entryOf, startModule, writeList } from "./write-sections.ts";
import { exportName } from "./write-fast-module.ts";

/** By it V8 names the module in the frames of a trap's stack. */
export const SLOW_MODULE_NAME = "foldos-slow";

function writeModuleName(module: WasmWriter, text: string): void {
  const section = entryOf((writer) => {
    writer.name("name");
    writer.byte(0);
    writer.sized(entryOf((inner) => inner.name(text)));
  });
  module.section(0, section);
}

interface SlowFunction {
  readonly signature: Signature;
  /** The function of the source, or -1. */
  readonly source: number;
  body: WasmWriter | null;
}

/** What functions of the slow module name. */
interface SlowNeeds {
  /** Called, or referred to. */
  readonly functions: Iterable<number>;
  readonly referenced: ReadonlySet<number>;
  /** Types of results that a frame may wait for. */
  readonly leaves: readonly Signature[];
}

/**
 * The module of the slow versions and the reentries. It imports all that it shares with the fast one, in the same
 * order, so that numbers of globals, tables, tags and types are the same in both.
 */
export class SlowModule {
  readonly #shape: ModuleShape;
  readonly #added: Added;
  /** Functions of the source that it calls or refers to, by their numbers here. */
  readonly #imported = new Map<number, number>();
  readonly #needs: SlowNeeds;
  readonly #leaves: readonly Signature[];
  readonly #functions: SlowFunction[] = [];
  /** By slot: the number among #functions. */
  readonly #slots: number[] = [];
  readonly #frames: FrameLayout[] = [];
  readonly added: AddedFunctions;

  constructor(shape: ModuleShape, added: Added, needs: SlowNeeds) {
    this.#shape = shape;
    this.#added = added;
    this.#needs = needs;
    this.#leaves = needs.leaves;
    for (const index of needs.functions) this.#imported.set(index, this.#imported.size);
    this.added = addedFunctions(added, this.#imported.size);
    needs.leaves.forEach((signature, leaf) => this.#addLeaf(signature, leaf));
  }

  /** The kernel gives the results that a frame waits for: what is called at the bottom of a rewind. */
  #addLeaf(signature: Signature, leaf: number): void {
    const body = new WasmWriter(16);
    body.byte(0);
    body.op(OP.call, this.added.pop);
    body.byte(OP.drop);
    body.op(OP.call, this.#imported.size + this.#added.functions.length + leaf);
    body.byte(OP.end);
    const place = this.#declare(this.#shape.signatures.of([], signature.results), -1);
    this.setBody(this.firstOwn + place, body);
    this.#slots.push(place);
  }

  /** The number of its first function that is not imported. */
  get firstOwn(): number {
    return this.#imported.size + this.#added.functions.length + this.#leaves.length;
  }

  #declare(signature: Signature, source: number): number {
    this.#functions.push({ signature, source, body: null });
    return this.#functions.length - 1;
  }

  /** A function with a slot: its number in the module. */
  declareSlot(
    signature: Signature,
    source: number,
  ): { readonly slot: number; readonly functionIndex: number } {
    const place = this.#declare(signature, source);
    this.#slots.push(place);
    return { slot: this.#slots.length - 1, functionIndex: this.firstOwn + place };
  }

  declare(signature: Signature, source: number): number {
    return this.firstOwn + this.#declare(signature, source);
  }

  /** Declares again, under the same number, what has become known later. */
  redeclare(functionIndex: number, signature: Signature): void {
    const place = functionIndex - this.firstOwn;
    const known = this.#functions[place] as SlowFunction;
    this.#functions[place] = { ...known, signature };
  }

  setBody(functionIndex: number, body: WasmWriter): void {
    (this.#functions[functionIndex - this.firstOwn] as SlowFunction).body = body;
  }

  /** Said of each slot that is no leaf's, in their order. */
  setFrames(slot: number, frames: FrameLayout): void {
    this.#frames[slot - this.#leaves.length] = frames;
  }

  get frames(): readonly FrameLayout[] {
    return this.#frames;
  }

  functionAt = (original: number): number => this.#imported.get(original) as number;

  get slots(): readonly number[] {
    return this.#slots.map((place) => (this.#functions[place] as SlowFunction).source);
  }

  /** Its functions, by number from 0, that begin at a loop. */
  get reentries(): readonly number[] {
    const withSlots = new Set(this.#slots);
    return [...this.#functions.keys()].filter((place) => !withSlots.has(place));
  }

  get sources(): readonly number[] {
    return this.#functions.map(({ source }) => source);
  }

  write(limits: { readonly maxPages: number; readonly maxTableEntries: number }): Uint8Array {
    const { signatures } = this.#shape;
    const numbers = this.#functions.map(({ signature }) => signatures.numberOf(signature));
    const imports = this.#imports(limits.maxPages);
    const module = startModule();
    module.section(
      SECTION.type,
      entryOf((writer) => signatures.write(writer)),
    );
    writeList(module, SECTION.import, {
      items: imports,
      write: (writer, entry) => writer.all(entry.written()),
    });
    writeList(module, SECTION.function, { items: numbers, write: (writer, number) => writer.u32(number) });
    writeList(module, SECTION.table, {
      items: [this.#slots.length],
      write: (writer, size) => {
        writer.bytes(FUNCREF, 0);
        writer.u32(size);
      },
    });
    writeList(module, SECTION.export, {
      items: [this.#added.referenceTable + 1],
      write: (writer, table) => {
        writer.name("slots");
        writer.byte(1);
        writer.u32(table);
      },
    });
    this.#writeElements(module);
    this.#writeCode(module);
    writeModuleName(module, SLOW_MODULE_NAME);
    return module.written().slice();
  }

  #imports(maxPages: number): WasmWriter[] {
    const { signatures, tables, memory, globals, tags } = this.#shape;
    const list: WasmWriter[] = [];
    const add = (name: string, write: (writer: WasmWriter) => void): void => {
      list.push(
        entryOf((writer) => {
          writer.name("fast");
          writer.name(name);
          write(writer);
        }),
      );
    };
    const addFunction = (name: string, signature: Signature): void =>
      add(name, (writer) => {
        writer.byte(0);
        writer.u32(signatures.numberOf(signature));
      });
    for (const index of this.#imported.keys())
      addFunction(exportName.function(index), this.#shape.functions[index] as Signature);
    for (const { name, signature } of this.#added.functions) addFunction(name, signature);
    this.#leaves.forEach((signature, leaf) =>
      addFunction(`answer${leaf}`, signatures.of([], signature.results)),
    );
    const types = [
      ...tables.map(({ type, min }) => [type, min] as const),
      [FUNCREF, KERNEL_SIZE] as const,
      [FUNCREF, 0] as const,
    ];
    types.forEach(([type, min], index) =>
      add(exportName.table(index), (writer) => {
        writer.bytes(1, type, 0);
        writer.u32(min);
      }),
    );
    add(exportName.memory, (writer) => {
      writer.bytes(2, 1);
      writer.u32((memory as { min: number }).min);
      writer.u32(maxPages);
    });
    globals.forEach(({ type, isMutable }, index) =>
      add(exportName.global(index), (writer) => writer.bytes(3, type, isMutable ? 1 : 0)),
    );
    for (const name of this.#added.globalNames) add(name, (writer) => writer.bytes(3, I32, 1));
    tags.forEach((signature, index) =>
      add(exportName.tag(index), (writer) => {
        writer.bytes(4, 0);
        writer.u32(signatures.numberOf(signature));
      }),
    );
    return list;
  }

  /** The functions by slot, and a declaration of those that ref.func names. */
  #writeElements(module: WasmWriter): void {
    const referenced = [...this.#imported].filter(([index]) => this.#needs.referenced.has(index));
    writeList(module, SECTION.element, {
      items: [true, false],
      write: (writer, isActive) => {
        const members = isActive
          ? this.#slots.map((place) => this.firstOwn + place)
          : referenced.map(([, number]) => number);
        if (isActive) {
          writer.byte(2);
          writer.u32(this.#added.referenceTable + 1);
          writer.bytes(OP.i32Const, 0, OP.end, 0);
        } else writer.bytes(3, 0);
        writer.u32(members.length);
        for (const member of members) writer.u32(member);
      },
    });
  }

  #writeCode(module: WasmWriter): void {
    writeList(module, SECTION.code, {
      items: this.#functions,
      write: (writer, { body }) => writer.sized(body as WasmWriter),
    });
  }
}
