/** Guests as the oracle of urgent work knows them, and what they say to each other. */
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { MESSAGES, ownerAt, removedBy, SLOTS, spaceAt } from "./oracle-addresses.ts";

export interface Loan {
  readonly context: number;
  readonly notification: number;
  readonly forInterrupt: boolean;
}

/** A process, as the oracle knows it. */
export interface Guest {
  /** Its scheduling domain. */
  domain: number;
  base: number;
  ceiling: number;
  placed: number;
  status: "ready" | "running" | "waiting";
  /** When it came to the end of its level. */
  joined: number;
  loan: Loan | null;
  /** What it waits for: an endpoint's queue, or a process's reply. */
  waitsFor: { readonly endpoint: number } | { readonly server: number } | null;
  serves: number;
  attends: number;
  objects: readonly number[];
  /** Which law says that what it lost last is lost. */
  lost: string;
}

type Guests = ReadonlyMap<number, Guest>;

export const newGuest = (seq: number): Guest => ({
  domain: 0,
  base: 100,
  ceiling: 100,
  placed: 100,
  status: "ready",
  joined: seq,
  loan: null,
  waitsFor: null,
  serves: 0,
  attends: 0,
  objects: [],
  lost: "F4",
});

/** Who waits for a guest, at an endpoint that it serves or for its reply. */
export function donorsOf(guests: Guests, pid: number): readonly number[] {
  const { serves } = guests.get(pid) as Guest;
  return [...guests].flatMap(([donor, { waitsFor }]) => {
    if (waitsFor === null || donor === pid) return [];
    const isDonor =
      "server" in waitsFor ? waitsFor.server === pid : serves !== 0 && waitsFor.endpoint === serves;
    return isDonor ? [donor] : [];
  });
}

/** Who waits for whom, and who serves what, by what an event says. */
export function hearMessages(guests: Guests, event: KernelEvent): void {
  const guest = guests.get(event.pid);
  switch (event.type) {
    case "ipc/sent":
      if (guest === undefined) return;
      if (guest.serves === event.endpoint) guest.serves = 0;
      guest.waitsFor = { endpoint: event.endpoint };
      return;
    case "ipc/received": {
      if (guest !== undefined) guest.serves = event.endpoint;
      stopWaiting(guests, event.sender, event.reply >= 0 ? { server: event.pid } : null);
      return;
    }
    case "ipc/replied":
      return stopWaiting(guests, event.caller, null);
    case "capability/closed":
      if (event.object === "reply") stopWaiting(guests, event.target, null);
      if (event.object === "notification" && guest?.attends === event.target) guest.attends = 0;
      if (event.object === "endpoint" && guest?.serves === event.target)
        Object.assign(guest, { serves: 0, lost: "F7" });
      return;
    case "capability/removed":
      for (const [object, target, address] of removedBy(event)) {
        if (object === "reply") stopWaiting(guests, target, null);
        if (spaceAt(address) === MESSAGES && address % SLOTS === 0)
          stopWaiting(guests, ownerAt(address), null);
        const holder = guests.get(ownerAt(address));
        if (object === "notification" && spaceAt(address) === 0 && holder?.attends === target)
          holder.attends = 0;
        if (object === "endpoint" && spaceAt(address) === 0 && holder?.serves === target)
          Object.assign(holder, { serves: 0, lost: "F7" });
      }
      return;
    default:
      return;
  }
}

function stopWaiting(guests: Guests, pid: number, next: Guest["waitsFor"]): void {
  const guest = guests.get(pid);
  if (guest === undefined) return;
  guest.waitsFor = next;
  for (const other of guests.values()) other.lost = "F7";
}
