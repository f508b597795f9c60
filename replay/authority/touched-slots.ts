import { addressOf, serviceSlot, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { removedOf } from "../../reducers/capabilities/capability-event.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";

/** The addresses of processes' slots and services at which an event can have brought, changed or taken a capability. */
export function touchedSlots(event: KernelEvent): readonly number[] {
  return addresses(event).filter((address) => {
    const where = spaceOf(address);
    return where === space.process || where === space.services;
  });
}

function addresses(event: KernelEvent): readonly number[] {
  const own = (slot: number): number => addressOf(space.process, event.pid, slot);
  switch (event.type) {
    case "capability/granted":
      return [grantedAt(event)];
    case "capability/closed":
    case "capability/narrowed":
    case "file/opened":
    case "ipc/replied":
      return [own(event.slot)];
    case "capability/moved":
      return [own(event.slot), own(event.to)];
    case "capability/carried":
      return [event.from, event.to];
    case "capability/derived":
    case "object/created":
    case "process/spawned":
      return [event.to];
    case "capability/removed":
      return Array.from(removedOf(event), ([, , address]) => address);
    case "ipc/received":
      return [...(event.reply < 0 ? [] : [own(event.reply)]), ...event.slots.map(own)];
    case "ipc/answered":
      return event.slots.map(own);
    default:
      return [];
  }
}

/** Clocks, timers and entropy lie among the services; a clock by its number. */
function grantedAt(event: Extract<KernelEvent, { type: "capability/granted" }>): number {
  const { object, target, pid, slot } = event;
  if (object === "clock") return addressOf(space.services, pid, target);
  if (object === "timers") return addressOf(space.services, pid, serviceSlot.timers);
  if (object === "entropy") return addressOf(space.services, pid, serviceSlot.entropy);
  return addressOf(space.process, pid, slot);
}
