import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import type { EventSource } from "./event-source.ts";

/** Events of one process's boot: its grants are as many as its descriptors, which are bounded. */
const MAX_BOOT_EVENTS = 1 << 21;

/** Why a capability was not granted by the machine as its process began; null if it was. */
export function verifyBoot(events: EventSource, grant: KernelEvent): string | null {
  const isEndowment = grant.type === "capability/derived" && grant.how === "endowed";
  if (grant.type !== "capability/granted" && grant.type !== "object/created" && !isEndowment)
    return `${grant.type} grants nothing`;
  if (grant.call >= 0) return "a grant of the machine answers no call";
  const { pid } = grant;
  // What the machine keeps itself belongs to no process.
  if (pid === 0) return null;
  const least = Math.max(0, grant.seq - MAX_BOOT_EVENTS);
  for (let seq = grant.seq - 1; seq >= least; seq -= 1) {
    const before = events.eventAt(seq);
    if (before === null) return `event ${seq} is missing`;
    if (before.pid !== pid) continue;
    if (before.type === "process/started") return null;
    if (before.call >= 0 || before.type === "process/scheduled" || before.type === "process/blocked")
      return `process ${pid} had begun at event ${seq}, and nobody grants it anything any more`;
  }
  return `process ${pid} was not started`;
}
