import { type KnownPage, StatePages } from "../core/state-pages.ts";
import { storedBytes } from "../core/stored-page.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { sha256 } from "./hash.ts";
import { PagePacker } from "./page-packs.ts";
import type { RecordingStore } from "./recording-store.ts";

/** Writes keyframes: the pages that are new since the last one, and where the root is. */
export class KeyframeWriter {
  readonly #store: RecordingStore;
  readonly #pages: StatePages;
  /** Made when the first page is put: it looks for the last one that is there. */
  #packer: PagePacker | null = null;
  #bytes = 0;

  constructor(store: RecordingStore) {
    this.#store = store;
    this.#pages = new StatePages(sha256, {
      put: (bytes, references) => {
        const packer = (this.#packer ??= new PagePacker(store));
        const number = packer.next;
        const stored = storedBytes(bytes, references, number);
        packer.put(stored);
        this.#bytes += stored.length;
        return number;
      },
    });
  }

  /** A page that came from the store; as long as its object stays as it is, it is not written again. */
  remember(page: object, known: KnownPage): void {
    this.#pages.remember(page, known);
  }

  /** Writes a keyframe, within a transaction. How many bytes of pages it brought. */
  write(state: KernelState): number {
    this.#bytes = 0;
    const { address, number } = this.#pages.writeRoot(state);
    this.#packer?.flush();
    this.#store.putKeyframe({ seq: state.seq, address, root: number });
    return this.#bytes;
  }
}
