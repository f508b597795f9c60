import { event, type EventOf, text, texts, uint, uints } from "../../core/event-schema.ts";

/** Scheduling domains, and which of them has the processor. A domain's number is its place among them. */
export const domainEvents = {
  /** From here on the processor is of one domain after the other, for slots of so many ticks; the first one has it now. */
  "scheduler/partitioned": event(170, { domains: texts, slotTicks: uints }),
  /** The process is of this domain, before it has any turn; of the first where that is not said. `name` is for people. */
  "process/assigned": event(171, { domain: uint, name: text }),
  /**
   * A slot of this domain begins. `passed`: so many slots, one after the other, have passed in front of it in which nobody of any domain
   * was ready.
   */
  "domain/entered": event(172, { domain: uint, passed: uint }),
  /** Nobody of the domain that has the processor was ready for so many ticks of its slot, which nobody had. */
  "domain/idled": event(173, { ticks: uint }),
} as const;

export type DomainEvent = EventOf<typeof domainEvents>;
