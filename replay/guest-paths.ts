/** Paths as guests see them: below the names under which directories were granted. */
import { peek } from "../core/table.ts";
import { pathOf } from "../reducers/files/file-selectors.ts";
import type { FilesState } from "../reducers/files/file-state.ts";
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
    const isKnown = this.#preopens.some((known) => known.inode === inode && known.label === event.label);
    if (!isKnown) this.#preopens.push({ label: event.label, inode });
  }

  /** An inode's path; null for one without a name. */
  pathOf(files: FilesState, inode: number): string | null {
    const root = this.#preopens.find((preopen) => preopen.inode === inode);
    if (root !== undefined) return root.label;
    const below = pathOf(files, inode);
    if (below === null) return null;
    return joinPath(this.#labelOf(files, inode), below);
  }

  #labelOf(files: FilesState, inode: number): string {
    const mount = peek(files.mounts, peek(files.inodes, inode)?.mount ?? 0);
    return this.#preopens.find((preopen) => preopen.inode === mount?.inode)?.label ?? "/";
  }

  /** A path of a name in a directory; null if the directory has none. */
  pathIn(files: FilesState, directory: number, name: string): string | null {
    const path = this.pathOf(files, directory);
    return path === null ? null : joinPath(path, name);
  }
}

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
