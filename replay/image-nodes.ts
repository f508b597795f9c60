/** Nodes of images as they lie in a store, each with the address that its bytes have: see machine-image.ts. */
import { ByteReader } from "../core/byte-reader.ts";
import { type AddressPlace, canonicalBytes } from "../core/stored-page.ts";
import { PAGE_BYTES } from "../guests/suspendable/page-hash.ts";
import { sha256 } from "./hash.ts";
import type { StoredKeyframe } from "./keyframe-record.ts";
import { IMAGE_VERSION, type ImageNode } from "./machine-image.ts";
import { PackReader } from "./page-packs.ts";
import type { RecordingStore } from "./recording-store.ts";

export const MAX_GUESTS = 1 << 20;

/** Why what stands beside a keyframe is not taken for an image. */
export class ImageRefused extends Error {
  override readonly name = "ImageRefused";
}

export interface ReadNode<Content> {
  readonly content: Content;
  readonly node: ImageNode;
}

/** Reads the reference at the reader's place, and what it leads to. */
type Follow = <Content>(read: (number: number) => ReadNode<Content>) => ReadNode<Content>;

export type ParseNode<Content> = (reader: ByteReader, follow: Follow) => Content;

/** Throws ImageRefused, or MalformedBytes. */
export class NodeReader {
  readonly #packs: PackReader;

  constructor(store: RecordingStore) {
    this.#packs = new PackReader(store);
  }

  page(number: number): ReadNode<Uint8Array> {
    const bytes = this.#bytes(number);
    if (bytes.length !== PAGE_BYTES) throw new ImageRefused(`a page has ${bytes.length} bytes`);
    return { content: bytes, node: { number, address: sha256(bytes) } };
  }

  node<Content>(number: number, parse: ParseNode<Content>): ReadNode<Content> {
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

/** What a root begins with: of which version, and beside which keyframe it is. */
export function readHead(reader: ByteReader, keyframe: StoredKeyframe): void {
  if (reader.uint() !== IMAGE_VERSION) reader.refuse(`version ${IMAGE_VERSION}`);
  if (reader.uint() !== keyframe.seq) reader.refuse(`an image of event ${keyframe.seq}`);
  if (Buffer.compare(reader.raw(keyframe.address.length), keyframe.address) !== 0)
    reader.refuse("the address of the keyframe beside it");
}

/** Places in ascending order, each before what stands at it, as many as a number in front says. */
export function* placesIn(reader: ByteReader, end: number): Generator<number> {
  const count = reader.uint();
  for (let index = 0, before = -1; index < count; index += 1) {
    const place = reader.uint();
    if (place <= before || place >= end) reader.refuse(`a place from ${before + 1} to ${end - 1}`);
    before = place;
    yield place;
  }
}
