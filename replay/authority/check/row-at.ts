/** Where a capability lay at a step and what it allowed, from the events that are about it alone. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import type { EventSource } from "./event-source.ts";
import { at, type HeldRow, isOf, placed, plainRow, spaceAt } from "./held-slots.ts";
import { objectBits } from "./wasi-bits.ts";

export interface PlacedRow {
  readonly row: HeldRow;
  readonly address: number;
}

const serviceSlots: Readonly<Record<string, number>> = { timers: 2, entropy: 3 };

/** What an event made, and where; null if it made no capability. */
export function madeBy(events: EventSource, event: KernelEvent): PlacedRow | null {
  const { seq: id, pid } = event;
  switch (event.type) {
    case "capability/granted": {
      const { object, target, rights, inheriting, slot } = event;
      const service = object === "clock" ? target : serviceSlots[object];
      const address =
        service === undefined ? placed(at.process, pid, slot) : placed(at.services, pid, service);
      const inode = object === "file" ? preopened(events, id - 1, target) : 0;
      return { row: plainRow({ id, object, target, rights, inheriting, inode }), address };
    }
    case "file/opened": {
      const { open: target, rights, inheriting, by: parent, inode, slot } = event;
      const row = plainRow({ id, object: "file", target, rights, inheriting, parent, inode });
      return { row, address: placed(at.process, pid, slot) };
    }
    case "capability/derived": {
      const { object, target, rights, inheriting, badge, by: parent, until, uses, weak } = event;
      const inode = object === "file" ? inodeBehind(events, parent) : 0;
      const { membrane } = event;
      const terms = { badge, until, uses: uses === 0 ? -1 : uses, isWeak: weak, membrane };
      return {
        row: plainRow({ id, object, target, rights, inheriting, parent, inode, ...terms }),
        address: event.to,
      };
    }
    case "object/created": {
      const { object, target, rights, to } = event;
      return { row: plainRow({ id, object, target, rights, inheriting: 0 }), address: to };
    }
    case "process/spawned": {
      const { examine, end, schedule } = objectBits.process;
      const rights = examine | end | schedule;
      return {
        row: plainRow({ id, object: "process", target: event.child, rights, inheriting: 0 }),
        address: event.to,
      };
    }
    case "ipc/received": {
      if (event.reply < 0) return null;
      // Whether capabilities may go with it, the sender's capability says: a chain needs it of no event.
      const { sender: target, by: parent, reply: slot } = event;
      const row = plainRow({
        id,
        object: "reply",
        target,
        rights: objectBits.reply.reply,
        inheriting: 0,
        parent,
      });
      return { row, address: placed(at.process, pid, slot) };
    }
    default:
      return null;
  }
}

/** The inode of a directory that was opened at boot, by the event in front of its grant. */
function preopened(events: EventSource, seq: number, open: number): number {
  const event = events.eventAt(seq);
  return event?.type === "file/preopened" && event.open === open ? event.inode : 0;
}

/** The inode behind a capability; 0 if none is found. */
function inodeBehind(events: EventSource, id: number): number {
  for (let seq = id; ; ) {
    const event = events.eventAt(seq);
    if (event?.type === "file/opened") return event.inode;
    if (event?.type === "capability/granted") return preopened(events, seq - 1, event.target);
    if (event?.type !== "capability/derived" || event.by >= seq) return 0;
    seq = event.by;
  }
}

/** Whether a capability was made of another one, in any number of steps. */
export function wasMadeOf(events: EventSource, id: number, ancestor: number): boolean {
  for (let seq = id; seq > ancestor; ) {
    const event = events.eventAt(seq);
    if (event?.type !== "capability/derived" || event.by >= seq) return false;
    seq = event.by;
    if (seq === ancestor) return true;
  }
  return false;
}

/** A capability as it lay before event `step`; or why it lay nowhere. */
export function rowBefore(events: EventSource, id: number, step: number): PlacedRow | string {
  const birth = id < step ? events.eventAt(id) : null;
  const made = birth === null ? null : madeBy(events, birth);
  if (made === null) return `event ${id} made no capability`;
  let placedRow = made;
  for (const event of events.slotChanges(id, id + 1, step)) {
    const changed = changedBy(event, placedRow);
    if (typeof changed === "string") return changed;
    placedRow = changed;
  }
  return placedRow;
}

/** A row after an event; or what took it away. */
function changedBy(event: KernelEvent, { row, address }: PlacedRow): PlacedRow | string {
  const gone = `capability #${row.id} was gone since event ${event.seq}`;
  if (event.type === "capability/removed") {
    const isIt = event.removed.some((each, place) => place % 3 === 0 && each === address);
    if (!isIt) return { row, address };
    const isOwn = event.why === "holder-ended" && isOf(address, event.pid);
    // What is taken from a slot leaves that in use, until its holder closes it.
    return spaceAt(address) === at.process && !isOwn
      ? { row: { ...row, object: "void", rights: 0, inheriting: 0 }, address }
      : gone;
  }
  if (!("by" in event) || event.by !== row.id) return { row, address };
  switch (event.type) {
    case "capability/closed":
    case "ipc/replied":
      return gone;
    case "capability/moved":
      return { row, address: placed(at.process, event.pid, event.to) };
    case "capability/narrowed":
      return { row: { ...row, rights: event.rights, inheriting: event.inheriting }, address };
    case "capability/carried": {
      const { rights, inheriting, badge, to } = event;
      return { row: { ...row, rights, inheriting, badge }, address: to };
    }
    default:
      return { row, address };
  }
}
