/**
 * Decides whether a machine stands still: somebody lives, and nobody will ever go on by itself, because each waits for another. It
 * follows from the state alone, so whoever has the log can tell. Who is to be started later is not in the state: that is known to
 * whoever started the others.
 */
import { peek, rowsOf, sizeOf } from "../../core/table.ts";
import type { KernelState } from "../kernel-state.ts";
import { CONSOLE_INPUT } from "../scheduler/awaited.ts";
import { isReady } from "./schedule.ts";

/** One who waits in vain, and for what (see awaited.ts). */
export interface Standing {
  readonly pid: number;
  readonly name: string;
  readonly objects: readonly number[];
}

/** All who live, if they stand still; null if somebody can go on, or waits for time or input. */
export function standstillOf(state: KernelState): readonly Standing[] | null {
  const { scheduler, clock, processes } = state;
  if (scheduler === undefined || !clock.isOn || sizeOf(scheduler.tasks) === 0) return null;
  const { running, firstReady, timers, waiters, tasks } = scheduler;
  if (running !== 0 || firstReady !== 0 || timers.root !== null) return null;
  for (const [object] of rowsOf(waiters)) if (object === CONSOLE_INPUT || isReady(state, object)) return null;
  return [...rowsOf(tasks)].map(([pid, { objects }]) => ({
    pid,
    name: peek(processes.rows, pid)?.name ?? "",
    objects,
  }));
}
