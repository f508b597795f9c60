/**
 * Looks at images as they lie in a recording: whether each of their nodes can be read and has the address that its parent names, up
 * to the one that the keyframe's record has. A node that many images share is looked at once. What the nodes say is not judged.
 */
import { MalformedBytes } from "../core/byte-reader.ts";
import { readGuestRecord } from "./guest-record.ts";
import { ImageRefused, MAX_GUESTS, NodeReader, placesIn, readHead, type ReadNode } from "./image-nodes.ts";
import type { StoredKeyframe } from "./keyframe-record.ts";
import { KnownAddresses } from "./known-addresses.ts";
import { NODE_PAGES } from "./machine-image.ts";
import { RecordingRefused } from "./recording-refused.ts";
import type { RecordingStore } from "./recording-store.ts";

export class ImageVerifier {
  readonly #store: RecordingStore;
  readonly #nodes: NodeReader;
  /** Of each kind their own: a page that is named as a guest is none. */
  readonly #guests = new KnownAddresses();
  readonly #tables = new KnownAddresses();
  readonly #pages = new KnownAddresses();
  /** The first image that is damaged, and why. */
  #first: { readonly seq: number; readonly why: string } | null = null;
  #damaged = 0;

  constructor(store: RecordingStore) {
    this.#store = store;
    this.#nodes = new NodeReader(store);
  }

  /** Looks at the image beside a keyframe, if there is one. That it is damaged is said at the end: the log may be sound. */
  look(keyframe: StoredKeyframe): void {
    const why = this.#damageOf(keyframe);
    if (why === null) return;
    this.#damaged += 1;
    this.#first ??= { seq: keyframe.seq, why };
  }

  /** Throws RecordingRefused if an image was damaged. */
  judge(): void {
    if (this.#first === null) return;
    const { seq, why } = this.#first;
    const more = this.#damaged - 1;
    const others = more === 0 ? "" : `, and ${more} behind it ${more === 1 ? "is" : "are"}`;
    throw new RecordingRefused(
      this.#store.path,
      `the image of its programs at event ${seq} is damaged (${why})${others}`,
      "its events are sound: `foldos resume` and `show` begin at another image, or without one; or use a copy that was not changed",
    );
  }

  #damageOf(keyframe: StoredKeyframe): string | null {
    const { image } = keyframe;
    if (image === null) return null;
    try {
      const { address } = this.#root(image.number, keyframe).node;
      return Buffer.compare(address, image.address) === 0 ? null : "it is not what was written";
    } catch (error) {
      if (error instanceof ImageRefused || error instanceof MalformedBytes) return error.message;
      throw error;
    }
  }

  #root(number: number, keyframe: StoredKeyframe): ReadNode<unknown> {
    return this.#nodes.node(number, (reader, follow) => {
      readHead(reader, keyframe);
      for (const _ of placesIn(reader, MAX_GUESTS)) follow((below) => this.#guest(below));
    });
  }

  #guest(number: number): ReadNode<unknown> {
    return once(this.#guests, number, () =>
      this.#nodes.node(number, (reader, follow) => {
        readGuestRecord(reader);
        for (const _ of placesIn(reader, Number.MAX_SAFE_INTEGER)) follow((below) => this.#table(below));
      }),
    );
  }

  #table(number: number): ReadNode<unknown> {
    return once(this.#tables, number, () =>
      this.#nodes.node(number, (reader, follow) => {
        while (reader.offset < reader.end) {
          if (reader.uint() >= NODE_PAGES) reader.refuse("a place of a page");
          follow((below) => once(this.#pages, below, () => this.#nodes.page(below)));
        }
      }),
    );
  }
}

/** A node whose address is known is not read again. */
function once(known: KnownAddresses, number: number, read: () => ReadNode<unknown>): ReadNode<unknown> {
  const address = known.get(number);
  if (address !== null) return { content: null, node: { number, address } };
  const made = read();
  known.set(number, made.node.address);
  return made;
}
