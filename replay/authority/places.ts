/** Where capabilities lead, for whoever compares them: inodes, and which directory is above which. */
import { peek } from "../../core/table.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { resolvePath } from "../../reducers/decide/resolve-path.ts";
import type { FilesState } from "../../reducers/files/file-state.ts";

/** Slots of a process that are looked at: its first ones, which its preopens are. So a log of refusals is printed as fast as any. */
export const MOST_SLOTS = 256;

/** The inode behind a capability of a file or a directory; 0 behind all others. */
export const inodeBehind = (files: FilesState, { object, target }: Capability): number =>
  object === "file" ? (peek(files.opens, target)?.inode ?? 0) : 0;

/**
 * Every directory below which an inode has a name. (A symbolic link leads nowhere that is not below the directory that the path
 * begins at, so what is reached over one is reached without it, too.)
 */
export function directoriesAbove(files: FilesState, inode: number): ReadonlySet<number> {
  const above = new Set<number>();
  const todo = [inode];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    for (const { directory } of peek(files.inodes, at)?.names ?? []) {
      if (above.has(directory)) continue;
      above.add(directory);
      todo.push(directory);
    }
  }
  return above;
}

/** The directory that a path's last name is in, as far as the machine knows the way; else that which the path starts from. */
export function directoryOf(files: FilesState, base: number, path: string): number {
  if (path === "") return base;
  const found = resolvePath(files, { base, path, follow: false });
  return found.kind === "resolved" && found.parent !== 0 ? found.parent : base;
}
