import { errno } from "../../core/errno.ts";
import { get } from "../../core/table.ts";
import type { Inode } from "../files/file-state.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Needs, type Refused, refuse } from "./decision.ts";
import { heldDirectory, type HeldFile } from "./held.ts";
import { type Resolved, resolvePath } from "./resolve-path.ts";

/** A path as a call gives it: below the directory that a descriptor is of. */
interface PathBelow {
  readonly fd: number;
  readonly path: string;
}

/** What the caller must be allowed, and whether links are followed: the last one, and one with a slash behind it. */
interface LookUp {
  readonly rights: number;
  readonly follow: boolean;
  readonly followBeforeSlash?: boolean;
}

/** Where a path leads, and through which capability; what is there may be nothing. */
interface Place {
  readonly kind: "place";
  readonly held: HeldFile;
  readonly found: Resolved;
}

/** A place with something there. */
interface Present extends Place {
  readonly inode: Inode;
}

/** Looks up the descriptor first and then the path, as the errors of WASI have it. */
export function lookUpPath(
  state: KernelState,
  pid: number,
  { fd, path }: PathBelow,
  { rights, ...links }: LookUp,
): Place | Refused | Needs {
  const held = heldDirectory(state, pid, fd, rights);
  if (held.kind === "refused") return held;
  const found = resolvePath(state.files, { base: held.inodeId, path, ...links });
  return found.kind === "resolved" ? { kind: "place", held, found } : found;
}

/** As `lookUpPath`, of what must be there: ENOENT if it is not. */
export function lookUpPresent(
  state: KernelState,
  pid: number,
  request: PathBelow,
  lookUp: LookUp,
): Present | Refused | Needs {
  const place = lookUpPath(state, pid, request, lookUp);
  if (place.kind !== "place") return place;
  if (place.found.inode === 0) return refuse(errno.noent);
  return { ...place, inode: get(state.files.inodes, place.found.inode) };
}
