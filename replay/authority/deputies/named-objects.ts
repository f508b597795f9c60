/** Which effects are on something that was named by a path, and what it is called then. */
import { peek } from "../../../core/table.ts";
import type { FilesState } from "../../../reducers/files/file-state.ts";
import type { KernelEvent } from "../../../reducers/kernel-event.ts";

/** Names of one object that an effect is on: the name last, its directory's before it as far as known. */
export interface NamedObject {
  readonly inode: number;
  readonly paths: readonly (readonly string[])[];
}

type Named = { readonly directory: number; readonly name: string; readonly inode: number };

/** Directories above a name that are looked at: a short name is told from others by them. */
const MAX_ABOVE = 3;

/** The last parts of a path to a name in a directory. */
function pathTo(files: FilesState, directory: number, name: string): readonly string[] {
  const path = [name];
  for (let at = directory; path.length <= MAX_ABOVE; ) {
    const above = peek(files.inodes, at)?.names[0];
    if (above === undefined) break;
    path.unshift(above.name);
    at = above.directory;
  }
  return path;
}

const byName = (files: FilesState, { inode, directory, name }: Named): NamedObject => ({
  inode,
  paths: [pathTo(files, directory, name)],
});

/**
 * What an effect is on that somebody named; null for all others. Asking what a file is changes nothing and gives nothing into anybody's
 * hands: it is no effect. What is created by opening it is opened by the next event.
 */
export function namedBy(files: FilesState, event: KernelEvent): NamedObject | null {
  switch (event.type) {
    case "file/opened": {
      const names = peek(files.inodes, event.inode)?.names ?? [];
      const paths = names.map(({ directory, name }) => pathTo(files, directory, name));
      return { inode: event.inode, paths };
    }
    case "directory/created":
    case "directory/removed":
    case "name/linked":
    case "name/unlinked":
      return byName(files, event);
    case "symlink/created":
      return { ...byName(files, event), paths: [pathTo(files, event.directory, event.name), [event.target]] };
    case "name/renamed": {
      const to = pathTo(files, event.toDirectory, event.toName);
      return { inode: event.inode, paths: [pathTo(files, event.directory, event.name), to] };
    }
    default:
      return null;
  }
}
