/** Deciders that move a capability, change it as it moves, or delete it. */
import { errno } from "../../core/errno.ts";
import { MAX_SLOTS } from "../capabilities/address.ts";
import { capabilityIn } from "../capabilities/capability-selectors.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, refuse, refusedOf } from "./decision.ts";
import { mintedOf } from "./derive-capability.ts";
import type { FoldosRequestOf } from "./foldos-request.ts";
import { noneIn } from "./held.ts";
import { anyUsable, freeAddress } from "./usable.ts";

/** To an empty slot of the same table. */
export function moveCapability(
  state: KernelState,
  pid: number,
  { fd, to }: FoldosRequestOf<"cap_move">,
): Decision {
  const moved = anyUsable(state, pid, fd);
  if (moved.kind === "refused") return moved;
  if (to >= MAX_SLOTS) return refusedOf(to, noneIn(to));
  if (capabilityIn(state.capabilities, pid, to) !== null)
    return refusedOf(to, refuse(errno.exist, "slot-in-use"));
  return facts({ type: "capability/moved", by: moved.capability.id, slot: fd, to });
}

/** To the next free slot, with fewer rights or a badge: what was derived from it stays derived from it. */
export function mutateCapability(
  state: KernelState,
  pid: number,
  request: FoldosRequestOf<"cap_mutate">,
): Decision {
  const moved = anyUsable(state, pid, request.fd);
  if (moved.kind === "refused") return moved;
  const changed = mintedOf(moved.capability, request);
  if ("kind" in changed) return changed;
  const to = freeAddress(state, pid);
  if (typeof to !== "number") return to;
  const { address: from, capability } = moved;
  return facts({ type: "capability/carried", by: capability.id, from, to, ...changed });
}
