import { errno } from "../../core/errno.ts";
import { directoryRights, regularFileRights, right } from "../../core/rights.ts";
import { get } from "../../core/table.ts";
import { freeSlot } from "../capabilities/capability-selectors.ts";
import { MAX_SLOTS } from "../capabilities/address.ts";
import { freeOpen, isUnlinked } from "../files/file-selectors.ts";
import { fileType } from "../hosts/host-event.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, type Refused, refuse } from "./decision.ts";
import { denyChangeIn, denyWriting } from "./deny-writing.ts";
import { heldDirectory, type HeldFile } from "./held.ts";
import type { RequestOf } from "./request.ts";
import { type Resolved, resolvePath } from "./resolve-path.ts";

/** WASI `oflags`. */
export const oflag = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;
/** WASI `fdflags`. */
export const fdflag = { append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 } as const;
export const ALL_FDFLAGS = 31;
const ALL_OFLAGS = 15;

type OpenRequest = RequestOf<"path_open">;

/** WASI preview 1 path_open, with POSIX's open behind it. */
export function openPath(state: KernelState, pid: number, request: OpenRequest): Decision {
  const held = heldDirectory(state, pid, request.fd, rightsToOpen(request.oflags));
  if (held.kind === "refused") return held;
  const malformed = judgeFlags(state, pid, request);
  if (malformed !== null) return malformed;
  const isExclusive = (request.oflags & oflag.create) !== 0 && (request.oflags & oflag.exclusive) !== 0;
  const follow = request.follow && !isExclusive;
  const found = resolvePath(state.files, {
    base: held.inodeId,
    path: request.path,
    follow,
    followBeforeSlash: !isExclusive,
  });
  if (found.kind !== "resolved") return found;
  const beyond = missingToHandOn(request, held.capability.inheriting);
  if (beyond !== 0) return refuse(errno.notcapable, "lacks-right", beyond);
  return found.inode === 0
    ? openNew(state, pid, request, held, found)
    : openOld(state, pid, request, held, found);
}

const rightsToOpen = (oflags: number): number =>
  right.pathOpen |
  (oflags & oflag.create ? right.pathCreateFile : 0) |
  (oflags & oflag.truncate ? right.pathFilestatSetSize : 0);

/**
 * What a directory must hand on for a file to be opened so, and does not. Reads and writes that synchronise do what fd_datasync and
 * fd_sync do, so they need those rights, of which the latter includes the former. Other rights are asked for at large by programs
 * that take what they get (Rust's std): those that are not handed on, the new descriptor does not have.
 */
function missingToHandOn({ rights, fdflags }: OpenRequest, inheriting: number): number {
  const syncs = (fdflags & (fdflag.rsync | fdflag.sync)) !== 0 ? right.fdSync : 0;
  const hasSync = ((inheriting | syncs) & right.fdSync) !== 0;
  const datasyncs = (fdflags & fdflag.dsync) !== 0 && !hasSync ? right.fdDatasync : 0;
  return ((rights & (right.fdRead | right.fdWrite)) | syncs | datasyncs) & ~inheriting;
}

function judgeFlags(state: KernelState, pid: number, request: OpenRequest): Refused | null {
  if (request.oflags > ALL_OFLAGS || request.fdflags > ALL_FDFLAGS) return refuse(errno.inval);
  if ((request.oflags & oflag.create) !== 0 && (request.oflags & oflag.directory) !== 0)
    return refuse(errno.inval);
  return freeSlot(state.capabilities, pid) >= MAX_SLOTS ? refuse(errno.nfile, "table-full") : null;
}

function openNew(
  state: KernelState,
  pid: number,
  request: OpenRequest,
  held: HeldFile,
  found: Resolved,
): Decision {
  if ((request.oflags & oflag.create) === 0) return refuse(errno.noent);
  if (found.wantsDirectory) return refuse(errno.isdir);
  const denied = denyChangeIn(state.files, found.parent);
  if (denied !== null) return denied;
  if (isUnlinked(state.files, found.parent)) return refuse(errno.noent);
  const inode = state.files.nextInode;
  const by = held.capability.id;
  return facts(
    { type: "file/created", by, directory: found.parent, name: found.name, inode },
    opened(state, pid, request, held, inode, regularFileRights),
  );
}

function openOld(
  state: KernelState,
  pid: number,
  request: OpenRequest,
  held: HeldFile,
  found: Resolved,
): Decision {
  const inode = get(state.files.inodes, found.inode);
  const creates = (request.oflags & oflag.create) !== 0;
  if (creates && (request.oflags & oflag.exclusive) !== 0) return refuse(errno.exist);
  if (inode.kind === fileType.symlink) return refuse(errno.loop);
  const isDirectory = inode.kind === fileType.directory;
  const wantsDirectory = (request.oflags & oflag.directory) !== 0 || found.wantsDirectory;
  if (wantsDirectory && !isDirectory) return refuse(errno.notdir);
  const truncates = (request.oflags & oflag.truncate) !== 0;
  const writes = (request.rights & right.fdWrite) !== 0;
  if (isDirectory && (writes || truncates || creates)) return refuse(errno.isdir);
  if (!isDirectory && inode.kind !== fileType.regular) return refuse(errno.notsup);
  if (inode.fault !== 0) return refuse(inode.fault as Refused["errno"]);
  const denied = writes || truncates ? denyWriting(inode) : null;
  if (denied !== null) return denied;
  if ((request.rights & right.fdRead) !== 0 && !inode.readable) return refuse(errno.acces);
  const open = opened(
    state,
    pid,
    request,
    held,
    found.inode,
    isDirectory ? directoryRights : regularFileRights,
  );
  if (!truncates || inode.size === 0) return facts(open);
  return facts({ type: "file/resized", by: held.capability.id, inode: found.inode, size: 0 }, open);
}

function opened(
  state: KernelState,
  pid: number,
  request: OpenRequest,
  held: HeldFile,
  inode: number,
  applicable: number,
): KernelFact {
  const allowed = held.capability.inheriting;
  return {
    type: "file/opened",
    by: held.capability.id,
    from: request.fd,
    slot: freeSlot(state.capabilities, pid),
    inode,
    open: freeOpen(state.files),
    rights: request.rights & allowed & applicable,
    inheriting:
      applicable === directoryRights
        ? request.inheriting & allowed
        : request.inheriting & allowed & applicable,
    flags: request.fdflags,
  };
}
