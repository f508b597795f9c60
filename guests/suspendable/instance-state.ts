/** What an instance holds beside its stack and its memory, to be written down and set again: globals, tables, segments. */
import { invariant } from "../../core/assert.ts";
import type { Layout } from "../transform/layout.ts";
import type { ProcessImage } from "./process-image.ts";

const I32 = 0x7f;
const I64 = 0x7e;
const FUNCREF = 0x70;
const EXTERNREF = 0x6f;

type Callable = (...args: readonly (number | bigint)[]) => unknown;

export class InstanceState {
  readonly #exports: WebAssembly.Exports;
  readonly #layout: Layout;
  /** By function, the number that it has in the source. */
  #numbers: Map<unknown, number> | null = null;

  constructor(exports: WebAssembly.Exports, layout: Layout) {
    this.#exports = exports;
    this.#layout = layout;
  }

  #global(name: string): WebAssembly.Global {
    return this.#exports[name] as WebAssembly.Global;
  }

  #table(index: number): WebAssembly.Table {
    return this.#exports[`t${index}`] as WebAssembly.Table;
  }

  #call(name: string, ...args: readonly (number | bigint)[]): unknown {
    return (this.#exports[name] as unknown as Callable)(...args);
  }

  #numberOf(reference: unknown): number {
    if (reference === null) return -1;
    this.#numbers ??= new Map(this.#layout.referenced.map((index) => [this.#exports[`f${index}`], index]));
    const number = this.#numbers.get(reference);
    invariant(number !== undefined, "a reference is to a function that may be referred to");
    return number;
  }

  #functionAt(number: number): unknown {
    return number === -1 ? null : this.#exports[`f${number}`];
  }

  globals(): ProcessImage["globals"] {
    const list: (readonly [number, bigint, bigint])[] = [];
    for (const { index, type } of this.#layout.globals) {
      if (type === FUNCREF || type === EXTERNREF) continue;
      if (type === I32 || type === I64) {
        list.push([index, BigInt(this.#global(`g${index}`).value as number | bigint), 0n]);
        continue;
      }
      const bits = this.#call(`bits ${index}`);
      const [low, high] = Array.isArray(bits) ? (bits as bigint[]) : [bits as number | bigint, 0n];
      list.push([index, BigInt(low as number | bigint), high as bigint]);
    }
    return list;
  }

  globalReferences(): ProcessImage["globalReferences"] {
    return this.#layout.globals
      .filter(({ type }) => type === FUNCREF)
      .map(({ index }) => [index, this.#numberOf(this.#global(`g${index}`).value)] as const);
  }

  setGlobals({ globals, globalReferences }: Pick<ProcessImage, "globals" | "globalReferences">): void {
    const types = new Map(this.#layout.globals.map(({ index, type }) => [index, type]));
    for (const [index, low, high] of globals) {
      const type = types.get(index);
      if (type === I32) this.#global(`g${index}`).value = Number(low);
      else if (type === I64) this.#global(`g${index}`).value = low;
      else if (type === 0x7d) this.#call(`setBits ${index}`, Number(low));
      else if (type === 0x7c) this.#call(`setBits ${index}`, low);
      else this.#call(`setBits ${index}`, low, high);
    }
    for (const [index, number] of globalReferences)
      this.#global(`g${index}`).value = this.#functionAt(number);
  }

  dropped(): readonly string[] {
    return this.#layout.drops.filter(({ flag }) => this.#global(flag).value === 1).map(({ drop }) => drop);
  }

  drop(names: readonly string[]): void {
    for (const name of names) this.#call(name);
  }

  tables(): readonly Int32Array[] | null {
    if (!this.#layout.writesTables) return null;
    return this.#layout.tables.map(({ type }, index) => {
      const table = this.#table(index);
      return Int32Array.from({ length: table.length }, (_, place) =>
        type === FUNCREF ? this.#numberOf(table.get(place)) : -1,
      );
    });
  }

  setTables(tables: readonly Int32Array[] | null): void {
    tables?.forEach((numbers, index) => {
      const table = this.#table(index);
      if (table.length < numbers.length) table.grow(numbers.length - table.length, null);
      if (this.#layout.tables[index]?.type !== FUNCREF) return;
      numbers.forEach((number, place) => table.set(place, this.#functionAt(number)));
    });
  }

  /** What frames refer to: the table behind the kernel's, as far as it is in use. */
  references(): readonly number[] {
    const table = this.#table(this.#layout.tables.length + 1);
    const count = this.#global("references").value as number;
    return Array.from({ length: count }, (_, place) => this.#numberOf(table.get(place)));
  }

  setReferences(references: readonly number[]): void {
    const table = this.#table(this.#layout.tables.length + 1);
    if (table.length < references.length) table.grow(references.length - table.length, null);
    references.forEach((number, place) => table.set(place, this.#functionAt(number)));
    this.#global("references").value = references.length;
  }
}
