/**
 * Endpoints of a machine at which nobody will ever receive any more: no process that was to will live, and nobody has come by the right
 * since. The machine takes them back from all, so that who waits there is told and does not wait in vain.
 */
import { endpointRight } from "../core/object-rights.ts";
import { descendantsOf } from "../reducers/capabilities/capability-selectors.ts";
import type { Capability } from "../reducers/capabilities/capability-state.ts";
import { rowAt } from "../reducers/capabilities/slots.ts";
import { removal, withAllBelow } from "../reducers/decide/revoke-capability.ts";
import type { KernelFact } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { keptAt } from "./endow-process.ts";
import type { MachineSpec } from "./machine-spec.ts";

/** The endpoints among a machine's objects, by their place, with the places of the processes that are to receive there. */
export function receiversOf({ objects, processes }: MachineSpec): ReadonlyMap<number, readonly number[]> {
  const receivers = new Map<number, number[]>();
  processes.forEach(({ capabilities }, place) => {
    for (const { of, rights } of capabilities) {
      if (of.kind !== "machine" || objects[of.object]?.kind !== "endpoint") continue;
      if ((rights & endpointRight.receive) === 0) continue;
      const known = receivers.get(of.object);
      if (known === undefined) receivers.set(of.object, [place]);
      else known.push(place);
    }
  });
  return receivers;
}

/** Those of the endpoints that are deserted and were not taken back yet. Costs the capabilities to those whose receivers have ended. */
export function desertedEndpoints(
  { capabilities }: KernelState,
  receivers: ReadonlyMap<number, readonly number[]>,
  mayLive: (place: number) => boolean,
): readonly number[] {
  return [...receivers].flatMap(([object, places]) => {
    const kept = keptAt(object);
    if (places.some(mayLive) || rowAt(capabilities, kept) === null) return [];
    for (const [, row] of descendantsOf(capabilities, kept)) if (serves(row)) return [];
    return [object];
  });
}

/** Whether somebody may receive through it, or has received and may reply. */
const serves = ({ object, rights }: Capability): boolean =>
  object === "reply" || (rights & endpointRight.receive) !== 0;

/** The facts by which a machine takes an endpoint back, from all and from itself; none if it has. There may be more to do behind them. */
export function takenBack({ capabilities }: KernelState, object: number): readonly KernelFact[] {
  const root = keptAt(object);
  const row = rowAt(capabilities, root);
  if (row === null) return [];
  return removal(withAllBelow(capabilities, root, row), { by: row.id, why: "revoked", root });
}
