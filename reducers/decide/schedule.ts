/**
 * Decides whose turn it is, and who need not wait any longer. As all deciders: it looks at the state and changes nothing, and what it
 * decides becomes facts.
 */
import { get, rowsOf } from "../../core/table.ts";
import { seededRandom } from "../../core/random.ts";
import type { KernelEvent } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import {
  dueTimers,
  firstReady,
  highestReady,
  ticksFor,
  waitersOf,
} from "../scheduler/scheduler-selectors.ts";
import type { SchedulerState } from "../scheduler/scheduler-state.ts";
import { payerOf } from "../scheduler/standing.ts";
import { isSlotOver } from "./pass-slots.ts";
import { bereaved, isReady, madeReady } from "./woken.ts";

export interface Turn {
  readonly pid: number;
  /** Ticks; 0: no bound. -1: it has used all that it may, and is to be ended. */
  readonly quantum: number;
}

/** Whose turn it is, the first of those with the highest priority; null if nobody is ready of the domain whose slot it is, or that is over. */
export function nextTurn(scheduler: SchedulerState): Turn | null {
  const pid = isSlotOver(scheduler) ? 0 : firstReady(scheduler);
  return pid === 0 ? null : { pid, quantum: ticksFor(scheduler, pid) };
}

/**
 * Whether who has the processor is to hand it on, after a call: to somebody with a higher priority; to somebody with the same, if it
 * yielded; or to be scheduled anew itself, because somebody else pays for it from here on.
 */
export function isToHandOn(scheduler: SchedulerState, pid: number, hasYielded: boolean): boolean {
  const highest = highestReady(scheduler);
  if (highest >= 0) {
    const { placement } = get(scheduler.tasks, pid);
    if (highest > placement || (hasYielded && highest === placement)) return true;
  }
  return payerOf(scheduler, pid) !== scheduler.payer;
}

/** Whether somebody is ready whose turn it is when another one's ticks are used up. */
export function isTurnOver(scheduler: SchedulerState, pid: number): boolean {
  const highest = highestReady(scheduler);
  return highest >= 0 && highest >= get(scheduler.tasks, pid).placement;
}

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

/**
 * Nobody of those who are woken by one event comes first by right: the seed decides, and which event it is. Those of a domain are ordered
 * by how often any of it was woken before: others would move the place in the log.
 */
function inTurns(scheduler: SchedulerState, pids: readonly number[], seq: number): readonly number[] {
  if (pids.length < 2) return pids;
  const { seed, partition, tasks } = scheduler;
  const order = [...pids].sort((one, other) => one - other);
  if (partition === undefined) return shuffled(order, seed, seq);
  return [...rowsOf(partition.domains)].flatMap(([domain, { wakes }]) =>
    shuffled(
      order.filter((pid) => (get(tasks, pid).domain ?? 0) === domain),
      seed,
      wakes,
    ),
  );
}

function shuffled(pids: readonly number[], seed: number, turn: number): readonly number[] {
  const random = seededRandom((seededRandom(seed).next() ^ turn) >>> 0);
  const order = [...pids];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const chosen = random.below(last + 1);
    const pid = order[last] as number;
    order[last] = order[chosen] as number;
    order[chosen] = pid;
  }
  return order;
}
