import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import type { EventSource } from "./event-source.ts";
import type { Service } from "./use-rules.ts";

interface ServiceClaim {
  readonly service: Service;
  readonly startedAt: number;
  readonly saidAt: number;
}

/** More than so many events are not between a process's start and what it is entitled to. */
const MAX_BOOT_EVENTS = 1 << 21;

/** Why a process may not have used a service of the machine; null if it may. */
export function verifyService(events: EventSource, use: KernelEvent, claim: ServiceClaim): string | null {
  const { service, startedAt, saidAt } = claim;
  const { pid, seq } = use;
  const start = events.eventAt(startedAt);
  if (start?.type !== "process/started" || start.pid !== pid || startedAt > seq)
    return `event ${startedAt} did not start process ${pid}`;
  for (let each = startedAt + 1; each < Math.min(seq, startedAt + MAX_BOOT_EVENTS); each += 1) {
    const event = events.eventAt(each);
    if (event === null) return `event ${each} is missing`;
    if (event.pid !== pid) continue;
    if (event.call >= 0 || event.type === "process/scheduled") break;
    if (event.type !== "process/entitled") continue;
    if (each !== saidAt) return `what process ${pid} is entitled to stands at event ${each}`;
    return event[service] ? null : `event ${each} does not entitle process ${pid} to the ${service}`;
  }
  return saidAt === -1 ? null : `event ${saidAt} does not say what process ${pid} is entitled to`;
}
