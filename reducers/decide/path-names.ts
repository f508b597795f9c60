/** Deciders of the calls that make, move and take away names: mkdir, rmdir, unlink, link, symlink, rename. */
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import { get, sizeOf } from "../../core/table.ts";
import { utf8Length } from "../../core/utf8.ts";
import { type FilesState, MAX_LINKS } from "../files/file-state.ts";
import { isUnlinked } from "../files/file-selectors.ts";
import { fileType } from "../hosts/host-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, type Needs, needs, type Refused, refuse, refusedOf } from "./decision.ts";
import { denyChangeIn } from "./deny-writing.ts";
import { unknownToKeep } from "./file-contents.ts";
import { heldDirectory, type HeldFile } from "./held.ts";
import { lookUpPath, lookUpPresent } from "./look-up-path.ts";
import type { RequestOf } from "./request.ts";
import { MAX_PATH_BYTES, type Resolved, type Resolution, resolvePath } from "./resolve-path.ts";

/** A name is meant itself, whatever it leads to. */
const byName = { follow: false, followBeforeSlash: false } as const;

const nameIn = (state: KernelState, held: HeldFile, path: string): Resolution =>
  resolvePath(state.files, { base: held.inodeId, path, ...byName });

/** The fields of a fact about a name: who changed it, where, and of which inode. */
const nameOf = (held: HeldFile, { parent, name }: Resolved, inode: number) => ({
  by: held.capability.id,
  directory: parent,
  name,
  inode,
});

/** Whether a new name may be made where the path leads: null, or why not. */
function denyNewName(files: FilesState, found: Resolved): Refused | null {
  const denied = denyChangeIn(files, found.parent);
  if (denied !== null) return denied;
  return isUnlinked(files, found.parent) ? refuse(errno.noent) : null;
}

export function createDirectory(
  state: KernelState,
  pid: number,
  request: RequestOf<"path_create_directory">,
): Decision {
  const place = lookUpPath(state, pid, request, { rights: right.pathCreateDirectory, ...byName });
  if (place.kind !== "place") return place;
  const { held, found } = place;
  if (found.inode !== 0) return refuse(errno.exist);
  if (found.endsInDot) return refuse(errno.noent);
  const denied = denyNewName(state.files, found);
  if (denied !== null) return denied;
  return facts({ type: "directory/created", ...nameOf(held, found, state.files.nextInode) });
}

/** What keeps a directory from being taken away or replaced: null if it is known to be empty. */
function denyEmptying(files: FilesState, inodeId: number): Refused | Needs | null {
  const { entries, fault } = get(files.inodes, inodeId);
  if (entries === null) return refuse(errno.notdir);
  if (fault !== 0) return refuse(fault as Refused["errno"]);
  if (!entries.isListed) return needs({ need: "listing", inode: inodeId });
  return sizeOf(entries.entries) > 0 ? refuse(errno.notempty) : null;
}

export function removeDirectory(
  state: KernelState,
  pid: number,
  request: RequestOf<"path_remove_directory">,
): Decision {
  const place = lookUpPresent(state, pid, request, { rights: right.pathRemoveDirectory, ...byName });
  if (place.kind !== "place") return place;
  const { held, found, inode } = place;
  if (found.parent === 0 || found.endsInDot)
    return refuse(found.name === ".." ? errno.notempty : errno.inval);
  if (inode.kind !== fileType.directory) return refuse(errno.notdir);
  const denied = denyEmptying(state.files, found.inode) ?? denyChangeIn(state.files, found.parent);
  if (denied !== null) return denied;
  return facts({ type: "directory/removed", ...nameOf(held, found, found.inode) });
}

export function unlinkFile(
  state: KernelState,
  pid: number,
  request: RequestOf<"path_unlink_file">,
): Decision {
  const place = lookUpPresent(state, pid, request, { rights: right.pathUnlinkFile, ...byName });
  if (place.kind !== "place") return place;
  const { held, found, inode } = place;
  if (inode.kind === fileType.directory) return refuse(errno.isdir);
  if (found.wantsDirectory) return refuse(errno.notdir);
  const denied = denyChangeIn(state.files, found.parent) ?? unknownToKeep(state.files, found.inode);
  if (denied !== null) return denied;
  return facts({ type: "name/unlinked", ...nameOf(held, found, found.inode) });
}

export function linkPath(state: KernelState, pid: number, request: RequestOf<"path_link">): Decision {
  const source = heldDirectory(state, pid, request.fd, right.pathLinkSource);
  if (source.kind === "refused") return source;
  const target = heldDirectory(state, pid, request.toFd, right.pathLinkTarget);
  if (target.kind === "refused") return refusedOf(request.toFd, target);
  if (request.follow) return refuse(errno.inval);
  const from = nameIn(state, source, request.path);
  if (from.kind !== "resolved") return from;
  if (from.inode === 0) return refuse(errno.noent);
  const inode = get(state.files.inodes, from.inode);
  if (inode.kind === fileType.directory) return refuse(errno.perm);
  if (from.wantsDirectory) return refuse(errno.notdir);
  const to = nameIn(state, target, request.toPath);
  if (to.kind !== "resolved") return to;
  if (to.inode !== 0) return refuse(errno.exist);
  if (to.wantsDirectory) return refuse(errno.noent);
  const parent = get(state.files.inodes, to.parent);
  if (parent.mount !== inode.mount) return refuse(errno.xdev);
  if (inode.names.length >= MAX_LINKS) return refuse(errno.mlink);
  const denied = denyNewName(state.files, to);
  if (denied !== null) return denied;
  return facts({ type: "name/linked", ...nameOf(target, to, from.inode) });
}

export function createSymlink(state: KernelState, pid: number, request: RequestOf<"path_symlink">): Decision {
  const held = heldDirectory(state, pid, request.fd, right.pathSymlink);
  if (held.kind === "refused") return held;
  const { target } = request;
  if (target.startsWith("/")) return refuse(errno.perm, "leads-out");
  if (target === "") return refuse(errno.noent);
  if (target.includes("\0")) return refuse(errno.inval);
  if (utf8Length(target) >= MAX_PATH_BYTES) return refuse(errno.nametoolong);
  const found = nameIn(state, held, request.path);
  if (found.kind !== "resolved") return found;
  if (found.inode !== 0) {
    const isFile = get(state.files.inodes, found.inode).kind !== fileType.directory;
    return refuse(found.wantsDirectory && isFile ? errno.notdir : errno.exist);
  }
  if (found.wantsDirectory) return refuse(errno.noent);
  const denied = denyNewName(state.files, found);
  if (denied !== null) return denied;
  return facts({ type: "symlink/created", ...nameOf(held, found, state.files.nextInode), target });
}

export function renamePath(state: KernelState, pid: number, request: RequestOf<"path_rename">): Decision {
  const source = heldDirectory(state, pid, request.fd, right.pathRenameSource);
  if (source.kind === "refused") return source;
  const target = heldDirectory(state, pid, request.toFd, right.pathRenameTarget);
  if (target.kind === "refused") return refusedOf(request.toFd, target);
  const from = nameIn(state, source, request.path);
  if (from.kind !== "resolved") return from;
  const to = nameIn(state, target, request.toPath);
  if (to.kind !== "resolved") return to;
  if (from.inode === 0) return refuse(errno.noent);
  if (from.parent === 0 || to.parent === 0 || from.endsInDot || to.endsInDot) return refuse(errno.busy);
  const denied = denyRename(state.files, from, to);
  if (denied !== null) return denied;
  if (from.inode === to.inode)
    return facts({ type: "file/examined", by: source.capability.id, inode: from.inode });
  return facts({
    type: "name/renamed",
    ...nameOf(source, from, from.inode),
    toDirectory: to.parent,
    toName: to.name,
    replaced: to.inode,
  });
}

function denyRename(files: FilesState, from: Resolved, to: Resolved): Refused | Needs | null {
  const isDirectory = get(files.inodes, from.inode).kind === fileType.directory;
  if (!isDirectory && (from.wantsDirectory || to.wantsDirectory)) return refuse(errno.notdir);
  if (get(files.inodes, from.parent).mount !== get(files.inodes, to.parent).mount) return refuse(errno.xdev);
  if (from.inode === to.inode) return null;
  if (isDirectory && isWithin(files, to.parent, from.inode)) return refuse(errno.inval);
  if (to.inode === 0) return denyChangeIn(files, from.parent) ?? denyNewName(files, to);
  const denied = denyChangeIn(files, from.parent) ?? denyChangeIn(files, to.parent);
  if (denied !== null) return denied;
  const replacesDirectory = get(files.inodes, to.inode).kind === fileType.directory;
  if (!isDirectory) return replacesDirectory ? refuse(errno.isdir) : unknownToKeep(files, to.inode);
  if (!replacesDirectory) return refuse(errno.notdir);
  // A directory that is being moved into itself, from the other side: its own parent is never empty.
  return isWithin(files, from.parent, to.inode) ? refuse(errno.notempty) : denyEmptying(files, to.inode);
}

/** Whether a directory is the other or below it. As deep as the tree, as in every file system that allows such a move. */
function isWithin(files: FilesState, directory: number, ancestor: number): boolean {
  for (let at = directory; at !== 0; ) {
    if (at === ancestor) return true;
    at = get(files.inodes, at).names[0]?.directory ?? 0;
  }
  return false;
}
