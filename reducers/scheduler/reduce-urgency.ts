/** What the scheduler hears of priorities, of scheduling contexts, and of messages: who waits for whom. */
import { unreachable } from "../../core/assert.ts";
import type { Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, peek } from "../../core/table.ts";
import { ownerOfTable, SENT_THROUGH, slotOf, space, spaceOf } from "../capabilities/address.ts";
import { type CapabilityEvent, eachRemoved } from "../capabilities/capability-event.ts";
import type { IpcEvent } from "../ipc/ipc-event.ts";
import type { ContextEvent } from "./context-event.ts";
import {
  bindContext,
  configure,
  destroyContext,
  giveBack,
  lend,
  noteTaken,
  refill,
  unbindContext,
} from "./contexts.ts";
import { attend, donate, serve, stopDonating, toEndpoint, toProcess } from "./donations.ts";
import { place } from "./ready-queue.ts";
import type { SchedulerState } from "./scheduler-state.ts";

const tasksIn = ownerOf<SchedulerState>()("tasks");

export type UrgencyInput =
  | ContextEvent
  | Extract<IpcEvent, { type: "ipc/sent" | "ipc/received" | "ipc/replied" | "notification/taken" }>
  | Extract<
      CapabilityEvent,
      { type: "capability/derived" | "capability/closed" | "capability/removed" | "object/destroyed" }
    >;

export const reduceUrgency: Reducer<SchedulerState, UrgencyInput> = (scheduler, event) => {
  const { pid } = event;
  switch (event.type) {
    case "process/ranked": {
      const task = edit(tasksIn(scheduler), pid);
      task.priority = event.priority;
      task.ceiling = event.ceiling;
      return;
    }
    case "priority/changed":
      edit(tasksIn(scheduler), event.process).priority = event.priority;
      return;
    case "process/prioritized":
      return place(scheduler, pid, event.priority);
    case "context/configured":
      return configure(scheduler, event);
    case "context/lent":
      return lend(scheduler, event);
    case "context/returned":
      return giveBack(scheduler, pid);
    case "context/exhausted":
      scheduler.drained = 0;
      return;
    case "context/refilled":
      return refill(scheduler, event.context, event.at);
    case "notification/taken":
      attend(scheduler, pid, event.notification);
      return noteTaken(scheduler, pid, event.notification);
    case "ipc/sent":
      // It waits for others who serve it: it does not serve it meanwhile.
      forsake(scheduler, pid, event.endpoint);
      return donate(scheduler, pid, toEndpoint(event.endpoint));
    case "ipc/received":
      serve(scheduler, pid, event.endpoint);
      if (event.reply >= 0) return donate(scheduler, event.sender, toProcess(pid));
      return stopDonating(scheduler, event.sender);
    case "ipc/replied":
      return stopDonating(scheduler, event.caller);
    case "capability/derived":
      if (event.object === "context" && event.how === "bound") bindContext(scheduler, event.target, event.to);
      return;
    case "capability/closed":
      if (event.object === "reply") return stopDonating(scheduler, event.target);
      if (event.object === "endpoint") forsake(scheduler, pid, event.target);
      if (event.object === "notification") desert(scheduler, pid, event.target);
      return;
    case "capability/removed":
      return lose(scheduler, event);
    case "object/destroyed":
      if (event.object === "context") destroyContext(scheduler, event.target);
      return;
    default:
      unreachable(event);
  }
};

/** Whoever gives up a capability to an endpoint serves it again when it receives from it again. */
function forsake(scheduler: Own<SchedulerState>, pid: number, endpoint: number): void {
  if (peek(scheduler.tasks, pid)?.serves === endpoint) serve(scheduler, pid, 0);
}

/** So it is with notifications. */
function desert(scheduler: Own<SchedulerState>, pid: number, notification: number): void {
  if (peek(scheduler.tasks, pid)?.attends === notification) attend(scheduler, pid, 0);
}

function lose(scheduler: Own<SchedulerState>, event: { readonly removed: readonly number[] }): void {
  eachRemoved(event, (kind, target, address) => {
    if (kind === "context") unbindContext(scheduler, target, address);
    // What was sent through it was never sent; who waits for a reply that nobody can give waits in vain.
    if (kind === "reply") stopDonating(scheduler, target);
    if (spaceOf(address) === space.messages && slotOf(address) === SENT_THROUGH)
      stopDonating(scheduler, ownerOfTable(address));
    else if (spaceOf(address) === space.process) {
      if (kind === "endpoint") forsake(scheduler, ownerOfTable(address), target);
      if (kind === "notification") desert(scheduler, ownerOfTable(address), target);
    }
  });
}
