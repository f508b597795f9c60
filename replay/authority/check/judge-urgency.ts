/** Judges what makes somebody urgent: interrupts and timers that signal, contexts that are lent, priorities that are given. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import type { BegunProcesses } from "./begun-processes.ts";
import { at, type HeldRow, type HeldSlots, isOf, placed } from "./held-slots.ts";
import type { KnownUrgency } from "./known-urgency.ts";
import { objectBits } from "./wasi-bits.ts";

interface Model {
  readonly held: HeldSlots;
  readonly urgency: KnownUrgency;
  readonly processes: BegunProcesses;
}

/** Where an object keeps what is bound to it, and a line by which capability that was done. */
const BOUND = 0;
const HANDLER = 1;

/** Why an event about urgency cannot have happened, whose capability, if it names one, was found right; null if it can. */
export function judgeUrgency(event: KernelEvent, model: Model): string | null {
  const { held, urgency } = model;
  const boundTo = (object: number): HeldRow | null => held.rowAt(placed(at.kept, object, BOUND));
  switch (event.type) {
    case "interrupt/bound": {
      const bound = boundTo(event.line);
      if (bound?.object !== "notification" || bound.target !== event.notification)
        return `notification ${event.notification} is not bound to line ${event.line}`;
      const isBy = held.rowAt(placed(at.kept, event.line, HANDLER))?.parent === event.by;
      return isBy ? null : `line ${event.line} was not bound by capability #${event.by}`;
    }
    case "timer/armed": {
      const bound = boundTo(event.timer);
      const isIt = bound?.object === "notification" && bound.target === event.notification;
      return isIt ? null : `notification ${event.notification} is not bound to timer ${event.timer}`;
    }
    case "timer/fired": {
      const due = urgency.dueAt(event.timer);
      return due >= 0 && due <= event.at ? null : `timer ${event.timer} is not due`;
    }
    case "context/exhausted": {
      const isBound = boundTo(event.context)?.object === "notification";
      return event.signals === isBound
        ? null
        : `context ${event.context} signals what is not bound to it, or does not`;
    }
    case "interrupt/raised":
      return urgency.isLine(event.line) ? null : `there is no line ${event.line}`;
    case "context/lent": {
      const lent = boundTo(event.notification);
      const isIt = lent?.object === "context" && lent.target === event.context;
      return isIt ? null : `context ${event.context} is not bound to notification ${event.notification}`;
    }
    case "context/configured":
    case "priority/changed":
    case "process/ranked":
      return judgePriority(event, model);
    default:
      return null;
  }
}

type Ranking = Extract<KernelEvent, { type: "context/configured" | "priority/changed" | "process/ranked" }>;

/** Nobody gives more than the ceiling of whose authority is used; boot gives what it likes. */
function judgePriority(event: Ranking, { held, urgency, processes }: Model): string | null {
  if (event.type === "process/ranked")
    return processes.mayBeRanked(event.pid) ? null : `process ${event.pid} is not beginning`;
  if (event.call < 0 && processes.mayBeGranted(event.pid)) return null;
  let authority = event.pid;
  if (event.type === "priority/changed") {
    const address = held.addressOf(event.authority);
    const row = held.rowAt(address);
    const mayRank = row?.object === "process" && (row.rights & objectBits.process.schedule) !== 0;
    if (!mayRank || !isOf(address, event.pid))
      return `capability #${event.authority} is no authority over priorities`;
    authority = row.target;
  }
  const ceiling = urgency.ceilingOf(authority);
  return event.priority <= ceiling ? null : `priority ${event.priority} is above the ceiling ${ceiling}`;
}
