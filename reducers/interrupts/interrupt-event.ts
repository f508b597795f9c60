import { event, type EventOf, uint, use } from "../../core/event-schema.ts";

/**
 * What interrupted the machine. Lines and timers are kernel objects; when one is delivered, `notification/signalled` follows at once,
 * through the capability that is bound to it.
 */
export const interruptEvents = {
  /** A line of the machine. Its own timer raises it every so many microseconds; 0: somebody else does. */
  "interrupt/attached": event(130, { line: uint, everyMicros: uint }),
  "interrupt/raised": event(131, { line: uint }),
  /** Whoever handles it is done: it may interrupt again, and does, if it was raised meanwhile. */
  "interrupt/acknowledged": event(132, { by: use, line: uint }),
  /** From here on a line is delivered to a notification, by the capabilities that the events before have put there. */
  "interrupt/bound": event(133, { by: use, line: uint, notification: uint }),
  /** A timer signals its notification at a kernel time, once. */
  "timer/armed": event(134, { by: use, timer: uint, notification: uint, until: uint }),
  "timer/disarmed": event(135, { by: use, timer: uint }),
  "timer/fired": event(136, { timer: uint }),
} as const;

export type InterruptEvent = EventOf<typeof interruptEvents>;
