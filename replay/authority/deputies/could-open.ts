/** Whether a process could have opened by its own capabilities what another one opened. */
import { right } from "../../../core/rights.ts";
import { peek, rowsOf } from "../../../core/table.ts";
import type { FilesState } from "../../../reducers/files/file-state.ts";
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import type { KernelState } from "../../../reducers/kernel-state.ts";

type Opened = Extract<KernelEvent, { type: "file/opened" }>;

/** Directories above a file that are looked at. */
const MAX_ABOVE = 4096;

function above(files: FilesState, inode: number): ReadonlySet<number> {
  const found = new Set([inode]);
  for (let at = inode; found.size < MAX_ABOVE; ) {
    const directory = peek(files.inodes, at)?.names[0]?.directory;
    if (directory === undefined || found.has(directory)) break;
    found.add(directory);
    at = directory;
  }
  return found;
}

/** Only what it held then counts: not what it might still have come by. */
export function couldOpen(
  { files, capabilities }: KernelState,
  pid: number,
  { inode, rights }: Opened,
): boolean {
  const table = peek(capabilities.tables, pid);
  if (table === null) return false;
  const directories = above(files, inode);
  const asked = rights & (right.fdRead | right.fdWrite);
  for (const [, row] of rowsOf(table.slots)) {
    if (row.object !== "file" || (row.rights & right.pathOpen) === 0) continue;
    const directory = peek(files.opens, row.target)?.inode ?? 0;
    if (directories.has(directory) && (asked & ~row.inheriting) === 0) return true;
  }
  return false;
}
