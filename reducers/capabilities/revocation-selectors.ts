import { rowsOf } from "../../core/table.ts";
import { liesBelow } from "./capability-selectors.ts";
import type { CapabilitiesState, Revocation } from "./capability-state.ts";
import { rowAt } from "./slots.ts";

/** The revocation, not yet at its end, that an address is to be emptied by; null if there is none. Costs nothing while none goes on. */
export function revocationOver(capabilities: CapabilitiesState, address: number): Revocation | null {
  if (capabilities.revocations.root === null) return null;
  for (const [, revocation] of rowsOf(capabilities.revocations)) {
    const { root, id } = revocation;
    if (rowAt(capabilities, root)?.id === id && liesBelow(capabilities, address, root)) return revocation;
  }
  return null;
}
