import { event, type EventOf, flag, length, position, uint, use } from "../../core/event-schema.ts";

/** What happened at the console: stream 0 is standard input, 1 standard output, 2 standard error. */
export const consoleEvents = {
  /** Which of the three streams is a terminal. */
  "console/attached": event(40, { input: flag, output: flag, error: flag }),
  "console/input-arrived": event(41, { position, length }),
  "console/input-ended": event(42, {}),
  /** A guest was given the oldest `length` bytes that had arrived: those at `position`, where they stood already. */
  "console/read": event(43, { by: use, position, length }),
  /** A guest wrote; the bytes leave the machine once the event is durable. */
  "console/written": event(44, { by: use, stream: uint, position, length }),
  /** Whoever read the stream has gone. */
  "console/output-closed": event(45, { stream: uint }),
} as const;

export type ConsoleEvent = EventOf<typeof consoleEvents>;
