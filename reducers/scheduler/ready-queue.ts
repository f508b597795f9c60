/**
 * Those who are ready to run: for each priority a queue, as a list through their tasks, so that anybody can leave it at once. A set of
 * bits says at which priorities somebody is ready, so the highest is found by looking at eight numbers at most.
 */
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, editIf, get, set } from "../../core/table.ts";
import type { Level, SchedulerState } from "./scheduler-state.ts";

const tasksIn = ownerOf<SchedulerState>()("tasks");
const levelsIn = ownerOf<SchedulerState>()("levels");

const WORD_BITS = 32;

export function enqueue(scheduler: Own<SchedulerState>, pid: number): void {
  const tasks = tasksIn(scheduler);
  const task = edit(tasks, pid);
  const { placement } = task;
  const level = levelAt(scheduler, placement);
  const { last } = level;
  task.status = "ready";
  task.before = last;
  task.behind = 0;
  if (last === 0) {
    level.first = pid;
    occupy(scheduler, placement);
  } else edit(tasks, last).behind = pid;
  level.last = pid;
}

/** Takes one out who is in it, wherever it stands. */
export function dequeue(scheduler: Own<SchedulerState>, pid: number): void {
  const tasks = tasksIn(scheduler);
  const task = edit(tasks, pid);
  const { before, behind, placement } = task;
  const level = levelAt(scheduler, placement);
  if (before === 0) level.first = behind;
  else edit(tasks, before).behind = behind;
  if (behind === 0) level.last = before;
  else edit(tasks, behind).before = before;
  task.before = 0;
  task.behind = 0;
  if (level.first === 0) vacate(scheduler, placement);
}

/** Gives a process another level; one that is ready comes to the end of its queue. */
export function place(scheduler: Own<SchedulerState>, pid: number, priority: number): void {
  const isReady = get(scheduler.tasks, pid).status === "ready";
  if (isReady) dequeue(scheduler, pid);
  edit(tasksIn(scheduler), pid).placement = priority;
  if (isReady) enqueue(scheduler, pid);
}

function levelAt(scheduler: Own<SchedulerState>, priority: number): Own<Level> {
  const levels = levelsIn(scheduler);
  const known = editIf(levels, priority);
  if (known !== null) return known;
  set(levels, priority, { epoch: FRESH, first: 0, last: 0 });
  return edit(levels, priority);
}

const bitOf = (priority: number): number => (1 << (priority % WORD_BITS)) >>> 0;
const wordOf = (priority: number): number => Math.floor(priority / WORD_BITS);

function occupy(scheduler: Own<SchedulerState>, priority: number): void {
  flip(scheduler, priority);
  if (priority > scheduler.highest) scheduler.highest = priority;
}

function vacate(scheduler: Own<SchedulerState>, priority: number): void {
  flip(scheduler, priority);
  if (priority === scheduler.highest) scheduler.highest = highestOf(scheduler.occupied);
}

function flip(scheduler: Own<SchedulerState>, priority: number): void {
  const occupied = scheduler.occupied.slice();
  const word = wordOf(priority);
  occupied[word] = ((occupied[word] as number) ^ bitOf(priority)) >>> 0;
  scheduler.occupied = occupied;
}

/** The highest priority whose bit is set; -1: none is. */
export function highestOf(occupied: readonly number[]): number {
  for (let word = occupied.length - 1; word >= 0; word -= 1) {
    const bits = occupied[word] as number;
    if (bits !== 0) return word * WORD_BITS + (WORD_BITS - 1 - Math.clz32(bits));
  }
  return -1;
}
