/**
 * Scheduling contexts: a priority for a budget of ticks in every period, refilled as a sporadic server is (POSIX SCHED_SPORADIC, seL4
 * MCS): what a turn has used comes back one period after that turn began. So the turns that begin within any time as long as the period
 * use no more than the budget, and what the last of them used beyond it, which it pays back.
 */
import { addDue, removeDue } from "../../core/heap.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, editIf, get, peek, remove, set } from "../../core/table.ts";
import { NOWHERE, ownerOfTable, space, spaceOf } from "../capabilities/address.ts";
import type { ContextEvent } from "./context-event.ts";
import type { Context, SchedulerState } from "./scheduler-state.ts";

const contextsIn = ownerOf<SchedulerState>()("contexts");
const refillsIn = ownerOf<SchedulerState>()("refills");
const tasksIn = ownerOf<SchedulerState>()("tasks");

/** Budgets are told in microseconds and counted in ticks, at this rate, whatever a tick takes. */
export const TICKS_PER_MICRO = 100;
/** Parts of a budget that come back at different times; more are put together, and come back with the last. */
export const MAX_REFILLS = 8;

type Configured = Extract<ContextEvent, { type: "context/configured" }>;

/** Its terms are others from now on. What was used of the old budget is used of the new one, too. */
export function configure(scheduler: Own<SchedulerState>, event: Configured): void {
  const { context: id, budgetMicros, periodMicros, priority } = event;
  const contexts = contextsIn(scheduler);
  if (peek(scheduler.contexts, id) === null) set(contexts, id, newContext());
  const context = edit(contexts, id);
  context.priority = priority;
  context.budgetMicros = budgetMicros;
  context.periodMicros = periodMicros;
  context.left = budgetMicros * TICKS_PER_MICRO - comingBack(context.refills);
}

const newContext = (): Context => ({
  epoch: FRESH,
  priority: 0,
  budgetMicros: 0,
  periodMicros: 0,
  left: 0,
  refills: [],
  place: -1,
  boundAt: NOWHERE,
  borrower: 0,
  notification: 0,
  isForInterrupt: false,
  hasTaken: false,
});

/** Ticks that are to come back. */
export const comingBack = (refills: readonly number[]): number =>
  refills.reduce((sum, value, index) => (index % 2 === 1 ? sum + value : sum), 0);

/** A turn that began at a kernel time has used so many ticks of it. */
export function charge(scheduler: Own<SchedulerState>, id: number, ticks: number): void {
  const context = ticks > 0 ? editIf(contextsIn(scheduler), id) : null;
  if (context === null) return;
  context.left -= ticks;
  context.refills = withRefill(context.refills, scheduler.turnAt + context.periodMicros, ticks);
  settle(scheduler, id);
  if (context.left <= 0) scheduler.drained = id;
}

/** In order of time, and at most so many: the last two become one, at the later time. */
function withRefill(refills: readonly number[], at: number, ticks: number): readonly number[] {
  const last = refills.length - 2;
  const latest = last < 0 ? at : Math.max(at, refills[last] as number);
  if (refills.length < 2 * MAX_REFILLS) return [...refills, latest, ticks];
  return [...refills.slice(0, last), latest, (refills[last + 1] as number) + ticks];
}

/** What was to come back until a kernel time has. */
export function refill(scheduler: Own<SchedulerState>, id: number, now: number): void {
  const context = edit(contextsIn(scheduler), id);
  const { refills } = context;
  let at = 0;
  for (; at < refills.length && (refills[at] as number) <= now; at += 2)
    context.left += refills[at + 1] as number;
  context.refills = refills.slice(at);
  settle(scheduler, id);
}

/** Puts a context where its first refill is due. */
function settle(scheduler: Own<SchedulerState>, id: number): void {
  const { place, refills } = get(scheduler.contexts, id);
  const until = refills[0];
  if (place >= 0 && get(scheduler.refills, place).until === until) return;
  if (place >= 0) removeDue(refillsIn(scheduler), place, placedIn(scheduler));
  if (until !== undefined) addDue(refillsIn(scheduler), { key: id, until }, placedIn(scheduler));
}

const placedIn =
  (scheduler: Own<SchedulerState>) =>
  (id: number, place: number): void => {
    edit(contextsIn(scheduler), id).place = place;
  };

/** It is bound: its capability lies at an address, of a notification's or of a process. */
export function bindContext(scheduler: Own<SchedulerState>, id: number, address: number): void {
  const context = editIf(contextsIn(scheduler), id);
  if (context === null) return;
  context.boundAt = address;
  if (spaceOf(address) === space.services) setBound(scheduler, ownerOfTable(address), id);
}

/** The capability by which it was bound is gone. */
export function unbindContext(scheduler: Own<SchedulerState>, id: number, address: number): void {
  const context = editIf(contextsIn(scheduler), id);
  if (context === null || context.boundAt !== address) return;
  context.boundAt = NOWHERE;
  if (spaceOf(address) === space.services) setBound(scheduler, ownerOfTable(address), 0);
}

function setBound(scheduler: Own<SchedulerState>, pid: number, id: number): void {
  const task = editIf(tasksIn(scheduler), pid);
  if (task !== null) task.bound = id;
}

export function lend(
  scheduler: Own<SchedulerState>,
  event: Extract<ContextEvent, { type: "context/lent" }>,
): void {
  const context = edit(contextsIn(scheduler), event.context);
  context.borrower = event.pid;
  context.notification = event.notification;
  context.isForInterrupt = event.forInterrupt;
  context.hasTaken = event.taken;
  edit(tasksIn(scheduler), event.pid).borrowed = event.context;
}

/** A process gives back what it has borrowed, if it has. */
export function giveBack(scheduler: Own<SchedulerState>, pid: number): void {
  const id = peek(scheduler.tasks, pid)?.borrowed ?? 0;
  if (id === 0) return;
  edit(tasksIn(scheduler), pid).borrowed = 0;
  const context = editIf(contextsIn(scheduler), id);
  if (context !== null) context.borrower = 0;
}

/** The borrower of a notification's context has taken what was signalled. */
export function noteTaken(scheduler: Own<SchedulerState>, pid: number, notification: number): void {
  const id = peek(scheduler.tasks, pid)?.borrowed ?? 0;
  if (id === 0 || get(scheduler.contexts, id).notification !== notification) return;
  edit(contextsIn(scheduler), id).hasTaken = true;
}

export function destroyContext(scheduler: Own<SchedulerState>, id: number): void {
  const context = peek(scheduler.contexts, id);
  if (context === null) return;
  if (context.place >= 0) removeDue(refillsIn(scheduler), context.place, placedIn(scheduler));
  if (context.borrower !== 0) giveBack(scheduler, context.borrower);
  if (scheduler.drained === id) scheduler.drained = 0;
  remove(contextsIn(scheduler), id);
}
