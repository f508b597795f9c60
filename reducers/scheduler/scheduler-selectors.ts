import { dueKeys, firstUntil } from "../../core/heap.ts";
import { get, peek, rowsOf } from "../../core/table.ts";
import { ownerOfTable, space, spaceOf } from "../capabilities/address.ts";
import { levelOf } from "./ready-queue.ts";
import type { Readiness, SchedulerState } from "./scheduler-state.ts";
import { payerOf } from "./standing.ts";
import { pidsAt } from "./waiters.ts";

/** The pids of those who wait for an object, in ascending order. */
export const waitersOf = ({ waiters }: SchedulerState, object: number): readonly number[] =>
  pidsAt(waiters, object);

/** The domain that has the processor; 0 where there are none. */
export const currentDomain = ({ partition }: SchedulerState): number => partition?.domain ?? 0;

/** Who is ready of a domain; where there are none, of all. */
export const readinessOf = (scheduler: SchedulerState, domain: number): Readiness =>
  scheduler.partition === undefined ? scheduler : get(scheduler.partition.domains, domain);

/** The highest priority at which anybody is ready of the domain that has the processor; -1: nobody is. */
export const highestReady = (scheduler: SchedulerState): number =>
  readinessOf(scheduler, currentDomain(scheduler)).highest;

/** Whether anybody is ready, of whichever domain. */
export const isAnybodyReady = ({ partition, highest }: SchedulerState): boolean =>
  partition === undefined ? highest >= 0 : [...rowsOf(partition.domains)].some(([, one]) => one.highest >= 0);

/** Who is ready and comes next: the first of the highest level of the domain that has the processor; 0 if nobody is. */
export function firstReady(scheduler: SchedulerState): number {
  const highest = highestReady(scheduler);
  return highest < 0 ? 0 : get(scheduler.levels, levelOf(currentDomain(scheduler), highest)).first;
}

/** Ticks that are left of the slot of a domain that has the processor, 0 or less if it is over; null where there are no domains. */
export const slotLeft = ({ partition }: SchedulerState): number | null =>
  partition === undefined ? null : get(partition.domains, partition.domain).left;

/** The pids of those whose time has come, at kernel time `at`. Costs what it finds. */
export const dueTimers = ({ timers }: SchedulerState, at: number): readonly number[] => dueKeys(timers, at);

/** Ticks that a process has used in the turns that are over, also when it has ended; null of one that is not known. */
export const ticksUsed = ({ tasks, ended }: SchedulerState, pid: number): number | null =>
  (peek(tasks, pid) ?? peek(ended, pid))?.ticks ?? null;

/** Kernel time at which somebody's wait is over; 0 if nobody waits for a time. */
export const firstDue = ({ timers }: SchedulerState): number => firstUntil(timers);

/**
 * Ticks that a process may use now, who has used `used` since it was given the processor: its quantum, no more than its limit leaves
 * it, no more than there is of the context that pays, and of its domain's slot; 0 for no bound, -1 if nothing is left.
 */
export function ticksFor(scheduler: SchedulerState, pid: number, used = 0): number {
  const { limit, ticks } = get(scheduler.tasks, pid);
  const allowance = allowanceOf(scheduler, pid);
  const slot = slotLeft(scheduler);
  let most = scheduler.quantum;
  if (limit !== 0) most = lower(most, limit - ticks - used);
  if (allowance !== 0) most = lower(most, allowance - used);
  if (slot !== null) most = lower(most, slot - used);
  return most;
}

/** The lower of two bounds, of which the first may be none; -1 if there is nothing left of the second. */
function lower(most: number, left: number): number {
  if (left <= 0 || most < 0) return -1;
  return most === 0 ? left : Math.min(most, left);
}

/** Ticks that the context may pay that pays for the turn which a process has, or would have; 0: it needs none. */
function allowanceOf(scheduler: SchedulerState, pid: number): number {
  if (scheduler.running === pid) return scheduler.allowance;
  const payer = payerOf(scheduler, pid);
  return payer === 0 ? 0 : get(scheduler.contexts, payer).left;
}

/** The borrower of a context, and the process that it is bound to: who is concerned by what happens to it. */
export function usersOf(scheduler: SchedulerState, context: number): readonly number[] {
  const row = peek(scheduler.contexts, context);
  if (row === null) return [];
  const users: number[] = row.borrower === 0 ? [] : [row.borrower];
  if (row.boundAt >= 0 && spaceOf(row.boundAt) === space.services) {
    const pid = ownerOfTable(row.boundAt);
    if (peek(scheduler.tasks, pid) !== null && get(scheduler.tasks, pid).bound === context) users.push(pid);
  }
  return users;
}
