import { get, peek } from "../core/table.ts";
import type { Demand } from "../reducers/decide/decision.ts";
import type { FilesState } from "../reducers/files/file-state.ts";
import { fileType } from "../reducers/hosts/host-event.ts";

/** So many are noted; of more it is known only that there are more. */
const MAX_NOTED = 4096;

/**
 * What has another name than the host knows, until the effects are released: who asks the host for it by its new name would
 * not find it. Only what the host still has to tell something of is noted, so that making and moving files of its own never
 * makes a machine wait.
 */
export class MovedInodes {
  readonly #inodes = new Set<number>();
  #areMore = false;

  take(files: FilesState, inodeId: number): void {
    const inode = peek(files.inodes, inodeId);
    if (inode === null || inode.mount === 0) return;
    if (inode.kind !== fileType.directory && inode.hostSize === 0) return;
    if (this.#inodes.size < MAX_NOTED) this.#inodes.add(inodeId);
    else this.#areMore = true;
  }

  /** Whether the host is asked for something that was moved, or for something below it. */
  concerns(files: FilesState, demand: Demand): boolean {
    if (this.#areMore) return true;
    if (this.#inodes.size === 0) return false;
    let at = demand.need === "node" ? demand.directory : demand.inode;
    for (;;) {
      if (this.#inodes.has(at)) return true;
      const link = get(files.inodes, at).names[0];
      if (link === undefined) return false;
      at = link.directory;
    }
  }

  clear(): void {
    this.#inodes.clear();
    this.#areMore = false;
  }
}
