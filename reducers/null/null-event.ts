import { event, type EventOf, uint, use } from "../../core/event-schema.ts";

/** What happened to the object that holds nothing: whoever reads it is at its end, and what is written to it is gone. */
export const nullEvents = {
  /** `length` is 0: a read has one. */
  "null/read": event(55, { by: use, length: uint }),
  "null/written": event(56, { by: use, length: uint }),
} as const;

export type NullEvent = EventOf<typeof nullEvents>;
