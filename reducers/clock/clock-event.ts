import { choice, event, type EventOf, uint, use } from "../../core/event-schema.ts";

/** What happened to the machine's power and clocks. */
export const clockEvents = {
  /** Power came on: the wall clock was at `wall` microseconds since 1970-01-01T00:00Z at this very moment. */
  "machine/powered-on": event(1, {
    wall: uint,
    clock: choice("host", "virtual"),
    version: uint,
    nameSeed: uint,
  }),
  /** Power went off in good order. Nothing follows but another power-on. */
  "machine/powered-off": event(2, { reason: choice("halted", "interrupted") }),
  /** A guest read a clock; the answer is the event's own time. */
  "clock/read": event(3, { by: use, clock: uint }),
  "clock/resolution-read": event(4, { by: use, clock: uint }),
} as const;

export type ClockEvent = EventOf<typeof clockEvents>;
