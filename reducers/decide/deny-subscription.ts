import { errno } from "../../core/errno.ts";
import { hasWasiRights } from "../../core/object-rights.ts";
import { right } from "../../core/rights.ts";
import { get } from "../../core/table.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { capabilityIn } from "../capabilities/capability-selectors.ts";
import { fileType } from "../hosts/host-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Refused, refuse, refusedOf } from "./decision.ts";
import type { Subscription } from "./request.ts";

const rightTo = { read: right.fdRead, write: right.fdWrite } as const;

/** Whether what a capability is of can be ready to be read or written: files can, directories cannot. */
export const isPollable = ({ files }: KernelState, { object, target }: Capability): boolean =>
  object === "file"
    ? get(files.inodes, get(files.opens, target).inode).kind === fileType.regular
    : hasWasiRights(object);

/**
 * WASI preview 1 `poll_fd_readwrite`: who may not ask of a descriptor whether it is ready is refused the call. A descriptor that is
 * closed, or of what is never ready, is told in its event: null.
 */
export function denySubscription(
  state: KernelState,
  pid: number,
  { fd, kind }: Extract<Subscription, { fd: number }>,
): Refused | null {
  const capability = capabilityIn(state.capabilities, pid, fd);
  if (capability === null || !isPollable(state, capability)) return null;
  const missing = (right.pollFdReadwrite | rightTo[kind]) & ~capability.rights;
  return missing === 0 ? null : refusedOf(fd, refuse(errno.notcapable, "lacks-right", missing));
}
