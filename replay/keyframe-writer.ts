import { type KnownPage, type Reference, StatePages } from "../core/state-pages.ts";
import { storedBytes } from "../core/stored-page.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { sha256 } from "./hash.ts";
import { ImageWriter } from "./image-writer.ts";
import type { GuestNodes, MachineImage } from "./machine-image.ts";
import { PagePacker } from "./page-packs.ts";
import type { RecordingStore } from "./recording-store.ts";

/** Writes keyframes: the pages that are new since the last one, and where the root is. */
export class KeyframeWriter {
  readonly #store: RecordingStore;
  readonly #pages: StatePages;
  /** Made when the first page is put: it looks for the last one that is there. */
  #packer: PagePacker | null = null;
  #bytes = 0;

  #images: ImageWriter;

  constructor(store: RecordingStore) {
    this.#store = store;
    this.#pages = new StatePages(sha256, this);
    this.#images = new ImageWriter(this);
  }

  /** Keeps a page or a node, within a transaction, and gives its number. */
  put(bytes: Uint8Array, references: readonly Reference[]): number {
    const packer = (this.#packer ??= new PagePacker(this.#store));
    const number = packer.next;
    const stored = storedBytes(bytes, references, number);
    packer.put(stored);
    this.#bytes += stored.length;
    return number;
  }

  /** A page that came from the store; as long as its object stays as it is, it is not written again. */
  remember(page: object, known: KnownPage): void {
    this.#pages.remember(page, known);
  }

  /** The next image is of a machine that goes on from one that the store has. */
  rememberImage(known: ReadonlyMap<number, GuestNodes>): void {
    this.#images = new ImageWriter(this, known);
  }

  /** Writes a keyframe, and the image of the guests that belongs to it, within a transaction. How many bytes of pages it brought. */
  write(state: KernelState, taken: MachineImage | null = null): number {
    this.#bytes = 0;
    const { address, number } = this.#pages.writeRoot(state);
    const image = taken === null ? null : this.#images.write(taken, address);
    this.#packer?.flush();
    this.#store.putKeyframe({ seq: state.seq, address, root: number, image });
    return this.#bytes;
  }
}
