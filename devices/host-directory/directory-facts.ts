/** What the host's directories and their model say in the same words. */
import { invariant } from "../../core/assert.ts";
import { get } from "../../core/table.ts";
import { pathOf } from "../../reducers/files/file-selectors.ts";
import type { FilesState } from "../../reducers/files/file-state.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import type { DeviceFact } from "../device.ts";

/** Names of one fact: a wide directory comes in several. */
const NAMES_PER_FACT = 256;

export interface ListedEntry {
  readonly name: string;
  /** WASI `filetype`. */
  readonly kind: number;
}

export const withoutBytes = (fact: KernelFact): DeviceFact => ({ fact, bytes: null });

/** The host's path of an inode of a mount. */
export function hostPath(files: FilesState, inodeId: number): string {
  const mount = get(files.mounts, get(files.inodes, inodeId).mount);
  // Where changes stay in the machine, the host still has everything where it was.
  const path = mount.mode === "copy" ? get(files.inodes, inodeId).origin : pathOf(files, inodeId);
  invariant(path !== null, "what the host is asked for has a name there");
  return path === "" ? mount.path || "/" : `${mount.path}/${path}`;
}

/** The facts that list a directory, its names in the order of their code units, whatever order the host gave. */
export function listingFacts(
  files: FilesState,
  inode: number,
  found: readonly ListedEntry[],
): readonly DeviceFact[] {
  const entries = [...found].sort((left, right) => (left.name < right.name ? -1 : 1));
  const facts: DeviceFact[] = [];
  for (let at = 0; at === 0 || at < entries.length; at += NAMES_PER_FACT) {
    const part = entries.slice(at, at + NAMES_PER_FACT);
    facts.push(
      withoutBytes({
        type: "host/directory-listed",
        inode,
        firstInode: files.nextInode + at,
        names: part.map((entry) => entry.name),
        kinds: part.map((entry) => entry.kind),
        complete: at + NAMES_PER_FACT >= entries.length,
      }),
    );
  }
  return facts;
}
