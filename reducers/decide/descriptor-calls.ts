/** Deciders of the calls on a descriptor itself: its place in the table, its rights, flags and position. */
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import { get } from "../../core/table.ts";
import { addressOf, NOWHERE, space } from "../capabilities/address.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { capabilityIn } from "../capabilities/capability-selectors.ts";
import { fileType } from "../hosts/host-event.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, needs, refuse, refusedOf } from "./decision.ts";
import { denyWriting } from "./deny-writing.ts";
import { fileBehind, heldCapability, heldFile, noneIn } from "./held.ts";
import { timesSet } from "./path-files.ts";
import { ALL_FDFLAGS } from "./open-path.ts";
import type { RequestOf } from "./request.ts";
import { endsWith, removal } from "./revoke-capability.ts";

export const closedFact = (slot: number, capability: Capability): KernelFact => ({
  type: "capability/closed",
  by: capability.id,
  slot,
  object: capability.object,
  target: capability.target,
});

export function closeDescriptor(state: KernelState, pid: number, fd: number): Decision {
  const capability = capabilityIn(state.capabilities, pid, fd);
  return capability === null ? noneIn(fd) : facts(...closedFacts(state, pid, fd, capability));
}

/** A slot is emptied, and first goes what ends with what it holds. */
function closedFacts(
  state: KernelState,
  pid: number,
  slot: number,
  capability: Capability,
): readonly KernelFact[] {
  const closed = closedFact(slot, capability);
  if (capability.below === NOWHERE) return [closed];
  const doomed = [...endsWith(state.capabilities, capability)];
  if (doomed.length === 0) return [closed];
  const root = addressOf(space.process, pid, slot);
  return [...removal(doomed, { by: capability.id, why: "holder-ended", root }), closed];
}

/** WASI preview 1 fd_renumber: atomically, the capability of the one replaces that of the other. */
export function renumber(state: KernelState, pid: number, request: RequestOf<"fd_renumber">): Decision {
  const moved = capabilityIn(state.capabilities, pid, request.fd);
  const replaced = capabilityIn(state.capabilities, pid, request.to);
  if (moved === null) return noneIn(request.fd);
  if (replaced === null) return refusedOf(request.to, noneIn(request.to));
  if (request.fd === request.to)
    return facts({ type: "capability/examined", by: moved.id, slot: request.fd });
  const move: KernelFact = { type: "capability/moved", by: moved.id, slot: request.fd, to: request.to };
  // What ends with another cannot take its place.
  const from = addressOf(space.process, pid, request.fd);
  for (const [address] of endsWith(state.capabilities, replaced))
    if (address === from) return refuse(errno.busy, "ends-with-other");
  return facts(...closedFacts(state, pid, request.to, replaced), move);
}

export function examineDescriptor(state: KernelState, pid: number, fd: number): Decision {
  const capability = capabilityIn(state.capabilities, pid, fd);
  return capability === null
    ? noneIn(fd)
    : facts({ type: "capability/examined", by: capability.id, slot: fd });
}

/** WASI preview 1 fd_prestat_get and fd_prestat_dir_name (`size` null for the first). */
export function examinePreopen(
  state: KernelState,
  pid: number,
  fd: number,
  fits: (label: string) => boolean,
): Decision {
  const capability = capabilityIn(state.capabilities, pid, fd);
  // What else has a label is found by it, and is no directory.
  if (capability === null || capability.label === "" || capability.object !== "file")
    return refuse(errno.badf, "not-preopened");
  if (!fits(capability.label)) return refuse(errno.nametoolong);
  return facts({ type: "capability/examined", by: capability.id, slot: fd });
}

export function narrowRights(
  state: KernelState,
  pid: number,
  request: RequestOf<"fd_fdstat_set_rights">,
): Decision {
  const capability = capabilityIn(state.capabilities, pid, request.fd);
  if (capability === null) return noneIn(request.fd);
  const beyond = (request.rights & ~capability.rights) | (request.inheriting & ~capability.inheriting);
  if (beyond !== 0) return refuse(errno.notcapable, "would-widen", beyond);
  if (request.hasUnknown) return refuse(errno.notcapable, "unknown-rights");
  const { fd: slot, rights, inheriting } = request;
  return facts({ type: "capability/narrowed", by: capability.id, slot, rights, inheriting });
}

export function setFlags(
  state: KernelState,
  pid: number,
  request: RequestOf<"fd_fdstat_set_flags">,
): Decision {
  const capability = heldCapability(state, pid, request.fd, right.fdFdstatSetFlags);
  if ("kind" in capability) return capability;
  if (request.flags > ALL_FDFLAGS) return refuse(errno.inval);
  if (capability.object !== "file")
    return facts({ type: "capability/examined", by: capability.id, slot: request.fd });
  return facts({ type: "file/flags-set", by: capability.id, open: capability.target, flags: request.flags });
}

/** WASI `whence`. */
const whence = { set: 0, current: 1, end: 2 } as const;

export function seek(state: KernelState, pid: number, request: RequestOf<"fd_seek">): Decision {
  const capability = capabilityIn(state.capabilities, pid, request.fd);
  if (capability === null) return noneIn(request.fd);
  if (capability.object !== "file") return refuse(errno.spipe);
  const held = fileBehind(state, capability);
  if (held.inode.kind !== fileType.regular) return refuse(errno.badf, "wrong-kind");
  const onlyTells = request.offset === 0 && request.whence === whence.current;
  const allowed = right.fdSeek | (onlyTells ? right.fdTell : 0);
  if ((capability.rights & allowed) === 0)
    return refuse(errno.notcapable, "lacks-right", onlyTells ? right.fdTell : right.fdSeek);
  if (request.whence > whence.end) return refuse(errno.inval);
  const bases = [0, held.open.position, held.inode.size];
  const offset = (bases[request.whence] as number) + request.offset;
  if (offset < 0) return refuse(errno.inval);
  if (offset > Number.MAX_SAFE_INTEGER) return refuse(errno.overflow);
  return facts({ type: "file/seeked", by: capability.id, open: capability.target, offset });
}

export function tell(state: KernelState, pid: number, fd: number): Decision {
  const capability = capabilityIn(state.capabilities, pid, fd);
  if (capability === null) return noneIn(fd);
  if (capability.object !== "file") return refuse(errno.spipe);
  const held = fileBehind(state, capability);
  if (held.inode.kind !== fileType.regular) return refuse(errno.badf, "wrong-kind");
  // WASI preview 1 `rights`: fd_seek "implies" fd_tell.
  if ((capability.rights & (right.fdTell | right.fdSeek)) === 0)
    return refuse(errno.notcapable, "lacks-right", right.fdTell);
  return facts({ type: "file/position-told", by: capability.id, open: capability.target });
}

const ADVICES = 6;

export function advise(state: KernelState, pid: number, request: RequestOf<"fd_advise">): Decision {
  const held = heldFile(state, pid, request.fd);
  if (held.kind === "refused")
    return capabilityIn(state.capabilities, pid, request.fd) === null ? held : refuse(errno.spipe);
  if (held.inode.kind === fileType.directory) return refuse(errno.badf, "wrong-kind");
  if (request.advice >= ADVICES) return refuse(errno.inval);
  if ((held.capability.rights & right.fdAdvise) === 0)
    return refuse(errno.notcapable, "lacks-right", right.fdAdvise);
  const { id: by, target: open } = held.capability;
  return facts({ type: "file/advised", by, open, advice: request.advice });
}

/** WASI preview 1 fd_sync and fd_datasync: the answer waits until all that was written is durable. */
export function synchronize(state: KernelState, pid: number, fd: number, needed: number): Decision {
  const capability = heldCapability(state, pid, fd, needed);
  if ("kind" in capability) return capability;
  if (capability.object !== "file") return refuse(errno.inval);
  const held = fileBehind(state, capability);
  if (held.inode.fault !== 0) return refuse(held.inode.fault as typeof errno.io);
  return facts({ type: "file/synced", by: capability.id, open: capability.target });
}

/** WASI preview 1 fd_filestat_get: also of what is no file. */
export function examineFile(state: KernelState, pid: number, fd: number): Decision {
  const capability = heldCapability(state, pid, fd, right.fdFilestatGet);
  if ("kind" in capability) return capability;
  if (capability.object !== "file")
    return facts({ type: "capability/examined", by: capability.id, slot: fd });
  return facts({
    type: "file/examined",
    by: capability.id,
    inode: get(state.files.opens, capability.target).inode,
  });
}

export function setDescriptorTimes(
  state: KernelState,
  pid: number,
  at: number,
  request: RequestOf<"fd_filestat_set_times">,
): Decision {
  const capability = heldCapability(state, pid, request.fd, right.fdFilestatSetTimes);
  if ("kind" in capability) return capability;
  if (capability.object !== "file") return refuse(errno.inval);
  const held = fileBehind(state, capability);
  return denyWriting(held.inode) ?? timesSet(state, at, capability.id, held.inodeId, request);
}

export function readDirectory(state: KernelState, pid: number, request: RequestOf<"fd_readdir">): Decision {
  const held = heldFile(state, pid, request.fd);
  if (held.kind === "refused")
    return capabilityIn(state.capabilities, pid, request.fd) === null ? held : refuse(errno.notdir);
  if (held.inode.entries === null) return refuse(errno.notdir);
  if ((held.capability.rights & right.fdReaddir) === 0)
    return refuse(errno.notcapable, "lacks-right", right.fdReaddir);
  if (held.inode.fault !== 0) return refuse(held.inode.fault as typeof errno.io);
  if (!held.inode.entries.isListed) return needs({ need: "listing", inode: held.inodeId });
  const { id: by, target: open } = held.capability;
  return facts({ type: "directory/read", by, open, cookie: request.cookie });
}

export function socketCall(state: KernelState, pid: number, fd: number): Decision {
  return capabilityIn(state.capabilities, pid, fd) === null ? noneIn(fd) : refuse(errno.notsock);
}
