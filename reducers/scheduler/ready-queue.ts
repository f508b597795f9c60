/**
 * Those who are ready to run: for each priority of each domain a queue, as a list through their tasks, so that anybody can leave it at once. A set of
 * bits says at which priorities somebody is ready, so the highest is found by looking at eight numbers at most.
 */
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, editIf, get, set } from "../../core/table.ts";
import type { Level, Partition, Readiness, SchedulerState, Task } from "./scheduler-state.ts";

const tasksIn = ownerOf<SchedulerState>()("tasks");
const levelsIn = ownerOf<SchedulerState>()("levels");

const partitionOf = ownerOf<SchedulerState>()("partition");
const domainsIn = ownerOf<Partition>()("domains");

const WORD_BITS = 32;
const PRIORITIES = 256;

/** Where the queue of a domain at a priority stands among the levels. */
export const levelOf = (domain: number, priority: number): number => domain * PRIORITIES + priority;
export const domainOfLevel = (level: number): number => Math.floor(level / PRIORITIES);
export const priorityOfLevel = (level: number): number => level % PRIORITIES;

/** Who is ready of a domain; where there are none, of all. */
const readyOf = (scheduler: Own<SchedulerState>, domain: number): Own<Readiness> =>
  scheduler.partition === undefined ? scheduler : edit(domainsIn(partitionOf(scheduler)), domain);

export function enqueue(scheduler: Own<SchedulerState>, pid: number): void {
  const tasks = tasksIn(scheduler);
  const task = edit(tasks, pid);
  const { placement, domain = 0 } = task;
  const level = levelAt(scheduler, levelOf(domain, placement));
  const { last } = level;
  task.status = "ready";
  task.before = last;
  task.behind = 0;
  if (last === 0) {
    level.first = pid;
    occupy(readyOf(scheduler, domain), placement);
  } else edit(tasks, last).behind = pid;
  level.last = pid;
}

/** Takes one out who is in it, wherever it stands. */
export function dequeue(scheduler: Own<SchedulerState>, pid: number): void {
  const tasks = tasksIn(scheduler);
  const task = edit(tasks, pid);
  const { before, behind, placement, domain = 0 } = task;
  const level = levelAt(scheduler, levelOf(domain, placement));
  if (before === 0) level.first = behind;
  else edit(tasks, before).behind = behind;
  if (behind === 0) level.last = before;
  else edit(tasks, behind).before = before;
  task.before = 0;
  task.behind = 0;
  if (level.first === 0) vacate(readyOf(scheduler, domain), placement);
}

/** Gives a process another level; one that is ready comes to the end of its queue. */
export const place = (scheduler: Own<SchedulerState>, pid: number, priority: number): void =>
  stand(scheduler, pid, (task) => {
    task.placement = priority;
  });

/** Gives a process another domain; one that is ready comes to the end of its queue there. */
export const assign = (scheduler: Own<SchedulerState>, pid: number, domain: number): void =>
  stand(scheduler, pid, (task) => {
    task.domain = domain;
  });

function stand(scheduler: Own<SchedulerState>, pid: number, change: (task: Own<Task>) => void): void {
  const isReady = get(scheduler.tasks, pid).status === "ready";
  if (isReady) dequeue(scheduler, pid);
  change(edit(tasksIn(scheduler), pid));
  if (isReady) enqueue(scheduler, pid);
}

function levelAt(scheduler: Own<SchedulerState>, at: number): Own<Level> {
  const levels = levelsIn(scheduler);
  const known = editIf(levels, at);
  if (known !== null) return known;
  set(levels, at, { epoch: FRESH, first: 0, last: 0 });
  return edit(levels, at);
}

const bitOf = (priority: number): number => (1 << (priority % WORD_BITS)) >>> 0;
const wordOf = (priority: number): number => Math.floor(priority / WORD_BITS);

function occupy(ready: Own<Readiness>, priority: number): void {
  flip(ready, priority);
  if (priority > ready.highest) ready.highest = priority;
}

function vacate(ready: Own<Readiness>, priority: number): void {
  flip(ready, priority);
  if (priority === ready.highest) ready.highest = highestOf(ready.occupied);
}

function flip(ready: Own<Readiness>, priority: number): void {
  const occupied = ready.occupied.slice();
  const word = wordOf(priority);
  occupied[word] = ((occupied[word] as number) ^ bitOf(priority)) >>> 0;
  ready.occupied = occupied;
}

/** The highest priority whose bit is set; -1: none is. */
export function highestOf(occupied: readonly number[]): number {
  for (let word = occupied.length - 1; word >= 0; word -= 1) {
    const bits = occupied[word] as number;
    if (bits !== 0) return word * WORD_BITS + (WORD_BITS - 1 - Math.clz32(bits));
  }
  return -1;
}
