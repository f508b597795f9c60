/** The end of a process: it gives back all that it held, and what it had sent, and then is no more. */
import { peek, rowsOf, get } from "../../core/table.ts";
import { addressOf, NOWHERE, type Space, space } from "../capabilities/address.ts";
import { spaceTables } from "../capabilities/slots.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { closedFact } from "./descriptor-calls.ts";
import { endsWith, type Placed, removal } from "./revoke-capability.ts";

/** The facts of its end, all of the process itself; `end` is the last of them. */
export function endProcess(state: KernelState, pid: number, end: KernelFact): readonly KernelFact[] {
  const { slots } = get(state.capabilities.tables, pid);
  const others = [...heldIn(state, space.messages, pid), ...heldIn(state, space.services, pid)];
  const gone = new Set<number>();
  const first: KernelFact[] = [];
  const given: KernelFact[] = [];
  const take = (doomed: readonly Placed[], by: number, root: number): void => {
    if (doomed.length === 0) return;
    for (const [address] of doomed) gone.add(address);
    first.push(...removal(doomed, { by, why: "holder-ended", root }));
  };
  for (const [slot, capability] of rowsOf(slots)) {
    if (capability.below === NOWHERE) continue;
    const doomed = [...endsWith(state.capabilities, capability)].filter(([address]) => !gone.has(address));
    take(doomed, capability.id, addressOf(space.process, pid, slot));
  }
  take(
    others.filter(([address]) => !gone.has(address)),
    0,
    addressOf(space.messages, pid, 0),
  );
  for (const [slot, capability] of rowsOf(slots))
    if (!gone.has(addressOf(space.process, pid, slot))) given.push(closedFact(slot, capability));
  return [...first, ...given, end];
}

/** What a process holds elsewhere than in its slots. */
function heldIn({ capabilities }: KernelState, where: Space, pid: number): readonly Placed[] {
  const table = peek(spaceTables(capabilities, where), pid);
  return table === null
    ? []
    : [...rowsOf(table.slots)].map(([slot, row]): Placed => [addressOf(where, pid, slot), row]);
}
