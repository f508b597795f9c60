import { membraneRight } from "../../core/object-rights.ts";
import { rowsOf } from "../../core/table.ts";
import { NOWHERE } from "./address.ts";
import type { CapabilitiesState, Capability, Revocation } from "./capability-state.ts";
import { rowAt } from "./slots.ts";

/** Every revocation that is not at its end, with the capability that it goes by. */
function* revocationsOf(capabilities: CapabilitiesState): Generator<readonly [Revocation, Capability]> {
  for (const [, revocation] of rowsOf(capabilities.revocations)) {
    const row = rowAt(capabilities, revocation.root);
    if (row?.id === revocation.id) yield [revocation, row];
  }
}

const takesMembers = ({ object, rights }: Capability): boolean =>
  object === "membrane" && (rights & membraneRight.revoke) !== 0;

/** Whether all that came through a membrane is being taken back. */
export function membraneIsRevoked(capabilities: CapabilitiesState, membrane: number): boolean {
  if (capabilities.revocations.root === null) return false;
  for (const [, row] of revocationsOf(capabilities))
    if (takesMembers(row) && row.target === membrane) return true;
  return false;
}

/**
 * Whether an address is to be emptied by a revocation that is not yet at its end: what lies there hangs below its root, or came through
 * the membrane that is revoked, or hangs below something that did. Costs nothing while none goes on, and else as much as it lies deep.
 */
export function isDoomed(capabilities: CapabilitiesState, address: number): boolean {
  if (capabilities.revocations.root === null) return false;
  const going = [...revocationsOf(capabilities)];
  const roots = new Set(going.map(([{ root }]) => root));
  const membranes = new Set(going.flatMap(([, row]) => (takesMembers(row) ? [row.target] : [])));
  for (let at = address; at !== NOWHERE; ) {
    const row = rowAt(capabilities, at);
    if (row === null) return false;
    if (!roots.has(at) && membranes.has(row.terms?.membrane ?? 0)) return true;
    at = row.above;
    if (roots.has(at)) return true;
  }
  return false;
}
