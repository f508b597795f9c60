import { unreachable } from "../../core/assert.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, get, peek, remove, set } from "../../core/table.ts";
import type { ProcessEvent } from "../processes/process-event.ts";
import { dequeue, enqueue } from "./ready-queue.ts";
import type { SchedulerEvent } from "./scheduler-event.ts";
import type { SchedulerState, Task } from "./scheduler-state.ts";
import { addTimer, removeTimer } from "./timer-heap.ts";
import { addWaiter, removeWaiter } from "./waiters.ts";

const tasksIn = ownerOf<SchedulerState>()("tasks");
const endedIn = ownerOf<SchedulerState>()("ended");

export type SchedulerInput =
  | Exclude<SchedulerEvent, { type: "scheduler/configured" }>
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
      taskOf(scheduler, pid).status = "running";
      scheduler.running = pid;
      return;
    case "process/preempted":
      give(scheduler, pid, event.ticks);
      return enqueue(scheduler, pid);
    case "process/suspended":
      give(scheduler, pid, event.ticks);
      return wait(scheduler, pid, event);
    case "process/woken":
      stopWaiting(scheduler, pid);
      return enqueue(scheduler, pid);
    case "process/accounted":
      taskOf(scheduler, pid).ticks += event.ticks;
      return;
    case "process/exited":
    case "process/trapped":
    case "process/killed":
      return leave(scheduler, pid);
    default:
      unreachable(event);
  }
};

const newTask = (): Task => ({
  epoch: FRESH,
  status: "waiting",
  before: 0,
  behind: 0,
  ticks: 0,
  limit: 0,
  since: 0,
  timer: -1,
  objects: [],
});

const taskOf = (scheduler: Own<SchedulerState>, pid: number): Own<Task> => edit(tasksIn(scheduler), pid);

/** Gives the processor back. */
function give(scheduler: Own<SchedulerState>, pid: number, ticks: number): void {
  taskOf(scheduler, pid).ticks += ticks;
  scheduler.running = 0;
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
  for (const object of objects) addWaiter(scheduler, object, pid);
  if (until > 0) addTimer(scheduler, { pid, until });
}

function stopWaiting(scheduler: Own<SchedulerState>, pid: number): void {
  const { objects, timer } = get(scheduler.tasks, pid);
  for (const object of objects) removeWaiter(scheduler, object, pid);
  if (timer >= 0) removeTimer(scheduler, timer);
  taskOf(scheduler, pid).objects = [];
}

/** Its life ends, wherever it is; what it has used is remembered. */
function leave(scheduler: Own<SchedulerState>, pid: number): void {
  const task = peek(scheduler.tasks, pid);
  if (task === null) return;
  set(endedIn(scheduler), pid, { epoch: FRESH, ticks: task.ticks });
  if (task.status === "ready") dequeue(scheduler, pid);
  if (task.status === "waiting") stopWaiting(scheduler, pid);
  if (task.status === "running") scheduler.running = 0;
  remove(tasksIn(scheduler), pid);
}
