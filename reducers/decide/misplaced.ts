/** Who stands at another level among the ready than its priority comes to, because of an event. */
import { peek } from "../../core/table.ts";
import { ownerOfTable, SENT_THROUGH, slotOf, space, spaceOf } from "../capabilities/address.ts";
import { removedOf } from "../capabilities/capability-event.ts";
import type { KernelEvent } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { doneesAt, serversOf } from "../scheduler/donations.ts";
import { usersOf } from "../scheduler/scheduler-selectors.ts";
import type { SchedulerState } from "../scheduler/scheduler-state.ts";
import type { ProcessFact } from "./decision.ts";
import { effectivePriority } from "./effective-priority.ts";

const NOBODY: readonly number[] = [];

/** The first of those whom the event concerns, or for whom one of these waits, and so on, who is to change its place; null if none is. */
export function misplaced(state: KernelState, event: KernelEvent): ProcessFact | null {
  const { scheduler } = state;
  if (scheduler === undefined) return null;
  const reached = new Set(concernedBy(scheduler, event));
  for (const pid of reached) {
    const task = peek(scheduler.tasks, pid);
    if (task === null) continue;
    const priority = effectivePriority(state, pid);
    if (priority !== task.placement) return { pid, fact: { type: "process/prioritized", priority } };
    for (const donee of doneesAt(scheduler, task.donee)) reached.add(donee);
  }
  return null;
}

/** Whose priority may come to something else after an event, by what it says of them, or of who waits for them. */
function concernedBy(scheduler: SchedulerState, event: KernelEvent): readonly number[] {
  const { pid } = event;
  switch (event.type) {
    case "process/ranked":
    case "process/suspended":
    case "context/lent":
    case "context/returned":
    case "ipc/replied":
      return [pid];
    case "priority/changed":
      return [event.process];
    case "process/exited":
    case "process/trapped":
    case "process/killed":
      return doneesAt(scheduler, peek(scheduler.ended, pid)?.donee ?? 0);
    case "context/configured":
    case "context/exhausted":
    case "context/refilled":
      return usersOf(scheduler, event.context);
    case "ipc/sent":
    case "ipc/received":
      return [pid, ...serversOf(scheduler, event.endpoint)];
    case "capability/closed":
      return event.object === "reply" || event.object === "endpoint" ? [pid] : NOBODY;
    case "capability/derived":
      return event.object === "context" ? usersOf(scheduler, event.target) : NOBODY;
    case "capability/removed":
      return bereft(scheduler, event);
    default:
      return NOBODY;
  }
}

/** Who has lost a context, whoever waited for it, or the endpoint that it serves. */
function bereft(
  scheduler: SchedulerState,
  event: { readonly removed: readonly number[] },
): readonly number[] {
  return [...removedOf(event)].flatMap(([kind, target, address]) => {
    const owner = ownerOfTable(address);
    const where = spaceOf(address);
    if (where === space.messages && slotOf(address) === SENT_THROUGH) return serversOf(scheduler, target);
    if (where === space.services && kind === "context") return [owner];
    return where === space.process && (kind === "reply" || kind === "endpoint") ? [owner] : NOBODY;
  });
}
