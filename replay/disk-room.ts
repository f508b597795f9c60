/**
 * Room on a recording's disk is asked for before LMDB writes. Without room LMDB would end the process: its lock file is mapped, so
 * a missing page of it is a SIGBUS; and what it notes of a failed write does not fit where it notes it.
 */
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreFailed } from "./store-failed.ts";

/** For LMDB's lock file and first pages. */
const LOCK_BYTES = 1 << 16;
/** For the pages above those that a commit is about, and for its list of free pages. */
const COMMIT_BYTES = 1 << 18;
const PAGE_BYTES = 4096;

/** Takes the room for a store's first pages, and gives it back at once. */
export function assureFirstRoom(directory: string): void {
  const probe = join(directory, "room");
  try {
    writeFileSync(probe, new Uint8Array(LOCK_BYTES));
  } finally {
    rmSync(probe, { force: true });
  }
}

/** What the puts of one commit may take at most: each its own pages, and one more that is split for it. */
export class CommitRoom {
  #bytes = COMMIT_BYTES;

  begin(): void {
    this.#bytes = COMMIT_BYTES;
  }

  take(length: number): void {
    this.#bytes += Math.ceil(length / PAGE_BYTES + 1) * PAGE_BYTES;
  }

  /** Refuses to go on unless there is so much room. */
  demand(directory: string): void {
    const { blocks, bavail, bsize } = statfsSync(directory);
    const free = bavail * bsize;
    // Some file systems do not say how large they are.
    if (blocks === 0 || free >= this.#bytes) return;
    throw new StoreFailed(
      directory,
      `no space is left on its disk: ${free} bytes are free, ${this.#bytes} may be needed`,
    );
  }
}
