/** Deciders of the calls that ask or change what stands behind a path. */
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import { timestampOf, wallAt } from "../clock/clock-selectors.ts";
import { fileType } from "../hosts/host-event.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, type Refused, refuse } from "./decision.ts";
import { denyWriting } from "./deny-writing.ts";
import { lookUpPresent } from "./look-up-path.ts";
import type { RequestOf, TimesRequest } from "./request.ts";

export function examinePath(
  state: KernelState,
  pid: number,
  request: RequestOf<"path_filestat_get">,
): Decision {
  const { follow } = request;
  const place = lookUpPresent(state, pid, request, { rights: right.pathFilestatGet, follow });
  if (place.kind !== "place") return place;
  const { held, found, inode } = place;
  if (found.wantsDirectory && inode.kind !== fileType.directory) return refuse(errno.notdir);
  return facts({ type: "file/examined", by: held.capability.id, inode: found.inode });
}

export function setPathTimes(
  state: KernelState,
  pid: number,
  at: number,
  request: RequestOf<"path_filestat_set_times">,
): Decision {
  const { follow } = request;
  const place = lookUpPresent(state, pid, request, { rights: right.pathFilestatSetTimes, follow });
  if (place.kind !== "place") return place;
  const { held, found, inode } = place;
  if (found.wantsDirectory && inode.kind !== fileType.directory) return refuse(errno.notdir);
  return denyWriting(inode) ?? timesSet(state, at, held.capability.id, found.inode, request);
}

/** WASI `fstflags`. */
const fstflag = { setAccessed: 1, accessedNow: 2, setModified: 4, modifiedNow: 8 } as const;
const ALL_FSTFLAGS = 15;

/** The fact that times were set, or EINVAL for flags that contradict each other. */
export function timesSet(
  state: KernelState,
  at: number,
  by: number,
  inode: number,
  request: TimesRequest,
): Decision {
  const { fstflags } = request;
  const asks = (flags: number): boolean => (fstflags & flags) !== 0;
  const bothAccessed = asks(fstflag.setAccessed) && asks(fstflag.accessedNow);
  const bothModified = asks(fstflag.setModified) && asks(fstflag.modifiedNow);
  if (fstflags > ALL_FSTFLAGS || bothAccessed || bothModified) return refuse(errno.inval);
  const now = timestampOf(wallAt(state.clock, at));
  const fact: KernelFact = {
    type: "file/times-set",
    by,
    inode,
    setAccessed: asks(fstflag.setAccessed | fstflag.accessedNow),
    accessedSeconds: asks(fstflag.accessedNow) ? now.seconds : request.accessedSeconds,
    accessedNanos: asks(fstflag.accessedNow) ? now.nanos : request.accessedNanos,
    setModified: asks(fstflag.setModified | fstflag.modifiedNow),
    modifiedSeconds: asks(fstflag.modifiedNow) ? now.seconds : request.modifiedSeconds,
    modifiedNanos: asks(fstflag.modifiedNow) ? now.nanos : request.modifiedNanos,
  };
  return facts(fact);
}

export function readSymlink(state: KernelState, pid: number, request: RequestOf<"path_readlink">): Decision {
  // With a slash behind it a link is followed, as POSIX has it, and what it leads to is no link.
  const place = lookUpPresent(state, pid, request, { rights: right.pathReadlink, follow: false });
  if (place.kind !== "place") return place;
  const { held, found, inode } = place;
  const denied = denyReadlink(inode.kind, found.wantsDirectory);
  return denied ?? facts({ type: "symlink/read", by: held.capability.id, inode: found.inode });
}

function denyReadlink(kind: number, wantsDirectory: boolean): Refused | null {
  if (kind === fileType.symlink) return null;
  return refuse(wantsDirectory && kind !== fileType.directory ? errno.notdir : errno.inval);
}
