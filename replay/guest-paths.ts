/**
 * Paths as guests see them: below the names under which directories were granted. A file has one path that all tools show: by its first
 * name, below the nearest directory above it that was granted, by the first name that this was granted under. There may be others,
 * where it has several names, or processes know a directory by several; whoever compares paths compares them all.
 */
import { peek, sizeOf } from "../core/table.ts";
import type { FilesState } from "../reducers/files/file-state.ts";
import { isMountRoot } from "../reducers/files/file-selectors.ts";
import { kernelEvents, type KernelEvent } from "../reducers/kernel-event.ts";
import { EventFeed } from "./event-feed.ts";
import type { GroupReader } from "./group-reader.ts";
import { groupsWith } from "./index-notes.ts";

/** A directory that a process was granted at boot, under a name. Its root's inode. */
export interface Preopen {
  readonly label: string;
  readonly inode: number;
}

/** The preopens of a recording, as the log tells them: they are known whatever the guest closed since. */
export class GuestPaths {
  readonly #preopens: Preopen[] = [];
  /** The names under which each inode was granted, the first one first. */
  readonly #labels = new Map<number, string[]>();
  /** Inodes by the open files of preopens. */
  readonly #roots = new Map<number, number>();

  /** Reads the grants of a recording; its index says where they are. */
  static of(groups: GroupReader): GuestPaths {
    const paths = new GuestPaths();
    const { tag } = kernelEvents["capability/granted"];
    for (const firstSeq of groupsWith(groups.store, "type", [tag], 0)) {
      const feed = new EventFeed(groups, firstSeq);
      const end = firstSeq + (groups.holding(firstSeq)?.header.count ?? 0);
      while (feed.seq < end) {
        const event = feed.next();
        if (event !== null) paths.take(event);
      }
    }
    return paths;
  }

  get preopens(): readonly Preopen[] {
    return this.#preopens;
  }

  /** Learns from an event that comes later. */
  take(event: KernelEvent): void {
    if (event.type === "file/preopened") this.#roots.set(event.open, event.inode);
    if (event.type !== "capability/granted" || event.label === "") return;
    const inode = this.#roots.get(event.target);
    if (inode === undefined) return;
    const labels = this.#labels.get(inode);
    if (labels?.includes(event.label) === true) return;
    this.#preopens.push({ label: event.label, inode });
    if (labels === undefined) this.#labels.set(inode, [event.label]);
    else labels.push(event.label);
  }

  /** The path that an inode is shown by; null for one without a name. Below "/" if nothing above it was granted. */
  pathOf(files: FilesState, inode: number): string | null {
    return this.#walk(files, inode, "/");
  }

  /** The same, null if nothing above it was granted: then no guest knows it by a path. */
  knownPathOf(files: FilesState, inode: number): string | null {
    return this.#walk(files, inode, null);
  }

  #walk(files: FilesState, inode: number, root: string | null): string | null {
    const names: string[] = [];
    for (let at = inode; ; ) {
      const label = this.#labels.get(at)?.[0] ?? (isMountRoot(files, at) ? root : undefined);
      if (label === null) return null;
      if (label !== undefined) return joinPath(label, names.reverse().join("/"));
      const link = peek(files.inodes, at)?.names[0];
      // A log from outside may hold a ring of directories, which no machine of ours makes.
      if (link === undefined || names.length > sizeOf(files.inodes)) return null;
      names.push(link.name);
      at = link.directory;
    }
  }

  /** Paths by which processes know an inode, the one that it is shown by first: at most so many. */
  pathsOf(files: FilesState, inode: number, most: number): readonly string[] {
    const first = this.pathOf(files, inode);
    const found = new Set<string>(first === null ? [] : [first]);
    const seen = new Set<string>();
    const todo = [{ at: inode, below: "" }];
    for (let next = todo.shift(); next !== undefined && found.size < most; next = todo.shift()) {
      const { at, below } = next;
      for (const label of this.#labels.get(at) ?? []) found.add(joinPath(label, below));
      for (const { directory, name } of peek(files.inodes, at)?.names ?? []) {
        const path = below === "" ? name : `${name}/${below}`;
        // As many as these are looked at: of a ring of directories, or of a file with very many names.
        if (seen.size >= MOST_LOOKED || seen.has(`${directory}/${path}`)) continue;
        seen.add(`${directory}/${path}`);
        todo.push({ at: directory, below: path });
      }
    }
    return [...found].slice(0, most);
  }

  /** A path of a name in a directory; null if the directory has none. */
  pathIn(files: FilesState, directory: number, name: string): string | null {
    const path = this.pathOf(files, directory);
    return path === null ? null : joinPath(path, name);
  }
}

/** Names looked at for the paths of one file. */
const MOST_LOOKED = 1 << 12;

/** Paths of one file that whoever compares paths compares. */
export const MOST_PATHS = 64;

export function joinPath(directory: string, name: string): string {
  if (name === "") return directory;
  return directory.endsWith("/") ? `${directory}${name}` : `${directory}/${name}`;
}

/** A path to compare with others: no `.`, no doubled or trailing slash, no slash in front. */
export const plainPath = (path: string): string =>
  path
    .split("/")
    .filter((word) => word !== "" && word !== ".")
    .join("/");
