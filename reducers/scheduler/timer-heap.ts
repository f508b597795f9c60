/** Who waits until when: a heap in which each task knows its place. */
import { addDue, removeDue } from "../../core/heap.ts";
import type { Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit } from "../../core/table.ts";
import type { SchedulerState } from "./scheduler-state.ts";

const tasksIn = ownerOf<SchedulerState>()("tasks");
const timersIn = ownerOf<SchedulerState>()("timers");

const placedIn =
  (scheduler: Own<SchedulerState>) =>
  (pid: number, place: number): void => {
    edit(tasksIn(scheduler), pid).timer = place;
  };

export const addTimer = (scheduler: Own<SchedulerState>, pid: number, until: number): void =>
  addDue(timersIn(scheduler), { key: pid, until }, placedIn(scheduler));

/** Takes the timer at a place away; the last one takes its place. */
export const removeTimer = (scheduler: Own<SchedulerState>, place: number): void =>
  removeDue(timersIn(scheduler), place, placedIn(scheduler));
