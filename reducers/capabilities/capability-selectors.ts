import { lowestFree, peek } from "../../core/table.ts";
import type { CapabilitiesState, Capability } from "./capability-state.ts";

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
