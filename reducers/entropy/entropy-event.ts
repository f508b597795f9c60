import { event, type EventOf, length, position, use } from "../../core/event-schema.ts";

/** Random bytes that entered the machine, and that a guest was given. */
export const entropyEvents = {
  "entropy/drawn": event(30, { by: use, position, length }),
} as const;

export type EntropyEvent = EventOf<typeof entropyEvents>;
