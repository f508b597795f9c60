import { event, type EventOf, flag, uint, use } from "../../core/event-schema.ts";

/** What happened to priorities, and to scheduling contexts, which are kernel objects. The event's own pid is the process it is about. */
export const contextEvents = {
  /** So much of every period may be used at this priority. */
  "context/configured": event(140, {
    by: use,
    context: uint,
    budgetMicros: uint,
    periodMicros: uint,
    priority: uint,
  }),
  /**
   * A process has borrowed the context that is bound to a notification, because that was signalled: for an interrupt, until that is
   * acknowledged; else until it waits again. `taken`: it has what was signalled already.
   */
  "context/lent": event(141, { context: uint, notification: uint, forInterrupt: flag, taken: flag }),
  /** Nothing speaks for the loan any more, and it is over. */
  "context/returned": event(142, { context: uint }),
  /** Its budget is used up: it raises nobody until something comes back. What is bound to it, if anything is, is signalled next. */
  "context/exhausted": event(143, { context: uint, signals: flag }),
  /** The time has come at which something of the budget comes back. */
  "context/refilled": event(144, { context: uint }),
  /** What the process is started with: its own priority, and the highest that may be given with its authority. */
  "process/ranked": event(150, { priority: uint, ceiling: uint }),
  /** What its priority comes to is another one now. It follows from the events before. */
  "process/prioritized": event(151, { priority: uint }),
  /** A process gave another one, or itself, a priority of its own, with the authority of a third. */
  "priority/changed": event(152, { by: use, authority: uint, process: uint, priority: uint }),
} as const;

export type ContextEvent = EventOf<typeof contextEvents>;
