import type { KernelEvent } from "../reducers/kernel-event.ts";

/** What is to be said of an event of priorities, scheduling domains, scheduling contexts, interrupt lines and timers; null of any other. */
export function describeUrgent(event: KernelEvent): string | null {
  switch (event.type) {
    case "context/configured":
      return `context ${event.context}: ${event.budgetMicros} of every ${event.periodMicros} us at priority ${event.priority}`;
    case "context/lent":
      return `context ${event.context}, bound to notification ${event.notification}${event.forInterrupt ? ", until it acknowledges" : ""}`;
    case "context/returned":
    case "context/refilled":
      return `context ${event.context}`;
    case "context/exhausted":
      return `context ${event.context}${event.signals ? ", and says so" : ""}`;
    case "process/ranked":
      return `priority ${event.priority}, may give up to ${event.ceiling}`;
    case "process/prioritized":
      return `runs at priority ${event.priority}`;
    case "priority/changed":
      return `process ${event.process} has priority ${event.priority}, by the authority of capability ${event.authority}`;
    case "scheduler/partitioned":
      return event.domains.map((name, domain) => `${name} for ${event.slotTicks[domain]} ticks`).join(", ");
    case "process/assigned":
      return `domain ${event.name}`;
    case "domain/entered":
      return `domain ${event.domain}${event.passed === 0 ? "" : `, behind ${event.passed} slots in which nobody was ready`}`;
    case "domain/idled":
      return `nobody of the domain was ready for ${event.ticks} ticks`;
    case "interrupt/attached":
      return `line ${event.line}${event.everyMicros === 0 ? "" : `, every ${event.everyMicros} us`}`;
    case "interrupt/raised":
    case "interrupt/acknowledged":
      return `line ${event.line}`;
    case "interrupt/bound":
      return `line ${event.line} to notification ${event.notification}`;
    case "timer/armed":
      return `timer ${event.timer} for notification ${event.notification}, at ${event.until} us`;
    case "timer/disarmed":
    case "timer/fired":
      return `timer ${event.timer}`;
    default:
      return null;
  }
}
