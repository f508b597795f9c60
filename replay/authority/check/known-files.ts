/** What the checker has to know of files: which inode an open file is of, where it stands, and how long inodes are. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import type { Known } from "./use-rules.ts";

export class KnownFiles implements Known {
  readonly #inodes = new Map<number, number>();
  readonly #positions = new Map<number, number>();
  readonly #sizes = new Map<number, number>();

  inodeOf(open: number): number {
    return this.#inodes.get(open) ?? 0;
  }

  positionOf(open: number): number | null {
    return this.#positions.get(open) ?? null;
  }

  sizeOf(inode: number): number | null {
    return this.#sizes.get(inode) ?? null;
  }

  /** `inode` is the one behind the capability that was used. */
  take(event: KernelEvent, inode: number): void {
    switch (event.type) {
      case "file/preopened":
      case "file/opened":
        this.#inodes.set(event.open, event.inode);
        this.#positions.set(event.open, 0);
        return;
      case "file/read":
        return void this.#positions.set(event.open, event.offset + event.length);
      case "file/written":
        this.#positions.set(event.open, event.offset + event.length);
        return this.#grow(inode, event.offset + event.length);
      case "file/written-at":
        return this.#grow(inode, event.offset + event.length);
      case "file/seeked":
        return void this.#positions.set(event.open, event.offset);
      case "file/created":
        return void this.#sizes.set(event.inode, 0);
      case "file/resized":
      case "host/node-examined":
        return void this.#sizes.set(event.inode, event.size);
      default:
        return;
    }
  }

  #grow(inode: number, end: number): void {
    const size = this.#sizes.get(inode);
    if (size !== undefined) this.#sizes.set(inode, Math.max(size, end));
  }
}
