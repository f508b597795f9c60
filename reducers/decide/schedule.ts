/**
 * Decides whose turn it is, and who need not wait any longer. As all deciders: it looks at the state and changes nothing, and what it
 * decides becomes facts.
 */
import { get, rowsOf } from "../../core/table.ts";
import { seededRandom } from "../../core/random.ts";
import type { KernelEvent } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { dueTimers, firstReady, ticksFor, waitersOf } from "../scheduler/scheduler-selectors.ts";
import type { SchedulerState } from "../scheduler/scheduler-state.ts";
import { payerOf } from "../scheduler/standing.ts";
import { bereaved, isReady, madeReady } from "./woken.ts";

export interface Turn {
  readonly pid: number;
  /** Ticks; 0: no bound. -1: it has used all that it may, and is to be ended. */
  readonly quantum: number;
}

/** Whose turn it is, the first of those with the highest priority; null if nobody is ready. */
export function nextTurn(scheduler: SchedulerState): Turn | null {
  const pid = firstReady(scheduler);
  return pid === 0 ? null : { pid, quantum: ticksFor(scheduler, pid) };
}

/**
 * Whether who has the processor is to hand it on, after a call: to somebody with a higher priority; to somebody with the same, if it
 * yielded; or to be scheduled anew itself, because somebody else pays for it from here on.
 */
export function isToHandOn(scheduler: SchedulerState, pid: number, hasYielded: boolean): boolean {
  if (scheduler.highest >= 0) {
    const { placement } = get(scheduler.tasks, pid);
    if (scheduler.highest > placement || (hasYielded && scheduler.highest === placement)) return true;
  }
  return payerOf(scheduler, pid) !== scheduler.payer;
}

/** Whether somebody is ready whose turn it is when another one's ticks are used up. */
export const isTurnOver = ({ highest, tasks }: SchedulerState, pid: number): boolean =>
  highest >= 0 && highest >= get(tasks, pid).placement;

/** Who need not wait any longer because of an event that was just folded, in the order of their turns. */
export function wokenBy(state: KernelState, event: KernelEvent): readonly number[] {
  const { scheduler } = state;
  if (scheduler === undefined) return NOBODY;
  const objects = madeReady(state, event);
  const lost = bereaved(state, event);
  if (objects.length === 0 && lost.length === 0) return NOBODY;
  const pids = objects.flatMap((object) => waitersOf(scheduler, object));
  return inTurns(scheduler, [...new Set([...pids, ...lost])], event.seq);
}

const NOBODY: readonly number[] = [];

/** Whose time has come at kernel time `at`, in the order of their turns. */
export const wokenAt = (scheduler: SchedulerState, at: number, seq: number): readonly number[] =>
  inTurns(scheduler, dueTimers(scheduler, at), seq);

/** Who waits for what is there already: the power was cut between an event and the wakes that it led to. */
export function wokenByState(state: KernelState): readonly number[] {
  const { scheduler } = state;
  if (scheduler === undefined) return [];
  const objects = [...rowsOf(scheduler.waiters)].map(([object]) => object);
  const pids = objects.filter((object) => isReady(state, object)).flatMap((one) => waitersOf(scheduler, one));
  return inTurns(scheduler, [...new Set(pids)], state.seq);
}

/** Nobody of those who are woken by one event comes first by right: the seed decides. */
function inTurns({ seed }: SchedulerState, pids: readonly number[], seq: number): readonly number[] {
  if (pids.length < 2) return pids;
  const random = seededRandom((seededRandom(seed).next() ^ seq) >>> 0);
  const order = [...pids].sort((one, other) => one - other);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const chosen = random.below(last + 1);
    const pid = order[last] as number;
    order[last] = order[chosen] as number;
    order[chosen] = pid;
  }
  return order;
}
