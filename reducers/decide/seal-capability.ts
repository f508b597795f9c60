/** Deciders of brands: what is sealed with one conveys nothing, until somebody who holds the same brand unseals it (law B17). */
import { errno } from "../../core/errno.ts";
import { brandRight } from "../../core/object-rights.ts";
import { get } from "../../core/table.ts";
import { addressOf, KEPT_SLOT, space } from "../capabilities/address.ts";
import { isSpent } from "../capabilities/capability-selectors.ts";
import { rowAt } from "../capabilities/slots.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, refuse } from "./decision.ts";
import { createdFact, OBJECT_BYTES, payer } from "./create-object.ts";
import { derivedFact } from "./derive-capability.ts";
import type { FoldosRequestOf } from "./foldos-request.ts";
import { takenOut } from "./table-calls.ts";
import { derivable, freeAddress, refuseDerivation, usable } from "./usable.ts";

/** A box with a copy of a capability in it. */
export function sealCapability(
  state: KernelState,
  pid: number,
  { fd, sealed, budget: budgetFd }: FoldosRequestOf<"cap_seal">,
): Decision {
  const brand = usable(state, pid, fd, { object: "brand", rights: brandRight.seal });
  if (brand.kind === "refused") return brand;
  const source = derivable(state, pid, sealed);
  if (source.kind === "refused") return source;
  const budget = payer(state, pid, budgetFd, OBJECT_BYTES);
  if (budget.kind === "refused") return budget;
  const to = freeAddress(state, pid);
  if (typeof to !== "number") return to;
  const box = createdFact(state, budget, { object: "box", to, detail: brand.capability.target });
  const inside = addressOf(space.kept, box.target, KEPT_SLOT);
  return facts(derivedFact(source, { to: inside, how: "sealed" }), box);
}

/** A copy of what is in a box. */
export function unsealCapability(
  state: KernelState,
  { pid, at }: { readonly pid: number; readonly at: number },
  { fd, box: boxFd }: FoldosRequestOf<"cap_unseal">,
): Decision {
  const brand = usable(state, pid, fd, { object: "brand", rights: brandRight.unseal });
  if (brand.kind === "refused") return brand;
  const box = usable(state, pid, boxFd, { object: "box", rights: 0 });
  if (box.kind === "refused") return box;
  const { target } = box.capability;
  if (get(state.capabilities.objects, target).detail !== brand.capability.target)
    return refuse(errno.notcapable, "other-brand", brandRight.unseal);
  const address = addressOf(space.kept, target, KEPT_SLOT);
  const capability = rowAt(state.capabilities, address);
  if (capability === null || isSpent(capability, at)) return refuse(errno.stale, "contents-gone");
  const refused = refuseDerivation(state, address, capability);
  if (refused !== null) return refused;
  const to = freeAddress(state, pid);
  if (typeof to !== "number") return to;
  return takenOut(state, box.capability, { address, capability }, { to, how: "unsealed" });
}
