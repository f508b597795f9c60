import type { KernelEvent } from "../../../reducers/kernel-event.ts";

/** Recorded events as a checker asks for them: one by one, or those that may change where a capability lies and what it allows. */
export interface EventSource {
  /** Null if the log has none with this seq. */
  eventAt(seq: number): KernelEvent | null;
  /**
   * All that changes slots from one seq up to, but not including, another and is about a capability, and all that takes capabilities
   * away; more than these may come, too. In order.
   */
  slotChanges(capability: number, from: number, to: number): Iterable<KernelEvent>;
}

/** Types of events that change what lies in a slot that is filled already. */
export const slotChangeTypes = [
  "capability/closed",
  "capability/moved",
  "capability/narrowed",
  "capability/carried",
  "capability/removed",
  "ipc/replied",
] as const satisfies readonly KernelEvent["type"][];

const isSlotChange: ReadonlySet<string> = new Set(slotChangeTypes);

export const changesSlots = ({ type }: KernelEvent): boolean => isSlotChange.has(type);

/** A log that is there as a list. */
export const listedEvents = (events: readonly KernelEvent[]): EventSource => ({
  eventAt: (seq) => events[seq] ?? null,
  slotChanges: (_, from, to) => events.slice(from, to).filter(changesSlots),
});
