/**
 * A state as content-addressed pages: canonical bytes, and a hash that costs what changed.
 *
 * A state is a tree of plain data. Wherever it holds a page of a table, the page's bytes are stored on their own under the
 * hash of those bytes (pages that are small stand where they are), so two states share what they have in common, and the hash
 * of the root's bytes is a Merkle hash of the whole. A page object that was written once is remembered with its address: as
 * pages are never written after their epoch, a keyframe visits only those that are new since the one before.
 *
 * Equal states have equal bytes whichever driver made them: keys are sorted, `epoch` stamps are left out, -0 and whatever is
 * not plain data are refused.
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
const INLINE_BYTES = 160;
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

type Written = { readonly inline: Uint8Array } | { readonly address: Uint8Array };

export class StatePages {
  readonly #hash: Hash;
  readonly #written = new WeakMap<object, Written>();
  readonly #keys = new Map<string, readonly string[]>();

  readonly #store: PageStore | null;

  /** With a store, new pages are kept in it; without, the addresses are hashes only. */
  constructor(hash: Hash, store: PageStore | null) {
    this.#hash = hash;
    this.#store = store;
  }

  /** The address of the state's root, and its hash. The state's pages must not be written afterwards: begin an epoch. */
  write(state: object): Uint8Array {
    const writer = new ByteWriter(1024);
    this.#record(writer, state as Record<string, unknown>);
    const bytes = writer.view().slice();
    const address = this.#hash(bytes);
    this.#store?.put(address, bytes);
    return address;
  }

  #value(writer: ByteWriter, value: unknown): void {
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
        if (Array.isArray(value)) return this.#list(writer, value);
        if ("items" in value && "count" in value) return this.#page(writer, value);
        return this.#record(writer, value as Record<string, unknown>);
      default:
        throw new KernelBug(`state is plain data, not ${typeof value}`);
    }
  }

  #list(writer: ByteWriter, list: readonly unknown[]): void {
    writer.byte(LIST);
    writer.uint(list.length);
    for (let index = 0; index < list.length; index += 1) {
      let end = index;
      while (end < list.length && list[end] === null) end += 1;
      if (end - index > 1) {
        writer.byte(NULLS);
        writer.uint(end - index);
        index = end - 1;
      } else this.#value(writer, list[index]);
    }
  }

  #record(writer: ByteWriter, record: Record<string, unknown>): void {
    const keys = this.#sortedKeys(record);
    writer.byte("epoch" in record ? OWNED_RECORD : RECORD);
    writer.uint(keys.length);
    for (const key of keys) {
      writer.text(key);
      this.#value(writer, record[key]);
    }
  }

  #sortedKeys(record: Record<string, unknown>): readonly string[] {
    const keys = Object.keys(record);
    const name = keys.join();
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const sorted = keys.filter((key) => key !== "epoch").sort();
    if (this.#keys.size < 1000) this.#keys.set(name, sorted);
    return sorted;
  }

  #page(writer: ByteWriter, page: object): void {
    let written = this.#written.get(page);
    if (written === undefined) {
      const inner = new ByteWriter(256);
      this.#record(inner, page as Record<string, unknown>);
      const bytes = inner.view().slice();
      written = bytes.length <= INLINE_BYTES ? { inline: bytes } : { address: this.#hash(bytes) };
      if ("address" in written) this.#store?.put(written.address, bytes);
      this.#written.set(page, written);
    }
    if ("inline" in written) return writer.raw(written.inline);
    writer.byte(REFERENCE);
    writer.raw(written.address);
  }
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
  const reader = new ByteReader(bytes);
  const value = readValue(reader, load, 0);
  if (reader.offset === reader.end && typeof value === "object" && value !== null) return value;
  return reader.refuse("one whole record");
}

function readValue(reader: ByteReader, load: LoadPage, depth: number): unknown {
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
      return readItems(reader, load, depth);
    case RECORD:
    case OWNED_RECORD:
      return readRecord(reader, load, depth, tag === OWNED_RECORD);
    case REFERENCE:
      return load(reader.raw(ADDRESS_BYTES)) ?? reader.refuse("the address of a page that is there");
    default:
      return reader.refuse("a value");
  }
}

function readItems(reader: ByteReader, load: LoadPage, depth: number): unknown[] {
  const count = reader.uint();
  if (count > 1 << 22) reader.refuse("a list of a state's size");
  const items: unknown[] = [];
  while (items.length < count) {
    if (reader.bytes[reader.offset] !== NULLS) items.push(readValue(reader, load, depth + 1));
    else {
      reader.byte();
      const nulls = reader.uint();
      if (nulls > count - items.length) reader.refuse("nulls within their list");
      for (let index = 0; index < nulls; index += 1) items.push(null);
    }
  }
  return items;
}

function readRecord(reader: ByteReader, load: LoadPage, depth: number, isOwned: boolean): object {
  const count = reader.uint();
  const record: Record<string, unknown> = isOwned ? { epoch: FRESH } : {};
  for (let index = 0; index < count; index += 1) {
    const key = reader.text(100);
    if (key === "__proto__") reader.refuse("a field of a state");
    record[key] = readValue(reader, load, depth + 1);
  }
  return record;
}
