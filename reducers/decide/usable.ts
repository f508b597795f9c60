/** Looks up what a call of the module `foldos` is made through: a capability of the right kind, with the rights that it needs. */
import { errno } from "../../core/errno.ts";
import type { ObjectKind } from "../../core/object-rights.ts";
import { addressOf, MAX_SLOTS, slotOf, space } from "../capabilities/address.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { capabilityIn, freeSlot } from "../capabilities/capability-selectors.ts";
import { isDoomed } from "../capabilities/revocation-selectors.ts";
import type { KernelState } from "../kernel-state.ts";
import { refuse, type Refused, refusedOf } from "./decision.ts";
import { noneIn } from "./held.ts";

/** A capability that a process holds in a slot of its own. */
export interface Usable {
  readonly kind: "usable";
  readonly capability: Capability;
  readonly address: number;
}

/** What is in a slot, of whichever kind. What is spent was refused before: see refuse-spent.ts. */
export function anyUsable(state: KernelState, pid: number, fd: number): Usable | Refused {
  const capability = fd < MAX_SLOTS ? capabilityIn(state.capabilities, pid, fd) : null;
  if (capability === null) return refusedOf(fd, noneIn(fd));
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
  if (found.capability.object !== object) return refusedOf(fd, refuse(errno.inval, "wrong-kind"));
  const missing = rights & ~found.capability.rights;
  return missing === 0 ? found : refusedOf(fd, refuse(errno.notcapable, "lacks-right", missing));
}

/**
 * As `anyUsable`, of what others may be derived from: neither a reply, which is given once, nor what may be used only so often, nor
 * what is being revoked.
 */
export function derivable(state: KernelState, pid: number, fd: number): Usable | Refused {
  const found = anyUsable(state, pid, fd);
  if (found.kind === "refused") return found;
  return derivableOf(state, found);
}

/** The same of what was found already. */
export function derivableOf(state: KernelState, found: Usable): Usable | Refused {
  const refused = refuseDerivation(state, found.address, found.capability);
  return refused === null ? found : refusedOf(slotOf(found.address), refused);
}

/** Null if others may be made of what lies at an address. */
export function refuseDerivation(
  state: KernelState,
  address: number,
  { object, terms }: Capability,
): Refused | null {
  if (object === "reply") return refuse(errno.perm, "is-reply");
  if (terms !== null && terms.uses >= 0) return refuse(errno.perm, "counted-lease");
  return isDoomed(state.capabilities, address) ? refuse(errno.canceled, "being-revoked") : null;
}

/** The address of the process's next free slot. */
export function freeAddress(state: KernelState, pid: number): number | Refused {
  const slot = freeSlot(state.capabilities, pid);
  return slot >= MAX_SLOTS ? refuse(errno.nfile, "table-full") : addressOf(space.process, pid, slot);
}
