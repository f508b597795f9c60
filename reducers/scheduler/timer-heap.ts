/** Who waits until when: a binary heap in a table, in which each task knows its place. */
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, get, remove, set, sizeOf, type Table } from "../../core/table.ts";
import type { SchedulerState, Timer } from "./scheduler-state.ts";

const tasksIn = ownerOf<SchedulerState>()("tasks");
const timersIn = ownerOf<SchedulerState>()("timers");

type Wait = Pick<Timer, "pid" | "until">;

const isEarlier = (one: Wait, other: Wait): boolean =>
  one.until < other.until || (one.until === other.until && one.pid < other.pid);

const above = (place: number): number => Math.floor((place - 1) / 2);

/** Puts one who waits at a place that is empty, or whose own is put elsewhere. */
function put(scheduler: Own<SchedulerState>, place: number, { pid, until }: Wait): void {
  set(timersIn(scheduler), place, { epoch: FRESH, pid, until });
  edit(tasksIn(scheduler), pid).timer = place;
}

/** Moves one up from a free place, past all who wait longer. */
function rise(scheduler: Own<SchedulerState>, from: number, wait: Wait): void {
  let place = from;
  while (place > 0) {
    const parent = get(scheduler.timers, above(place));
    if (!isEarlier(wait, parent)) break;
    put(scheduler, place, parent);
    place = above(place);
  }
  put(scheduler, place, wait);
}

/** Moves one down from a free place, past all who wait less long. */
function sink(scheduler: Own<SchedulerState>, from: number, wait: Wait): void {
  let place = from;
  for (;;) {
    const child = earlierChild(scheduler.timers, place);
    if (child < 0 || !isEarlier(get(scheduler.timers, child), wait)) break;
    put(scheduler, place, get(scheduler.timers, child));
    place = child;
  }
  put(scheduler, place, wait);
}

/** The place below whose time comes first; -1 if there is none. */
function earlierChild(timers: Table<Timer>, place: number): number {
  const left = place * 2 + 1;
  const count = sizeOf(timers);
  if (left >= count) return -1;
  const right = left + 1;
  return right < count && isEarlier(get(timers, right), get(timers, left)) ? right : left;
}

export const addTimer = (scheduler: Own<SchedulerState>, wait: Wait): void =>
  rise(scheduler, sizeOf(scheduler.timers), wait);

/** Takes the timer at a place away; the last one takes its place. */
export function removeTimer(scheduler: Own<SchedulerState>, place: number): void {
  const timers = timersIn(scheduler);
  const { pid } = get(timers, place);
  const lastPlace = sizeOf(timers) - 1;
  const last = get(timers, lastPlace);
  remove(timers, lastPlace);
  edit(tasksIn(scheduler), pid).timer = -1;
  if (lastPlace === place) return;
  const isUp = place > 0 && isEarlier(last, get(timers, above(place)));
  if (isUp) rise(scheduler, place, last);
  else sink(scheduler, place, last);
}
