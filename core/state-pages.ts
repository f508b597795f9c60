/**
 * A state as content-addressed pages: canonical bytes, and a hash that costs what changed.
 *
 * A state is a tree of plain data. Wherever it holds a page of a table, the page's bytes are stored on their own under the
 * hash of those bytes (pages that are small stand where they are), so two states share what they have in common, and the hash
 * of the root's bytes is a Merkle hash of the whole. A page object that was written once is remembered with its address: as
 * pages are never written after their epoch, a keyframe visits only those that are new since the one before.
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
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { FRESH } from "./own.ts";

/** 32 bytes from any bytes: SHA-256 wherever it matters. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

export interface PageStore {
  /** Keeps the bytes under their address. Called once for each new page object, so it may see the same address again. */
  put(address: Uint8Array, bytes: Uint8Array): void;
}

export const ADDRESS_BYTES = 32;
/** A page up to this size stands within the page above: an address of its own would cost more than it shares. */
const INLINE_BYTES = 96;
/** State is nested by its types, not by its data: 64 levels are never reached by an honest state. */
const MAX_DEPTH = 64;

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const WHOLE = 3;
const NEGATIVE = 4;
const TEXT = 5;
const LIST = 6;
const RECORD = 7;
const OWNED_RECORD = 8;
const REFERENCE = 9;
const NULLS = 10;
/** A small page, which stands where it is used and has a list of shapes of its own. */
const INLINE = 11;

type Written = { readonly inline: Uint8Array } | { readonly address: Uint8Array };

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

/** A page that is being written: its bytes, and the shapes that it has spelled out so far. */
interface Sheet {
  readonly writer: ByteWriter;
  readonly shapes: Shape[];
}

const newSheet = (bytes: number): Sheet => ({ writer: new ByteWriter(bytes), shapes: [] });

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

  /** The address of the state's root, and its hash. The state's pages must not be written afterwards: begin an epoch. */
  write(state: object): Uint8Array {
    const sheet = newSheet(1024);
    this.#record(sheet, state as Record<string, unknown>);
    const bytes = sheet.writer.view().slice();
    const address = this.#hash(bytes);
    this.#store?.put(address, bytes);
    return address;
  }

  #value(sheet: Sheet, value: unknown): void {
    const { writer } = sheet;
    if (value === null) return writer.byte(NULL);
    switch (typeof value) {
      case "boolean":
        return writer.byte(value ? TRUE : FALSE);
      case "number":
        return writeNumber(writer, value);
      case "string":
        writer.byte(TEXT);
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
    writer.byte(LIST);
    writer.uint(list.length);
    for (let index = 0; index < list.length; index += 1) {
      let end = index;
      while (end < list.length && list[end] === null) end += 1;
      if (end - index > 1) {
        writer.byte(NULLS);
        writer.uint(end - index);
        index = end - 1;
      } else this.#value(sheet, list[index]);
    }
  }

  #record(sheet: Sheet, record: Record<string, unknown>): void {
    const { writer, shapes } = sheet;
    const shape = this.#shapeOf(record);
    writer.byte(shape.isOwned ? OWNED_RECORD : RECORD);
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

  #page({ writer }: Sheet, page: object): void {
    let written = this.#written.get(page);
    if (written === undefined) {
      const sheet = newSheet(256);
      this.#record(sheet, page as Record<string, unknown>);
      const bytes = sheet.writer.view().slice();
      written = bytes.length <= INLINE_BYTES ? { inline: bytes } : { address: this.#hash(bytes) };
      if ("address" in written) this.#store?.put(written.address, bytes);
      this.#written.set(page, written);
    }
    if ("inline" in written) {
      writer.byte(INLINE);
      return writer.raw(written.inline);
    }
    writer.byte(REFERENCE);
    writer.raw(written.address);
  }
}

function areEqual(some: readonly string[], others: readonly string[]): boolean {
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
}

function writeNumber(writer: ByteWriter, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0))
    throw new KernelBug(`state holds whole numbers, not ${value}`);
  writer.byte(value < 0 ? NEGATIVE : WHOLE);
  writer.uint(Math.abs(value));
}

/** The bytes stored under an address; null if there are none. */
export type LoadPage = (address: Uint8Array) => object | null;

/** A record from its bytes; `load` gives the pages that it names. Throws MalformedBytes. */
export function readStatePage(bytes: Uint8Array, load: LoadPage): object {
  const reader = new PageReader(new ByteReader(bytes), load);
  return reader.whole();
}

/** The longest name of a field. */
const MAX_NAME_BYTES = 100;
/** Shapes in one page, and names in one shape: more than a state has, few enough to be no burden. */
const MAX_SHAPES = 256;

/** Reads one page; an inline page within it has a reader of its own over the same bytes. */
class PageReader {
  readonly #reader: ByteReader;
  readonly #load: LoadPage;
  readonly #shapes: (readonly string[])[] = [];

  constructor(reader: ByteReader, load: LoadPage) {
    this.#reader = reader;
    this.#load = load;
  }

  whole(): object {
    const reader = this.#reader;
    const value = this.value(0);
    if (reader.offset === reader.end && typeof value === "object" && value !== null) return value;
    return reader.refuse("one whole record");
  }

  value(depth: number): unknown {
    const reader = this.#reader;
    if (depth > MAX_DEPTH) reader.refuse(`at most ${MAX_DEPTH} levels`);
    const tag = reader.byte();
    switch (tag) {
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case WHOLE:
        return reader.uint();
      case NEGATIVE:
        return -reader.uint();
      case TEXT:
        return reader.text(1 << 20);
      case LIST:
        return this.#items(depth);
      case RECORD:
      case OWNED_RECORD:
        return this.#record(depth, tag === OWNED_RECORD);
      case INLINE:
        return new PageReader(reader, this.#load).value(depth + 1);
      case REFERENCE:
        return this.#load(reader.raw(ADDRESS_BYTES)) ?? reader.refuse("the address of a page that is there");
      default:
        return reader.refuse("a value");
    }
  }

  #items(depth: number): unknown[] {
    const reader = this.#reader;
    const count = reader.uint();
    if (count > 1 << 22) reader.refuse("a list of a state's size");
    const items: unknown[] = [];
    while (items.length < count) {
      if (reader.bytes[reader.offset] !== NULLS) items.push(this.value(depth + 1));
      else {
        reader.byte();
        const nulls = reader.uint();
        if (nulls > count - items.length) reader.refuse("nulls within their list");
        for (let index = 0; index < nulls; index += 1) items.push(null);
      }
    }
    return items;
  }

  #record(depth: number, isOwned: boolean): object {
    const record: Record<string, unknown> = isOwned ? { epoch: FRESH } : {};
    for (const name of this.#names()) record[name] = this.value(depth + 1);
    return record;
  }

  /** The field names of the record that follows: spelled out, or by the number of their shape in this page. */
  #names(): readonly string[] {
    const reader = this.#reader;
    const number = reader.uint();
    if (number > 0) return this.#shapes[number - 1] ?? reader.refuse("a shape that was spelled out before");
    const count = reader.uint();
    if (count > MAX_SHAPES || this.#shapes.length >= MAX_SHAPES)
      reader.refuse(`at most ${MAX_SHAPES} names and shapes`);
    const names: string[] = [];
    while (names.length < count) {
      const name = reader.text(MAX_NAME_BYTES);
      if (name === "__proto__") reader.refuse("a field of a state");
      names.push(name);
    }
    this.#shapes.push(names);
    return names;
  }
}
