/** Deciders that make a capability of another one: copy, mint, weaken and lease. None has more rights than what it is made of. */
import { errno } from "../../core/errno.ts";
import { allRightsOf, sensoryRightsOf } from "../../core/object-rights.ts";
import { allRights } from "../../core/rights.ts";
import type { Derivation } from "../capabilities/capability-event.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, refuse, type Refused } from "./decision.ts";
import type { FoldosRequestOf, MintTerms } from "./foldos-request.ts";
import { derivable, freeAddress } from "./usable.ts";

type DerivedFact = Extract<KernelFact, { type: "capability/derived" }>;
type Changes = Partial<Omit<DerivedFact, "type" | "by" | "from" | "to" | "how">>;

/** The fact that a capability was made of another one; under the same terms, but for what changes. */
export function derivedFact(
  source: { readonly address: number; readonly capability: Capability },
  { to, how }: { readonly to: number; readonly how: Derivation },
  changes: Changes = {},
): DerivedFact {
  const { address: from, capability } = source;
  const { id, object, target, rights, inheriting, badge, terms } = capability;
  return {
    type: "capability/derived",
    by: id,
    from,
    to,
    how,
    object,
    target,
    rights,
    inheriting,
    badge,
    label: "",
    until: terms?.until ?? 0,
    uses: 0,
    holder: terms?.holder ?? 0,
    weak: terms?.isWeak ?? false,
    membrane: terms?.membrane ?? 0,
    inside: terms?.isInside ?? false,
    ...changes,
  };
}

/** What is left of rights, and of those to hand on, by the mask of who gives. */
export const maskedBy = (
  mask: number,
  { rights, inheriting }: Pick<Capability, "rights" | "inheriting">,
): Pick<DerivedFact, "rights" | "inheriting"> => ({ rights: rights & mask, inheriting: inheriting & mask });

/** What a weak capability of the same object may do: look. */
export const weakened = ({ object, rights, inheriting }: Capability): Changes => ({
  rights: rights & sensoryRightsOf(object),
  inheriting: inheriting & sensoryRightsOf(object),
  weak: true,
});

function deriveInOwnTable(
  state: KernelState,
  { pid, fd, how }: { readonly pid: number; readonly fd: number; readonly how: Derivation },
  changesOf: (capability: Capability) => Changes | Refused,
): Decision {
  const source = derivable(state, pid, fd);
  if (source.kind === "refused") return source;
  const changes = changesOf(source.capability);
  if ("kind" in changes) return changes;
  const to = freeAddress(state, pid);
  return typeof to === "number" ? facts(derivedFact(source, { to, how }, changes)) : to;
}

export const copyCapability = (state: KernelState, pid: number, fd: number): Decision =>
  deriveInOwnTable(state, { pid, fd, how: "copied" }, () => ({}));

export const weakenCapability = (state: KernelState, pid: number, fd: number): Decision =>
  deriveInOwnTable(state, { pid, fd, how: "weakened" }, weakened);

export const mintCapability = (
  state: KernelState,
  pid: number,
  request: FoldosRequestOf<"cap_mint">,
): Decision =>
  deriveInOwnTable(state, { pid, fd: request.fd, how: "minted" }, (capability) =>
    mintedOf(capability, request),
  );

/** The rights and the badge that a mint asks for, or why it may not have them (laws A2, A4). */
export function mintedOf(
  capability: Capability,
  { rights, inheriting, hasUnknown, badge }: MintTerms,
): Pick<DerivedFact, "rights" | "inheriting" | "badge"> | Refused {
  if (hasUnknown || (rights & ~allRightsOf(capability.object)) !== 0 || (inheriting & ~allRights) !== 0)
    return refuse(errno.inval, "unknown-rights");
  const beyond = (rights & ~capability.rights) | (inheriting & ~capability.inheriting);
  if (beyond !== 0) return refuse(errno.perm, "would-widen", beyond);
  if (badge === 0) return { rights, inheriting, badge: capability.badge };
  const mayBadge = capability.object === "endpoint" || capability.object === "notification";
  if (!mayBadge) return refuse(errno.inval, "takes-no-badge");
  if (capability.badge !== 0) return refuse(errno.inval, "already-badged");
  return { rights, inheriting, badge };
}

/** A capability that ends: at a time, after so many uses, or with the one that it is made of. */
export const leaseCapability = (
  state: KernelState,
  { pid, at }: { readonly pid: number; readonly at: number },
  request: FoldosRequestOf<"cap_lease">,
): Decision =>
  deriveInOwnTable(state, { pid, fd: request.fd, how: "leased" }, ({ id, terms }) => {
    const { uses, withHolder } = request;
    if (request.until > 0 && request.until <= at) return refuse(errno.inval, "time-past");
    const bounds = [request.until, terms?.until ?? 0].filter((bound) => bound > 0);
    const until = bounds.length === 0 ? 0 : Math.min(...bounds);
    return { until, uses, holder: withHolder ? id : (terms?.holder ?? 0) };
  });
