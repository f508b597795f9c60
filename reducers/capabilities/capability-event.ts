import { choice, event, type EventOf, text, uint } from "../../core/event-schema.ts";

/** What a capability can be of. Words are only ever added at the end. */
const objectKind = choice("file", "console", "pipe-reader", "pipe-writer", "null");

/** What happened to capabilities. A capability's id is the seq of the event that made it. */
export const capabilityEvents = {
  /** The machine's boot put a capability into a slot. `target` is the object's id of its kind; a label names a preopen. */
  "capability/granted": event(20, {
    slot: uint,
    object: objectKind,
    target: uint,
    rights: uint,
    inheriting: uint,
    label: text,
  }),
  /** A slot was emptied, and what it held with it. */
  "capability/closed": event(21, { by: uint, slot: uint, object: objectKind, target: uint }),
  /** A capability moved to another slot, whose own was closed by the event before. */
  "capability/moved": event(22, { by: uint, slot: uint, to: uint }),
  "capability/narrowed": event(23, { by: uint, slot: uint, rights: uint, inheriting: uint }),
  /** A guest asked what a capability allows. */
  "capability/examined": event(24, { by: uint, slot: uint }),
} as const;

export type CapabilityEvent = EventOf<typeof capabilityEvents>;
export type ObjectKind = NonNullable<(typeof objectKind)["value"]>;
