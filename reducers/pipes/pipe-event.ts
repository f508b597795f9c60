import { event, type EventOf, length, position, sint, uint, use } from "../../core/event-schema.ts";

/** What happened to pipes. Their ends are capabilities: `capability/closed` takes one away. */
export const pipeEvents = {
  "pipe/created": event(50, { pipe: uint }),
  /** It holds so many bytes at most. */
  "pipe/sized": event(53, { pipe: uint, capacity: uint }),
  /** The machine itself holds so many ends more, or fewer: those of processes that do not live, and may. */
  "pipe/reserved": event(54, { pipe: uint, readers: sint, writers: sint }),
  "pipe/written": event(51, { by: use, pipe: uint, position, length }),
  "pipe/read": event(52, { by: use, pipe: uint, position, length }),
} as const;

export type PipeEvent = EventOf<typeof pipeEvents>;
