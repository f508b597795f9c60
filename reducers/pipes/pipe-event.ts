import { event, type EventOf, length, position, uint } from "../../core/event-schema.ts";

/** What happened to pipes. Their ends are capabilities: `capability/closed` takes one away. */
export const pipeEvents = {
  "pipe/created": event(50, { pipe: uint }),
  /** It holds so many bytes at most. */
  "pipe/sized": event(53, { pipe: uint, capacity: uint }),
  "pipe/written": event(51, { by: uint, pipe: uint, position, length }),
  "pipe/read": event(52, { by: uint, pipe: uint, position, length }),
} as const;

export type PipeEvent = EventOf<typeof pipeEvents>;
