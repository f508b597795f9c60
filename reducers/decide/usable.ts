/** Looks up what a call of the module `foldos` is made through: a capability of the right kind, with the rights that it needs. */
import { errno } from "../../core/errno.ts";
import type { ObjectKind } from "../../core/object-rights.ts";
import { addressOf, MAX_SLOTS, space } from "../capabilities/address.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { capabilityIn, freeSlot } from "../capabilities/capability-selectors.ts";
import { isDoomed } from "../capabilities/revocation-selectors.ts";
import type { KernelState } from "../kernel-state.ts";
import { refuse, type Refused } from "./decision.ts";

/** A capability that a process holds in a slot of its own. */
export interface Usable {
  readonly kind: "usable";
  readonly capability: Capability;
  readonly address: number;
}

/** What is in a slot, of whichever kind. What is spent was refused before: see refuse-spent.ts. */
export function anyUsable(state: KernelState, pid: number, fd: number): Usable | Refused {
  const capability = fd < MAX_SLOTS ? capabilityIn(state.capabilities, pid, fd) : null;
  if (capability === null) return refuse(errno.badf);
  return { kind: "usable", capability, address: addressOf(space.process, pid, fd) };
}

export function usable(
  state: KernelState,
  pid: number,
  fd: number,
  { object, rights }: { readonly object: ObjectKind; readonly rights: number },
): Usable | Refused {
  const found = anyUsable(state, pid, fd);
  if (found.kind === "refused") return found;
  if (found.capability.object !== object) return refuse(errno.inval);
  const missing = rights & ~found.capability.rights;
  return missing === 0 ? found : refuse(errno.notcapable, missing);
}

/**
 * As `anyUsable`, of what others may be derived from: neither a reply, which is given once, nor what may be used only so often, nor
 * what is being revoked.
 */
export function derivable(state: KernelState, pid: number, fd: number): Usable | Refused {
  const found = anyUsable(state, pid, fd);
  if (found.kind === "refused") return found;
  return refuseDerivation(state, found.address, found.capability) ?? found;
}

export function refuseDerivation(
  state: KernelState,
  address: number,
  { object, terms }: Capability,
): Refused | null {
  if (object === "reply") return refuse(errno.perm);
  if (terms !== null && terms.uses >= 0) return refuse(errno.perm);
  return isDoomed(state.capabilities, address) ? refuse(errno.canceled) : null;
}

/** The address of the process's next free slot. */
export function freeAddress(state: KernelState, pid: number): number | Refused {
  const slot = freeSlot(state.capabilities, pid);
  return slot >= MAX_SLOTS ? refuse(errno.nfile) : addressOf(space.process, pid, slot);
}
