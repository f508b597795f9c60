import { storedBytes } from "../../core/stored-page.ts";
import type { Reference } from "../../core/state-pages.ts";
import { PagePacker } from "../../replay/page-packs.ts";
import type { MemoryStore } from "./memory-store.ts";

/** Where nodes of images are put without a keyframe: into packs of a store, whose numbers go on. */
export class ImageShelf {
  readonly #packer: PagePacker;

  constructor(store: MemoryStore) {
    this.#packer = new PagePacker(store.asStore);
  }

  put(canonical: Uint8Array, references: readonly Reference[]): number {
    const { next } = this.#packer;
    this.#packer.put(storedBytes(canonical, references, next));
    this.#packer.flush();
    return next;
  }
}
