/** Reads images of guests, and judges them: what does not have the address that the keyframe names is no image of this machine. */
import { ByteReader, MalformedBytes } from "../core/byte-reader.ts";
import { type AddressPlace, canonicalBytes } from "../core/stored-page.ts";
import type { GuestImage } from "../guests/pauses.ts";
import { PAGE_BYTES } from "../guests/suspendable/page-hash.ts";
import type { PageImage } from "../guests/suspendable/process-image.ts";
import { readGuestRecord } from "./guest-record.ts";
import { sha256 } from "./hash.ts";
import { type GuestNodes, IMAGE_VERSION, type ImageNode, NODE_PAGES } from "./machine-image.ts";
import { PackReader } from "./page-packs.ts";
import type { StoredKeyframe } from "./keyframe-record.ts";
import type { RecordingStore } from "./recording-store.ts";

const WASM_PAGE_BYTES = 65_536;
const MAX_GUESTS = 1 << 20;

/** Why what stands beside a keyframe is not taken for an image. */
export class ImageRefused extends Error {
  override readonly name = "ImageRefused";
}

/** A guest of an image, and where the parts of it are. */
export interface ReadGuest {
  readonly image: GuestImage;
  readonly nodes: GuestNodes;
}

interface ReadNode<Content> {
  readonly content: Content;
  readonly node: ImageNode;
}

/** Reads the reference at the reader's place, and what it leads to. */
type Follow = <Content>(read: (number: number) => ReadNode<Content>) => ReadNode<Content>;

export class ImageReader {
  readonly #packs: PackReader;
  /** Pages of the image that is being read, by number: each is hashed once, however often it is named. */
  readonly #pages = new Map<number, ReadNode<Uint8Array>>();
  /** Its other nodes, of which each stands in it once: so that reading takes no longer than what was written is large. */
  readonly #nodes = new Set<number>();

  constructor(store: RecordingStore) {
    this.#packs = new PackReader(store);
  }

  /** The guests of the image beside a keyframe, by pid. Throws ImageRefused. */
  read(keyframe: StoredKeyframe): ReadonlyMap<number, ReadGuest> {
    const { image } = keyframe;
    if (image === null) throw new ImageRefused("there is none");
    this.#pages.clear();
    this.#nodes.clear();
    try {
      const { content, node } = this.#root(image.number, keyframe);
      if (Buffer.compare(node.address, image.address) === 0) return content;
    } catch (error) {
      if (error instanceof MalformedBytes) throw new ImageRefused(error.message);
      throw error;
    }
    throw new ImageRefused("it is not what was written");
  }

  #root(number: number, keyframe: StoredKeyframe): ReadNode<ReadonlyMap<number, ReadGuest>> {
    return this.#node(number, (reader, follow) => {
      if (reader.uint() !== IMAGE_VERSION) reader.refuse(`version ${IMAGE_VERSION}`);
      if (reader.uint() !== keyframe.seq) reader.refuse(`an image of event ${keyframe.seq}`);
      if (Buffer.compare(reader.raw(keyframe.address.length), keyframe.address) !== 0)
        reader.refuse("the address of the keyframe beside it");
      const guests = new Map<number, ReadGuest>();
      for (const pid of placesIn(reader, MAX_GUESTS))
        guests.set(pid, follow((below) => this.#guest(below, pid)).content);
      return guests;
    });
  }

  #guest(number: number, pid: number): ReadNode<ReadGuest> {
    const { content, node } = this.#node(number, (reader, follow) => {
      const { begunAt, image } = readGuestRecord(reader);
      const count = (image.memoryPages * WASM_PAGE_BYTES) / PAGE_BYTES;
      const tables = new Map<number, ImageNode>();
      const nodes = new Map<number, ImageNode>();
      const pages: PageImage[] = [];
      for (const place of placesIn(reader, Math.ceil(count / NODE_PAGES))) {
        const table = follow((below) => this.#table(below));
        tables.set(place, table.node);
        for (const { content: bytes, node: page, at } of table.content) {
          const index = place * NODE_PAGES + at;
          if (index >= count) reader.refuse(`pages of a memory of ${count} pages`);
          nodes.set(index, page);
          pages.push({ index, bytes, address: page.address });
        }
      }
      return { pid, begunAt, image: { ...image, pages, freshPages: [] }, tables, pages: nodes };
    });
    const { tables, pages, ...image } = content;
    return { content: { image, nodes: { guest: node, tables, pages } }, node };
  }

  #table(number: number): ReadNode<readonly (ReadNode<Uint8Array> & { readonly at: number })[]> {
    return this.#node(number, (reader, follow) => {
      const pages: (ReadNode<Uint8Array> & { readonly at: number })[] = [];
      for (let before = -1; reader.offset < reader.end; ) {
        const at = reader.uint();
        if (at <= before || at >= NODE_PAGES) reader.refuse("pages in their order");
        before = at;
        pages.push({ ...follow((below) => this.#page(below)), at });
      }
      return pages;
    });
  }

  #page(number: number): ReadNode<Uint8Array> {
    const known = this.#pages.get(number);
    if (known !== undefined) return known;
    const bytes = this.#bytes(number);
    if (bytes.length !== PAGE_BYTES) throw new ImageRefused(`a page has ${bytes.length} bytes`);
    const page = { content: bytes, node: { number, address: sha256(bytes) } };
    this.#pages.set(number, page);
    return page;
  }

  #node<Content>(number: number, parse: (reader: ByteReader, follow: Follow) => Content): ReadNode<Content> {
    if (this.#nodes.has(number)) throw new ImageRefused(`a part of it, ${number}, stands in it twice`);
    this.#nodes.add(number);
    const bytes = this.#bytes(number);
    const reader = new ByteReader(bytes);
    const places: AddressPlace[] = [];
    const content = parse(reader, (read) => {
      const start = reader.offset;
      const distance = reader.uint();
      if (distance === 0 || distance > number) reader.refuse("a node that was written before");
      const below = read(number - distance);
      places.push({ start, end: reader.offset, address: below.node.address });
      return below;
    });
    if (reader.offset !== reader.end) reader.refuse("no more bytes");
    return { content, node: { number, address: sha256(canonicalBytes(bytes, places)) } };
  }

  #bytes(number: number): Uint8Array {
    const bytes = this.#packs.page(number);
    if (bytes === null) throw new ImageRefused(`a part of it, ${number}, is missing`);
    return bytes;
  }
}

/** Places in ascending order, each before what stands at it, as many as a number in front says. */
function* placesIn(reader: ByteReader, end: number): Generator<number> {
  const count = reader.uint();
  for (let index = 0, before = -1; index < count; index += 1) {
    const place = reader.uint();
    if (place <= before || place >= end) reader.refuse(`a place from ${before + 1} to ${end - 1}`);
    before = place;
    yield place;
  }
}
