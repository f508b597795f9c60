/**
 * A state as numbered pages: canonical bytes, and a hash that costs what changed.
 *
 * A state is a tree of plain data. Wherever it holds a page of a table, the page's bytes stand on their own and the page above
 * holds their hash, the address (pages that are small stand where they are). So the hash of the root's bytes is a Merkle hash of
 * the whole. A page object that was written once is remembered with its address and number: as pages are never written after
 * their epoch, a keyframe visits only those that are new since the one before, and two states share what they have in common.
 *
 * A store keeps a page with the numbers of the pages below in place of their addresses (core/stored-page.ts): an address is 32
 * bytes that no compression makes smaller, and whoever reads the pages below knows their addresses again.
 *
 * Equal states have equal bytes whichever driver made them: keys are sorted, `epoch` stamps are left out, -0 and whatever is
 * not plain data are refused. The names of a record's fields are spelled out once in a page, where the first record of its
 * shape stands; all others point to them.
 *
 *   page   := record
 *   record := tag, 0 count name*, value*    the first of its shape, which is the next in the page's list of shapes, from 1 on
 *           | tag, shape, value*            another of that shape
 */
import { KernelBug } from "./assert.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Epochal } from "./own.ts";
import { tag } from "./state-tags.ts";
import { narrowed, type Page } from "./table.ts";

/** 32 bytes from any bytes: SHA-256 wherever it matters. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/** Where canonical bytes name a page below: the offset of its address, and its number in the store. */
export interface Reference {
  readonly offset: number;
  readonly number: number;
}

interface PageStore {
  /** Keeps a page and gives its number, which is higher than those of all pages below. Called once for each new page object. */
  put(bytes: Uint8Array, references: readonly Reference[]): number;
}

/** A page that a store has. */
export interface KnownPage {
  readonly address: Uint8Array;
  readonly number: number;
}

/** A page up to this size stands within the page above: an address of its own would cost more than it shares. */
const INLINE_BYTES = 96;

type Written = KnownPage | { readonly inline: Uint8Array; readonly references: readonly Reference[] };

/** The field names of records, sorted and without `epoch`. There is one object for each list of names. */
interface Shape {
  readonly names: readonly string[];
  readonly isOwned: boolean;
}

/** A shape by the keys of an object in their order; several may lead to one. */
interface KnownKeys {
  readonly keys: readonly string[];
  readonly shape: Shape;
}

/** A page that is being written: its bytes, the shapes that it has spelled out so far, and the pages that it names. */
interface Sheet {
  readonly writer: ByteWriter;
  readonly shapes: Shape[];
  readonly references: Reference[];
}

const newSheet = (bytes: number): Sheet => ({ writer: new ByteWriter(bytes), shapes: [], references: [] });

export class StatePages {
  readonly #hash: Hash;
  readonly #written = new WeakMap<object, Written>();
  /** By the number of keys. */
  readonly #known: KnownKeys[][] = [];
  readonly #shapes = new Map<string, Shape>();
  readonly #store: PageStore | null;

  /** With a store, new pages are kept in it; without, the addresses are hashes only. */
  constructor(hash: Hash, store: PageStore | null) {
    this.#hash = hash;
    this.#store = store;
  }

  /** The address of the state's root, its hash. The state's pages must not be written afterwards: begin an epoch. */
  write(state: object): Uint8Array {
    return this.writeRoot(state).address;
  }

  /** As `write`, with the number of the root. */
  writeRoot(state: object): KnownPage {
    const sheet = newSheet(1024);
    this.#record(sheet, state as Record<string, unknown>);
    return this.#kept(sheet, sheet.writer.view().slice());
  }

  /** A page that the store has already: it is not written again as long as the object is not. */
  remember(page: object, known: KnownPage): void {
    this.#written.set(page, known);
  }

  #kept({ references }: Sheet, bytes: Uint8Array): KnownPage {
    return { address: this.#hash(bytes), number: this.#store?.put(bytes, references) ?? 0 };
  }

  #value(sheet: Sheet, value: unknown): void {
    const { writer } = sheet;
    if (value === null) return writer.byte(tag.none);
    switch (typeof value) {
      case "boolean":
        return writer.byte(value ? tag.yes : tag.no);
      case "number":
        return writeNumber(writer, value);
      case "string":
        writer.byte(tag.text);
        return writer.text(value);
      case "object":
        if (Array.isArray(value)) return this.#list(sheet, value);
        if ("items" in value && "count" in value) return this.#page(sheet, value);
        return this.#record(sheet, value as Record<string, unknown>);
      default:
        throw new KernelBug(`state is plain data, not ${typeof value}`);
    }
  }

  #list(sheet: Sheet, list: readonly unknown[]): void {
    const { writer } = sheet;
    writer.byte(tag.list);
    writer.uint(list.length);
    for (let index = 0; index < list.length; index += 1) {
      let end = index;
      while (end < list.length && list[end] === null) end += 1;
      if (end - index > 1) {
        writer.byte(tag.nulls);
        writer.uint(end - index);
        index = end - 1;
      } else this.#value(sheet, list[index]);
    }
  }

  #record(sheet: Sheet, record: Record<string, unknown>): void {
    const { writer, shapes } = sheet;
    const shape = this.#shapeOf(record);
    writer.byte(shape.isOwned ? tag.ownedRecord : tag.record);
    const number = shapes.indexOf(shape) + 1;
    writer.uint(number);
    if (number === 0) {
      shapes.push(shape);
      writer.uint(shape.names.length);
      for (const name of shape.names) writer.text(name);
    }
    for (const name of shape.names) this.#value(sheet, record[name]);
  }

  #shapeOf(record: Record<string, unknown>): Shape {
    const keys = Object.keys(record);
    const candidates = (this.#known[keys.length] ??= []);
    for (const known of candidates) {
      if (areEqual(known.keys, keys)) return known.shape;
    }
    const names = keys.filter((key) => key !== "epoch").sort();
    const isOwned = names.length < keys.length;
    const spelled = JSON.stringify([isOwned, names]);
    const shape = this.#shapes.get(spelled) ?? { names, isOwned };
    this.#shapes.set(spelled, shape);
    candidates.push({ keys, shape });
    return shape;
  }

  #page({ writer, references }: Sheet, page: object): void {
    let written = this.#written.get(page);
    if (written === undefined) {
      written = this.#writePage(page);
      this.#written.set(page, written);
    }
    if ("inline" in written) {
      writer.byte(tag.inline);
      for (const { offset, number } of written.references)
        references.push({ offset: writer.length + offset, number });
      return writer.raw(written.inline);
    }
    writer.byte(tag.reference);
    references.push({ offset: writer.length, number: written.number });
    writer.raw(written.address);
  }

  #writePage(page: object): Written {
    const sheet = newSheet(256);
    this.#record(sheet, narrowed(page as Page<Epochal>) as unknown as Record<string, unknown>);
    const bytes = sheet.writer.view().slice();
    return bytes.length <= INLINE_BYTES
      ? { inline: bytes, references: sheet.references }
      : this.#kept(sheet, bytes);
  }
}

function areEqual(some: readonly string[], others: readonly string[]): boolean {
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
}

function writeNumber(writer: ByteWriter, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0))
    throw new KernelBug(`state holds whole numbers, not ${value}`);
  writer.byte(value < 0 ? tag.negative : tag.whole);
  writer.uint(Math.abs(value));
}
