/** The derivation tree as it is by definition, found the slow way: what lies above what, by looking at every slot. */
import { allSlots } from "../../reducers/capabilities/capability-selectors.ts";
import type { CapabilitiesState, Capability } from "../../reducers/capabilities/capability-state.ts";

/** All slots that are in use, by address; those that a revocation has emptied are not. */
export const heldSlots = (capabilities: CapabilitiesState): ReadonlyMap<number, Capability> =>
  new Map([...allSlots(capabilities)].filter(([, { object }]) => object !== "void"));

/** The addresses of all that was derived, over however many steps, from what lies at an address. */
export function strictDescendants(slots: ReadonlyMap<number, Capability>, root: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const [address, { above }] of slots) {
      if (found.has(address) || (above !== root && !found.has(above))) continue;
      found.add(address);
      grew = true;
    }
  }
  return found;
}

/** The ids of capabilities that came through a membrane, and of all that was derived from these. */
export function behindMembrane(
  slots: ReadonlyMap<number, Capability>,
  membrane: number,
): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [address, { terms }] of slots) {
    if ((terms?.membrane ?? 0) !== membrane) continue;
    found.add(address);
    for (const below of strictDescendants(slots, address)) found.add(below);
  }
  return found;
}
