import type { Reference } from "../../core/state-pages.ts";
import type { MemoryStore } from "./memory-store.ts";
/** Where nodes of images are put without a keyframe: into packs of a store, whose numbers go on. */
export declare class ImageShelf {
  #private;
  constructor(store: MemoryStore);
  put(canonical: Uint8Array, references: readonly Reference[]): number;
}
