/** Reads images of guests, and judges them: what does not have the address that the keyframe names is no image of this machine. */
import { MalformedBytes } from "../core/byte-reader.ts";
import type { GuestImage } from "../guests/pauses.ts";
import { PAGE_BYTES } from "../guests/suspendable/page-hash.ts";
import type { PageImage } from "../guests/suspendable/process-image.ts";
import { readGuestRecord } from "./guest-record.ts";
import {
  ImageRefused,
  MAX_GUESTS,
  NodeReader,
  type ParseNode,
  placesIn,
  readHead,
  type ReadNode,
} from "./image-nodes.ts";
import { type GuestNodes, type ImageNode, NODE_PAGES } from "./machine-image.ts";
import type { StoredKeyframe } from "./keyframe-record.ts";
import type { RecordingStore } from "./recording-store.ts";

const WASM_PAGE_BYTES = 65_536;

/** A guest of an image, and where the parts of it are. */
export interface ReadGuest {
  readonly image: GuestImage;
  readonly nodes: GuestNodes;
}

export class ImageReader {
  readonly #source: NodeReader;
  /** Pages of the image that is being read, by number: each is hashed once, however often it is named. */
  readonly #pages = new Map<number, ReadNode<Uint8Array>>();
  /** Its other nodes, of which each stands in it once: so that reading takes no longer than what was written is large. */
  readonly #nodes = new Set<number>();

  constructor(store: RecordingStore) {
    this.#source = new NodeReader(store);
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
      readHead(reader, keyframe);
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
    const page = this.#source.page(number);
    this.#pages.set(number, page);
    return page;
  }

  #node<Content>(number: number, parse: ParseNode<Content>): ReadNode<Content> {
    if (this.#nodes.has(number)) throw new ImageRefused(`a part of it, ${number}, stands in it twice`);
    this.#nodes.add(number);
    return this.#source.node(number, parse);
  }
}
