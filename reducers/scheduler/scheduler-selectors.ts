import { get, nextKey, peek, sizeOf } from "../../core/table.ts";
import type { SchedulerState } from "./scheduler-state.ts";

/** The pids of those who wait for an object, in ascending order. */
export function waitersOf(scheduler: SchedulerState, object: number): readonly number[] {
  const waiters = peek(scheduler.waiters, object);
  const pids: number[] = [];
  if (waiters === null) return pids;
  for (let pid = nextKey(waiters.pids, 0); pid >= 0; pid = nextKey(waiters.pids, pid + 1)) pids.push(pid);
  return pids;
}

/** The pids of those whose time has come, at kernel time `at`. Costs what it finds. */
export function dueTimers({ timers }: SchedulerState, at: number): readonly number[] {
  const pids: number[] = [];
  const count = sizeOf(timers);
  for (const places = [0]; places.length > 0; ) {
    const place = places.pop() as number;
    if (place >= count) continue;
    const { pid, until } = get(timers, place);
    if (until > at) continue;
    pids.push(pid);
    places.push(place * 2 + 1, place * 2 + 2);
  }
  return pids;
}

/** Ticks that a process has used in the turns that are over, also when it has ended; null of one that is not known. */
export const ticksUsed = ({ tasks, ended }: SchedulerState, pid: number): number | null =>
  (peek(tasks, pid) ?? peek(ended, pid))?.ticks ?? null;

/** Kernel time at which somebody's wait is over; 0 if nobody waits for a time. */
export const firstDue = ({ timers }: SchedulerState): number => peek(timers, 0)?.until ?? 0;

/**
 * Ticks that a process may use now, who has used `used` since it was given the processor: its quantum, and no more than its limit
 * leaves it; 0 for no bound, -1 if nothing is left.
 */
export function ticksFor(scheduler: SchedulerState, pid: number, used = 0): number {
  const { limit, ticks } = get(scheduler.tasks, pid);
  if (limit === 0) return scheduler.quantum;
  const left = limit - ticks - used;
  if (left <= 0) return -1;
  return scheduler.quantum === 0 ? left : Math.min(scheduler.quantum, left);
}
