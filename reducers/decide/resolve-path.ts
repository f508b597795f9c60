/**
 * Path resolution below a held directory, and never beside it: `..` goes back along the way that was come, an absolute path or
 * link leads nowhere, and as one decision sees one state, no race can move a directory in between (law B19).
 */
import { errno } from "../../core/errno.ts";
import { peek } from "../../core/table.ts";
import { utf8Length } from "../../core/utf8.ts";
import { type Entry, findEntry } from "../files/directory.ts";
import type { FilesState, Inode } from "../files/file-state.ts";
import { fileType } from "../hosts/host-event.ts";
import { type Needs, needs, type Refused, refuse } from "./decision.ts";

/** Where a path leads. */
export interface Resolved {
  readonly kind: "resolved";
  /** The directory that has, or would have, the last name; 0 if the path ends in the held directory itself, `.` or `..`. */
  readonly parent: number;
  readonly name: string;
  /** 0 if there is nothing of that name. */
  readonly inode: number;
  /** Whether a slash at the end asks for a directory. */
  readonly wantsDirectory: boolean;
  /** Whether the path's last part is `.`, which names what it ends in and not a name of it. */
  readonly endsInDot: boolean;
}

export type Resolution = Resolved | Refused | Needs;

interface PathLookup {
  readonly base: number;
  readonly path: string;
  /** Whether a symbolic link at the end is followed. */
  readonly follow: boolean;
  /** Whether one is followed when a slash comes behind it. Calls that make or take away names do not. */
  readonly followBeforeSlash?: boolean;
}

/** WASI has no PATH_MAX; this is Linux's. */
export const MAX_PATH_BYTES = 4096;
export const MAX_NAME_BYTES = 255;
/** Links on the way of one path: Linux's MAXSYMLINKS. */
const MAX_LINKS_FOLLOWED = 40;

export function resolvePath(files: FilesState, lookup: PathLookup): Resolution {
  const { path } = lookup;
  if (path.length === 0) return refuse(errno.noent);
  if (path.includes("\0")) return refuse(errno.inval);
  if (path.startsWith("/")) return refuse(errno.perm, "leads-out");
  if (utf8Length(path) >= MAX_PATH_BYTES) return refuse(errno.nametoolong);
  return new Walk(files, lookup).run();
}

const isName = (part: string): boolean => part !== "" && part !== ".";

/** One resolution under way: the directories on the way down, and the names that are still to go, the next one last. */
class Walk {
  readonly #files: FilesState;
  readonly #lookup: PathLookup;
  readonly #way: number[];
  #ahead: string[] = [];
  #wantsDirectory = false;
  #linksFollowed = 0;

  constructor(files: FilesState, lookup: PathLookup) {
    this.#files = files;
    this.#lookup = lookup;
    this.#way = [lookup.base];
  }

  run(): Resolution {
    this.#goOnWith(this.#lookup.path);
    let last: Resolved = {
      kind: "resolved",
      parent: 0,
      name: ".",
      inode: this.#here,
      wantsDirectory: false,
      endsInDot: false,
    };
    while (this.#ahead.length > 0) {
      const name = this.#ahead.pop() as string;
      const taken = name === ".." ? this.#goBack() : this.#goInto(name);
      if (taken === "followed") continue;
      if (taken.kind !== "resolved") return taken;
      last = taken;
    }
    return {
      ...last,
      wantsDirectory: this.#wantsDirectory,
      endsInDot: /(^|\/)\.\/*$/.test(this.#lookup.path),
    };
  }

  get #here(): number {
    return this.#way[this.#way.length - 1] as number;
  }

  #goOnWith(path: string): void {
    const parts = path.split("/");
    if (this.#ahead.length === 0 && !isName(parts[parts.length - 1] as string)) this.#wantsDirectory = true;
    this.#ahead.push(...parts.filter(isName).reverse());
  }

  #goBack(): Resolved | Refused {
    if (this.#way.length === 1) return refuse(errno.perm, "leads-out");
    this.#way.pop();
    return {
      kind: "resolved",
      parent: 0,
      name: "..",
      inode: this.#here,
      wantsDirectory: false,
      endsInDot: false,
    };
  }

  #goInto(name: string): Resolution | "followed" {
    if (utf8Length(name) > MAX_NAME_BYTES) return refuse(errno.nametoolong);
    const parent = this.#here;
    const found = findIn(this.#files, parent, name);
    if (found !== null && "kind" in found && typeof found.kind === "string") return found;
    const entry = found as Entry | null;
    const isLast = this.#ahead.length === 0;
    if (entry === null) {
      if (!isLast) return refuse(errno.noent);
      return { kind: "resolved", parent, name, inode: 0, wantsDirectory: false, endsInDot: false };
    }
    if (entry.kind === fileType.symlink && (!isLast || this.#follows)) return this.#follow(entry.inode);
    if (!isLast && entry.kind !== fileType.directory) return refuse(errno.notdir);
    this.#way.push(entry.inode);
    return { kind: "resolved", parent, name, inode: entry.inode, wantsDirectory: false, endsInDot: false };
  }

  get #follows(): boolean {
    return this.#lookup.follow || (this.#wantsDirectory && this.#lookup.followBeforeSlash !== false);
  }

  #follow(inode: number): "followed" | Refused {
    this.#linksFollowed += 1;
    if (this.#linksFollowed > MAX_LINKS_FOLLOWED) return refuse(errno.loop);
    const target = (peek(this.#files.inodes, inode) as Inode).target;
    if (target.startsWith("/")) return refuse(errno.perm, "leads-out");
    if (target === "") return refuse(errno.noent);
    this.#goOnWith(target);
    return "followed";
  }
}

/** A name in a directory: its entry, null if it is not there, or what must be known first. */
function findIn(files: FilesState, directoryId: number, name: string): Entry | Refused | Needs | null {
  const directory = peek(files.inodes, directoryId);
  if (directory === null || directory.entries === null) return refuse(errno.notdir);
  if (directory.fault !== 0) return refuse(directory.fault as Refused["errno"]);
  if (!directory.entries.isListed) return needs({ need: "listing", inode: directoryId });
  const entry = findEntry(directory.entries, name, files.nameSeed);
  if (entry === null || peek(files.inodes, entry.inode) !== null) return entry;
  return needs({ need: "node", directory: directoryId, name, inode: entry.inode, kind: entry.kind });
}
