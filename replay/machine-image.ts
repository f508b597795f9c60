/**
 * Images of guests in a recording. Each belongs to a keyframe, and stands beside it: the keyframe is the kernel's state after an
 * event, the image the guests as they rested then. Resuming, and looking into a guest, begin at the last one.
 *
 *   image  := version seq keyframe (pid guest)*      a tree of nodes, each of which has as its address the SHA-256
 *   guest  := record (place pages)*                  of its bytes with the addresses of the nodes below in it: what
 *   pages  := (place page)*     up to 64             did not change has the address that it had, and is not
 *   page   := 4,096 bytes of the guest's memory      written again
 *
 * Nodes lie in packs, beside the pages of keyframes, and name those below by their numbers (core/stored-page.ts).
 */
import type { GuestImage } from "../guests/pauses.ts";

export const IMAGE_VERSION = 1;
/** Pages whose addresses stand in one node. */
export const NODE_PAGES = 64;

/** What is to be written down at a keyframe: who lives, and who has run since the last time. */
export interface MachineImage {
  readonly seq: number;
  readonly living: readonly number[];
  readonly guests: readonly GuestImage[];
}

/** A node that is in the store. */
export interface ImageNode {
  readonly number: number;
  readonly address: Uint8Array;
}

/** What is known of the nodes of one guest. */
export interface GuestNodes {
  readonly guest: ImageNode;
  /** By their place. */
  readonly tables: ReadonlyMap<number, ImageNode>;
  readonly pages: ReadonlyMap<number, ImageNode>;
}
