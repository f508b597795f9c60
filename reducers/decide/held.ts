import { errno } from "../../core/errno.ts";
import { get } from "../../core/table.ts";
import { MAX_SLOTS } from "../capabilities/address.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { capabilityIn } from "../capabilities/capability-selectors.ts";
import type { Inode, OpenFile } from "../files/file-state.ts";
import { fileType } from "../hosts/host-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { refuse, type Refused } from "./decision.ts";

/** A capability that the process holds, with what it is of. */
export interface HeldFile {
  readonly kind: "held";
  readonly capability: Capability;
  readonly open: OpenFile;
  readonly inodeId: number;
  readonly inode: Inode;
}

/** The refusal of a descriptor that nothing is behind. */
export const noneIn = (fd: number): Refused => refuse(errno.badf, fd < MAX_SLOTS ? "empty-slot" : "no-slot");

/** Looks a descriptor up that must be a file or a directory. */
export function heldFile(state: KernelState, pid: number, fd: number): HeldFile | Refused {
  const capability = capabilityIn(state.capabilities, pid, fd);
  if (capability === null) return noneIn(fd);
  if (capability.object !== "file") return refuse(errno.badf, "wrong-kind");
  return fileBehind(state, capability);
}

export function fileBehind(state: KernelState, capability: Capability): HeldFile {
  const open = get(state.files.opens, capability.target);
  return { kind: "held", capability, open, inodeId: open.inode, inode: get(state.files.inodes, open.inode) };
}

/** Looks a descriptor up that must be a directory with the rights. */
export function heldDirectory(
  state: KernelState,
  pid: number,
  fd: number,
  rights: number,
): HeldFile | Refused {
  const capability = capabilityIn(state.capabilities, pid, fd);
  if (capability === null) return noneIn(fd);
  if (capability.object !== "file") return refuse(errno.notdir);
  const held = fileBehind(state, capability);
  if (held.inode.kind !== fileType.directory) return refuse(errno.notdir);
  const missing = rights & ~capability.rights;
  if (missing !== 0) return refuse(errno.notcapable, "lacks-right", missing);
  return held;
}

/** A descriptor's capability with the rights, whatever it is of. */
export function heldCapability(
  state: KernelState,
  pid: number,
  fd: number,
  rights: number,
): Capability | Refused {
  const capability = capabilityIn(state.capabilities, pid, fd);
  if (capability === null) return noneIn(fd);
  const missing = rights & ~capability.rights;
  return missing === 0 ? capability : refuse(errno.notcapable, "lacks-right", missing);
}

export const isRefused = <Held extends object>(held: Held | Refused): held is Refused =>
  "kind" in held && held.kind === "refused";
