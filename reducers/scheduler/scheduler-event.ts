import { event, type EventOf, uint, uints } from "../../core/event-schema.ts";

/**
 * Who has the processor, and why. The event's own pid is the process it is about. Ticks are what a process has used since it was
 * given the processor; where it stops follows from the program and the ticks that it was given, so a replay comes to the same.
 */
export const schedulerEvents = {
  /**
   * From here on processes take turns. After `quantum` ticks it is another one's turn (0: never); `seed` decides between equals;
   * `transform` is the version of the code that counts ticks.
   */
  "scheduler/configured": event(100, { quantum: uint, seed: uint, transform: uint }),
  /** Its turn has come: it has the processor for so many ticks, or longer as long as nobody else wants it (0: no bound). */
  "process/scheduled": event(101, { quantum: uint }),
  /** Its ticks are used up: it goes to the end of the queue. */
  "process/preempted": event(102, { ticks: uint }),
  /**
   * It waits: until kernel time `until` (0 for no such bound), or for one of the objects (see awaited.ts). The call that waits was
   * made at kernel time `since`.
   */
  "process/suspended": event(103, { ticks: uint, since: uint, until: uint, objects: uints }),
  /** What it waited for is there, because of the event that is the cause: it goes to the end of the queue. */
  "process/woken": event(104, {}),
  /** It used so many ticks until here, where its life ends. */
  "process/accounted": event(105, { ticks: uint }),
  /** The most ticks that it may use in all its life. */
  "process/limited": event(106, { ticks: uint }),
  // 107 said once which services a process may use; they are capabilities now.
} as const;

export type SchedulerEvent = EventOf<typeof schedulerEvents>;
