/** The queue of those who are ready to run: a list through their tasks, so that anybody can leave it at once. */
import type { Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit } from "../../core/table.ts";
import type { SchedulerState } from "./scheduler-state.ts";

const tasksIn = ownerOf<SchedulerState>()("tasks");

export function enqueue(scheduler: Own<SchedulerState>, pid: number): void {
  const tasks = tasksIn(scheduler);
  const task = edit(tasks, pid);
  task.status = "ready";
  task.before = scheduler.lastReady;
  task.behind = 0;
  if (scheduler.lastReady === 0) scheduler.firstReady = pid;
  else edit(tasks, scheduler.lastReady).behind = pid;
  scheduler.lastReady = pid;
}

/** Takes one out who is in it, wherever it stands. */
export function dequeue(scheduler: Own<SchedulerState>, pid: number): void {
  const tasks = tasksIn(scheduler);
  const task = edit(tasks, pid);
  const { before, behind } = task;
  if (before === 0) scheduler.firstReady = behind;
  else edit(tasks, before).behind = behind;
  if (behind === 0) scheduler.lastReady = before;
  else edit(tasks, behind).before = before;
  task.before = 0;
  task.behind = 0;
}
