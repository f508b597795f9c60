import { ByteWriter } from "../core/byte-writer.ts";
import type { Reference } from "../core/state-pages.ts";
import { writeGuestRecord } from "./guest-record.ts";
import { sha256 } from "./hash.ts";
import type { GuestImage } from "../guests/pauses.ts";
import {
  type GuestNodes,
  IMAGE_VERSION,
  type ImageNode,
  type MachineImage,
  NODE_PAGES,
} from "./machine-image.ts";

/** Pages whose numbers are kept to be found again by what is in them: as many as fit into 256 MiB. */
const KNOWN_PAGES = 1 << 16;

interface NodeStore {
  /** Keeps a node and gives its number. */
  put(canonical: Uint8Array, references: readonly Reference[]): number;
}

interface KnownGuest {
  readonly tables: Map<number, ImageNode>;
  readonly pages: Map<number, ImageNode>;
  guest: ImageNode;
}

const NO_NODE: ImageNode = { number: -1, address: new Uint8Array(0) };
const keyOf = (address: Uint8Array): string => Buffer.from(address).toString("latin1");

/** Writes images: of each only what is not there yet. */
export class ImageWriter {
  readonly #store: NodeStore;
  readonly #guests = new Map<number, KnownGuest>();
  /** By their addresses, the numbers of pages. */
  readonly #numbers = new Map<string, number>();
  readonly #writer = new ByteWriter();
  #references: Reference[] = [];

  /** One that knows the nodes of an image that is there. */
  constructor(store: NodeStore, known: ReadonlyMap<number, GuestNodes> = new Map()) {
    this.#store = store;
    for (const [pid, { guest, tables, pages }] of known) {
      this.#guests.set(pid, { guest, tables: new Map(tables), pages: new Map(pages) });
      for (const page of pages.values()) this.#know(page);
    }
  }

  /** Writes an image of the machine that belongs to the keyframe with this address. Its root. */
  write({ seq, living, guests }: MachineImage, keyframe: Uint8Array): ImageNode {
    for (const guest of guests) this.#writeGuest(guest);
    const alive = new Set(living);
    for (const pid of this.#guests.keys()) if (!alive.has(pid)) this.#guests.delete(pid);
    this.#begin();
    this.#writer.uint(IMAGE_VERSION);
    this.#writer.uint(seq);
    this.#writer.raw(keyframe);
    const known = [...this.#guests].sort(([one], [other]) => one - other);
    this.#writer.uint(known.length);
    for (const [pid, { guest }] of known) this.#refer(pid, guest);
    return this.#end();
  }

  /** Whether the last image had a guest with this address. */
  hasGuest(pid: number, address: Uint8Array): boolean {
    const known = this.#guests.get(pid);
    return known !== undefined && Buffer.compare(known.guest.address, address) === 0;
  }

  #writeGuest({ pid, begunAt, image }: GuestImage): void {
    const known: KnownGuest = this.#guests.get(pid) ?? {
      tables: new Map(),
      pages: new Map(),
      guest: NO_NODE,
    };
    this.#guests.set(pid, known);
    const changed = new Set<number>();
    const tableOf = (page: number): number => Math.floor(page / NODE_PAGES);
    for (const { index, bytes, address } of image.pages) {
      known.pages.set(index, this.#page(bytes, address));
      changed.add(tableOf(index));
    }
    for (const index of image.freshPages) {
      known.pages.delete(index);
      changed.add(tableOf(index));
    }
    for (const table of changed) this.#writeTable(known, table);
    this.#begin();
    writeGuestRecord(this.#writer, { begunAt, image });
    const tables = [...known.tables].sort(([one], [other]) => one - other);
    this.#writer.uint(tables.length);
    for (const [place, table] of tables) this.#refer(place, table);
    known.guest = this.#end();
  }

  #writeTable(known: KnownGuest, table: number): void {
    this.#begin();
    for (let place = 0; place < NODE_PAGES; place += 1) {
      const page = known.pages.get(table * NODE_PAGES + place);
      if (page !== undefined) this.#refer(place, page);
    }
    if (this.#references.length === 0) known.tables.delete(table);
    else known.tables.set(table, this.#end());
  }

  #page(bytes: Uint8Array, address: Uint8Array): ImageNode {
    const number = this.#numbers.get(keyOf(address)) ?? this.#store.put(bytes, []);
    const page = { number, address };
    this.#know(page);
    return page;
  }

  #know({ number, address }: ImageNode): void {
    this.#numbers.set(keyOf(address), number);
    if (this.#numbers.size <= KNOWN_PAGES) return;
    const [oldest] = this.#numbers.keys();
    this.#numbers.delete(oldest as string);
  }

  #begin(): void {
    this.#writer.length = 0;
    this.#references = [];
  }

  #refer(place: number, { number, address }: ImageNode): void {
    this.#writer.uint(place);
    this.#references.push({ number, offset: this.#writer.length });
    this.#writer.raw(address);
  }

  #end(): ImageNode {
    const canonical = this.#writer.view().slice();
    return { number: this.#store.put(canonical, this.#references), address: sha256(canonical) };
  }
}
