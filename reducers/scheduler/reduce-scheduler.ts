import { unreachable } from "../../core/assert.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, get, peek, remove, set } from "../../core/table.ts";
import type { ProcessEvent } from "../processes/process-event.ts";
import { awaitedOf } from "./awaited.ts";
import { charge, giveBack } from "./contexts.ts";
import type { DomainEvent } from "./domain-event.ts";
import { countWake, divide, enter, idle, oweSlot, useSlot } from "./domains.ts";
import { attend, serve, stopDonating } from "./donations.ts";
import { assign, dequeue, enqueue } from "./ready-queue.ts";
import type { SchedulerEvent } from "./scheduler-event.ts";
import { type SchedulerState, type Task, USUAL_PRIORITY } from "./scheduler-state.ts";
import { slotLeft } from "./scheduler-selectors.ts";
import { payerOf } from "./standing.ts";
import { addTimer, removeTimer } from "./timer-heap.ts";
import { addPid, removePid } from "./waiters.ts";

const tasksIn = ownerOf<SchedulerState>()("tasks");
const endedIn = ownerOf<SchedulerState>()("ended");
const waitersIn = ownerOf<SchedulerState>()("waiters");

export type SchedulerInput =
  | Exclude<SchedulerEvent, { type: "scheduler/configured" }>
  | DomainEvent
  | Extract<
      ProcessEvent,
      { type: "process/started" | "process/exited" | "process/trapped" | "process/killed" }
    >;

export const reduceScheduler: Reducer<SchedulerState, SchedulerInput> = (scheduler, event) => {
  const { pid } = event;
  switch (event.type) {
    case "process/started":
      set(tasksIn(scheduler), pid, newTask());
      return enqueue(scheduler, pid);
    case "process/limited":
      taskOf(scheduler, pid).limit = event.ticks;
      return;
    case "process/scheduled":
      dequeue(scheduler, pid);
      return begin(scheduler, pid, event.at);
    case "process/preempted":
      give(scheduler, pid, event.ticks);
      return enqueue(scheduler, pid);
    case "process/suspended":
      give(scheduler, pid, event.ticks);
      return wait(scheduler, pid, event);
    case "process/woken":
      stopWaiting(scheduler, pid);
      countWake(scheduler, pid);
      return enqueue(scheduler, pid);
    case "process/accounted":
      taskOf(scheduler, pid).ticks += event.ticks;
      useSlot(scheduler, event.ticks);
      return pay(scheduler, event.ticks);
    case "process/exited":
    case "process/trapped":
    case "process/killed":
      return leave(scheduler, pid);
    case "scheduler/partitioned":
      return divide(scheduler, event);
    case "process/assigned":
      return assign(scheduler, pid, event.domain);
    case "domain/entered":
      return enter(scheduler, event);
    case "domain/idled":
      return idle(scheduler, event.ticks);
    default:
      unreachable(event);
  }
};

const newTask = (): Task => ({
  epoch: FRESH,
  status: "waiting",
  priority: USUAL_PRIORITY,
  ceiling: USUAL_PRIORITY,
  placement: USUAL_PRIORITY,
  bound: 0,
  borrowed: 0,
  donee: 0,
  serves: 0,
  attends: 0,
  before: 0,
  behind: 0,
  ticks: 0,
  limit: 0,
  since: 0,
  timer: -1,
  objects: [],
});

const taskOf = (scheduler: Own<SchedulerState>, pid: number): Own<Task> => edit(tasksIn(scheduler), pid);

/** Has the processor. Who pays for the turn is said once, at its beginning, and so is how much there is. */
function begin(scheduler: Own<SchedulerState>, pid: number, at: number): void {
  taskOf(scheduler, pid).status = "running";
  scheduler.running = pid;
  scheduler.turnAt = at;
  const payer = payerOf(scheduler, pid);
  scheduler.payer = payer;
  scheduler.allowance = payer === 0 ? 0 : get(scheduler.contexts, payer).left;
  oweSlot(scheduler);
}

/** Gives the processor back. */
function give(scheduler: Own<SchedulerState>, pid: number, ticks: number): void {
  taskOf(scheduler, pid).ticks += ticks;
  scheduler.running = 0;
  useSlot(scheduler, ticks);
  pay(scheduler, ticks);
}

/** What the turn has used is paid for, once. */
function pay(scheduler: Own<SchedulerState>, ticks: number): void {
  if (scheduler.payer === 0) return;
  charge(scheduler, scheduler.payer, ticks);
  scheduler.payer = 0;
  scheduler.allowance = 0;
}

function wait(
  scheduler: Own<SchedulerState>,
  pid: number,
  { since, until, objects }: Extract<SchedulerEvent, { type: "process/suspended" }>,
): void {
  const task = taskOf(scheduler, pid);
  task.status = "waiting";
  task.since = since;
  task.objects = objects.slice();
  for (const object of objects) {
    addPid(waitersIn(scheduler), object, pid);
    const awaited = awaitedOf(object);
    if (awaited.kind === "message") serve(scheduler, pid, awaited.object);
    if (awaited.kind === "notification") attend(scheduler, pid, awaited.object);
  }
  if (until > 0) addTimer(scheduler, pid, until);
  // Who waits is urgent no longer, whatever it has not acknowledged.
  giveBack(scheduler, pid);
}

function stopWaiting(scheduler: Own<SchedulerState>, pid: number): void {
  const { objects, timer } = get(scheduler.tasks, pid);
  for (const object of objects) removePid(waitersIn(scheduler), object, pid);
  if (timer >= 0) removeTimer(scheduler, timer);
  taskOf(scheduler, pid).objects = [];
}

/** Its life ends, wherever it is; what it has used is remembered. */
function leave(scheduler: Own<SchedulerState>, pid: number): void {
  const task = peek(scheduler.tasks, pid);
  if (task === null) return;
  set(endedIn(scheduler), pid, { epoch: FRESH, ticks: task.ticks, donee: task.donee });
  if (task.status === "ready") dequeue(scheduler, pid);
  if (task.status === "waiting") stopWaiting(scheduler, pid);
  if (task.status === "running") {
    scheduler.running = 0;
    // Of a turn that was not counted nobody knows more than what it may have used.
    useSlot(scheduler, Math.max(0, slotLeft(scheduler) ?? 0));
    pay(scheduler, scheduler.allowance);
  }
  giveBack(scheduler, pid);
  stopDonating(scheduler, pid);
  serve(scheduler, pid, 0);
  attend(scheduler, pid, 0);
  remove(tasksIn(scheduler), pid);
}
