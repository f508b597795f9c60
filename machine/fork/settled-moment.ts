/** Moments at which a machine can be forked: between two decisions, not within one that is several events. */
import type { KernelEvent } from "../../reducers/kernel-event.ts";

/** What a process begins with, in one piece. */
const boot: ReadonlySet<KernelEvent["type"]> = new Set([
  "machine/powered-on",
  "console/attached",
  "scheduler/configured",
  "scheduler/partitioned",
  "pipe/created",
  "pipe/sized",
  "pipe/reserved",
  "host/mounted",
  "process/started",
  "process/limited",
  "program/admitted",
  "file/preopened",
  "interrupt/attached",
  "process/ranked",
  "process/assigned",
  "capability/granted",
]);
/** What comes in front of the answer of one call, or of an end. */
const partial: ReadonlySet<KernelEvent["type"]> = new Set([
  "file/created",
  "file/resized",
  "file/chunk-consolidated",
  "capability/closed",
  "capability/used",
  "capability/derived",
  "capability/carried",
  "capability/removed",
  "object/created",
  "process/accounted",
]);

const ends: ReadonlySet<KernelEvent["type"]> = new Set([
  "process/exited",
  "process/trapped",
  "process/killed",
]);

/** The first moment at or behind one that is not within a decision. `eventAt` gives null behind the last event. */
export function settledMoment(moment: number, eventAt: (seq: number) => KernelEvent | null): number {
  let at = moment;
  // What an event led to stands in the middle of what that is part of.
  let first = eventAt(at);
  while (first !== null && first.cause >= 0 && first.call < 0) first = eventAt(first.cause);
  if (first !== null && first.call < 0 && first.pid > 0 && partial.has(first.type)) {
    for (let next = eventAt(at + 1); next !== null; next = eventAt(at + 1)) {
      at += 1;
      if (next.pid === first.pid && (next.call >= 0 || ends.has(next.type))) break;
    }
  }
  for (let next = eventAt(at + 1); next !== null && goesOn(next); next = eventAt(at + 1)) at += 1;
  return at;
}

/** What follows at once from what was before, and the rest of a boot. */
const goesOn = (next: KernelEvent): boolean =>
  next.call < 0 && (next.cause >= 0 || boot.has(next.type) || isMadeByMachine(next));

const isMadeByMachine = (event: KernelEvent): boolean =>
  ((event.type === "directory/created" || event.type === "object/created") && event.by === 0) ||
  event.type === "context/configured" ||
  (event.type === "capability/derived" && event.how === "endowed");
