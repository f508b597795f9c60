import { event, type EventOf, length, position, uint } from "../../core/event-schema.ts";

/** Random bytes that entered the machine, and that a guest was given. */
export const entropyEvents = {
  "entropy/drawn": event(30, { by: uint, position, length }),
} as const;

export type EntropyEvent = EventOf<typeof entropyEvents>;
