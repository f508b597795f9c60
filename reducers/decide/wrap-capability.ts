/**
 * Membranes (Miller): a capability that came through one is marked with it and with the side on which it is held. What goes over an
 * endpoint that is held through a membrane goes through it too: it is wrapped, or, if it came through the same one the other way, it is
 * what it was before. Whoever revokes the membrane takes back all that ever came through it, on both sides (law B15).
 */
import { errno } from "../../core/errno.ts";
import { membraneRight } from "../../core/object-rights.ts";
import { NOWHERE } from "../capabilities/address.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { membraneIsRevoked } from "../capabilities/revocation-selectors.ts";
import { rowAt } from "../capabilities/slots.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, refuse, type Refused, refusedOf } from "./decision.ts";
import { derivedFact } from "./derive-capability.ts";
import type { FoldosRequestOf } from "./foldos-request.ts";
import { derivable, freeAddress, usable } from "./usable.ts";

/** A copy for somebody outside. Who has come through one membrane comes through no other. */
export function wrapCapability(
  state: KernelState,
  pid: number,
  { fd, wrapped }: FoldosRequestOf<"cap_wrap">,
): Decision {
  const membrane = usable(state, pid, fd, { object: "membrane", rights: membraneRight.wrap });
  if (membrane.kind === "refused") return membrane;
  const source = derivable(state, pid, wrapped);
  if (source.kind === "refused") return source;
  const { target } = membrane.capability;
  const marked = source.capability.terms?.membrane ?? 0;
  if (marked !== 0 && marked !== target) return refusedOf(wrapped, refuse(errno.notsup, "other-membrane"));
  if (membraneIsRevoked(state.capabilities, target)) return refuse(errno.canceled, "membrane-revoked");
  const to = freeAddress(state, pid);
  if (typeof to !== "number") return to;
  return facts(derivedFact(source, { to, how: "wrapped" }, { membrane: target, inside: false }));
}

type Derived = Extract<KernelFact, { type: "capability/derived" }>;

interface Source {
  readonly address: number;
  readonly capability: Capability;
}

/** Through what a capability goes: the membrane of the endpoint or reply that it is sent by, and the side it comes from. */
export interface Crossing {
  readonly membrane: number;
  readonly fromInside: boolean;
}

/** The membrane that something sent through a capability crosses; null if it was not held through one. */
export const crossingOf = ({ terms }: Capability): Crossing | null =>
  terms === null || terms.membrane === 0 ? null : { membrane: terms.membrane, fromInside: terms.isInside };

/** As `crossingOf`, for what comes the other way: out of a table or a box that is held through a membrane, or to who receives so. */
export const crossingBack = (capability: Capability): Crossing | null => {
  const crossing = crossingOf(capability);
  return crossing === null ? null : { ...crossing, fromInside: !crossing.fromInside };
};

/**
 * What a capability becomes on the other side: wrapped, or what it was before it was wrapped. If it is no longer just that (it was
 * weakened, leased, or has a badge), it comes back as it is, below the wrapper, so that whoever takes that back takes it back, too. It
 * may not cross if it came through another membrane, or everything that came through this one is being taken back.
 */
export function crossed(
  state: KernelState,
  source: Source,
  crossing: Crossing | null,
): { readonly source: Source; readonly changes: Partial<Derived> } | Refused {
  if (crossing === null) return { source, changes: {} };
  const { capability } = source;
  const { membrane, fromInside } = crossing;
  const marked = capability.terms?.membrane ?? 0;
  if (membraneIsRevoked(state.capabilities, membrane)) return refuse(errno.notsup, "membrane-revoked");
  if (marked === 0) return { source, changes: { membrane, inside: !fromInside } };
  if (marked !== membrane) return refuse(errno.notsup, "other-membrane");
  if (capability.terms?.isInside !== fromInside) return { source, changes: {} };
  const original = unwrapped(state, capability, membrane);
  if (original === null) return refuse(errno.notsup, "original-gone");
  if (!isPlainWrapper(capability, original.capability))
    return { source, changes: { membrane: 0, inside: false } };
  const rights = capability.rights & original.capability.rights;
  const inheriting = capability.inheriting & original.capability.inheriting;
  return { source: original, changes: { rights, inheriting } };
}

/** Whether a wrapper is what it wraps, but for the membrane. */
function isPlainWrapper({ badge, terms }: Capability, { badge: of, terms: under }: Capability): boolean {
  return (
    badge === of &&
    (terms?.isWeak ?? false) === (under?.isWeak ?? false) &&
    (terms?.until ?? 0) === (under?.until ?? 0) &&
    (terms?.holder ?? 0) === (under?.holder ?? 0) &&
    (terms?.uses ?? -1) < 0 &&
    (under?.uses ?? -1) < 0
  );
}

/** What a capability was before it came through a membrane, as long as that is there. */
function unwrapped(state: KernelState, { above }: Capability, membrane: number): Source | null {
  for (let address = above; address !== NOWHERE; ) {
    const capability = rowAt(state.capabilities, address) as Capability;
    if ((capability.terms?.membrane ?? 0) !== membrane) return { address, capability };
    address = capability.above;
  }
  return null;
}
