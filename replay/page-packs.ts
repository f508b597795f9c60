/**
 * Pages of keyframes as they lie in the store: in packs of consecutive numbers, under the first of them, so that small pages
 * share a record and what compresses them. (A record for each page cost twice the disk, and its key as much as many a page.)
 *
 *   pack := version (size page)*
 */
import { ByteReader, MalformedBytes } from "../core/byte-reader.ts";
import { ByteWriter } from "../core/byte-writer.ts";
import type { RecordingStore } from "./recording-store.ts";

const PACK_VERSION = 1;
/** Bytes of a pack, before it is compressed: as far back as deflate looks. */
const PACK_BYTES = 1 << 15;
/** Bytes of packs that a reader keeps in memory. */
const CACHED_BYTES = 8 << 20;

/** The pages of a pack in their order; none of one whose bytes are no pack. */
function pagesOf(pack: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(pack);
  const pages: Uint8Array[] = [];
  try {
    if (reader.byte() !== PACK_VERSION) return [];
    while (reader.offset < reader.end) pages.push(reader.raw(reader.uint()));
    return pages;
  } catch (error) {
    if (error instanceof MalformedBytes) return [];
    throw error;
  }
}

/** Gives pages their numbers and writes them in packs, behind those that are there. */
export class PagePacker {
  readonly #store: RecordingStore;
  readonly #writer = new ByteWriter(PACK_BYTES * 2);
  /** The number of the pack that is being filled, and of the next page. */
  #first: number;
  #next: number;

  constructor(store: RecordingStore) {
    this.#store = store;
    const last = store.packAt(Number.MAX_SAFE_INTEGER);
    this.#next = last === null ? 0 : last.first + pagesOf(last.bytes).length;
    this.#first = this.#next;
  }

  /** The number of the page that is put next. */
  get next(): number {
    return this.#next;
  }

  put(page: Uint8Array): void {
    if (this.#writer.length === 0) this.#writer.byte(PACK_VERSION);
    this.#writer.uint(page.length);
    this.#writer.raw(page);
    this.#next += 1;
    if (this.#writer.length >= PACK_BYTES) this.flush();
  }

  /** Writes the pack that is not full; called within the transaction that needs its pages. */
  flush(): void {
    if (this.#next === this.#first) return;
    this.#store.putPack(this.#first, this.#writer.view());
    this.#writer.length = 0;
    this.#first = this.#next;
  }
}

interface CachedPack {
  readonly first: number;
  readonly pages: readonly Uint8Array[];
  readonly bytes: number;
}

/** Finds pages by their numbers; keeps the packs that were used last in memory. */
export class PackReader {
  readonly #store: RecordingStore;
  readonly #packs = new Map<number, CachedPack>();
  #last: CachedPack | null = null;
  #bytes = 0;

  constructor(store: RecordingStore) {
    this.#store = store;
  }

  /** The bytes of a page; null if the store has none of this number. */
  page(number: number): Uint8Array | null {
    const pack = this.#packHolding(number);
    return pack?.pages[number - pack.first] ?? null;
  }

  #packHolding(number: number): CachedPack | null {
    if (this.#last !== null && holds(this.#last, number)) return this.#last;
    this.#last = this.#cached(number) ?? this.#read(number);
    return this.#last;
  }

  #cached(number: number): CachedPack | null {
    for (const pack of this.#packs.values()) {
      if (!holds(pack, number)) continue;
      this.#packs.delete(pack.first);
      this.#packs.set(pack.first, pack);
      return pack;
    }
    return null;
  }

  #read(number: number): CachedPack | null {
    const stored = this.#store.packAt(number);
    if (stored === null) return null;
    const pack = { first: stored.first, pages: pagesOf(stored.bytes), bytes: stored.bytes.length };
    this.#packs.set(pack.first, pack);
    this.#bytes += pack.bytes;
    for (const [first, { bytes }] of this.#packs) {
      if (this.#bytes <= CACHED_BYTES || first === pack.first) break;
      this.#packs.delete(first);
      this.#bytes -= bytes;
    }
    return pack;
  }
}

const holds = ({ first, pages }: CachedPack, number: number): boolean =>
  number >= first && number < first + pages.length;
