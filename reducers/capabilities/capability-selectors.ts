import { lowestFree, peek, rowsOf } from "../../core/table.ts";
import { addressOf, NOWHERE, serviceSlot, type Space, space } from "./address.ts";
import type { CapabilitiesState, Capability } from "./capability-state.ts";
import { rowAt, spaceTables } from "./slots.ts";

/** What a process holds in a slot; null if the slot is empty. */
export function capabilityIn(capabilities: CapabilitiesState, pid: number, slot: number): Capability | null {
  const table = peek(capabilities.tables, pid);
  return table === null ? null : peek(table.slots, slot);
}

/** The slot that the process's next capability goes into. */
export function freeSlot(capabilities: CapabilitiesState, pid: number): number {
  const table = peek(capabilities.tables, pid);
  return table === null ? 0 : lowestFree(table.slots);
}

/** What a process holds of clocks, timers and entropy; null if it holds none. */
export function serviceOf(
  capabilities: CapabilitiesState,
  pid: number,
  service: keyof typeof serviceSlot,
): Capability | null {
  const table = peek(capabilities.services, pid);
  return table === null ? null : peek(table.slots, serviceSlot[service]);
}

/** Whether a capability was taken back, has come to its time, or was used as often as it may be. */
export const isSpent = ({ object, terms }: Capability, at: number): boolean =>
  object === "void" || (terms !== null && ((terms.until > 0 && terms.until <= at) || terms.uses === 0));

/** All that lies below an address, each behind all that lies below it itself; or the rest of that from one of them on. */
export function* descendantsOf(
  capabilities: CapabilitiesState,
  root: number,
  from = rowAt(capabilities, root)?.below ?? NOWHERE,
): Generator<readonly [number, Capability]> {
  let at = firstLeaf(capabilities, from);
  while (at !== NOWHERE) {
    const row = rowAt(capabilities, at) as Capability;
    yield [at, row];
    if (row.next !== NOWHERE) at = firstLeaf(capabilities, row.next);
    else at = row.above === root ? NOWHERE : row.above;
  }
}

function firstLeaf(capabilities: CapabilitiesState, from: number): number {
  let at = from;
  if (at === NOWHERE) return at;
  for (
    let row = rowAt(capabilities, at);
    row !== null && row.below !== NOWHERE;
    row = rowAt(capabilities, at)
  )
    at = row.below;
  return at;
}

/** Every slot of every space that holds something, with its address. */
export function* allSlots(capabilities: CapabilitiesState): Generator<readonly [number, Capability]> {
  for (const where of Object.values(space)) yield* slotsOfSpace(capabilities, where);
}

function* slotsOfSpace(
  capabilities: CapabilitiesState,
  where: Space,
): Generator<readonly [number, Capability]> {
  for (const [owner, { slots }] of rowsOf(spaceTables(capabilities, where)))
    for (const [slot, row] of rowsOf(slots)) yield [addressOf(where, owner, slot), row];
}
