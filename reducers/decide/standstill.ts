/**
 * Decides whether a machine stands still: somebody lives, and nobody will ever go on by itself, because each waits for another. It
 * follows from the state alone, so whoever has the log can tell. Who is to be started later is not in the state: that is known to
 * whoever started the others.
 */
import { peek, rowsOf, sizeOf } from "../../core/table.ts";
import type { KernelState } from "../kernel-state.ts";
import { isWritable } from "../pipes/pipe-selectors.ts";
import { awaitedOf } from "../scheduler/awaited.ts";
import { isAnybodyReady } from "../scheduler/scheduler-selectors.ts";
import { isReady } from "./woken.ts";

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
  const { running, timers, waiters, tasks } = scheduler;
  if (running !== 0 || isAnybodyReady(scheduler) || timers.root !== null || mayBeInterrupted(state))
    return null;
  for (const [object] of rowsOf(waiters)) if (mayCome(state, object)) return null;
  return [...rowsOf(tasks)].map(([pid, { objects }]) => ({
    pid,
    name: peek(processes.rows, pid)?.name ?? "",
    objects,
  }));
}

/** Whether a line or a timer is due some time, or a line that somebody outside raises is waited for. */
const mayBeInterrupted = ({ interrupts }: KernelState): boolean =>
  interrupts.due.root !== null ||
  [...rowsOf(interrupts.lines)].some(
    ([, { everyMicros, notification }]) => everyMicros === 0 && notification !== 0,
  );

/**
 * Whether what is waited for comes from outside, or is there and whoever waits is about to be woken. A pipe that has room may have
 * too little of it: who waits for more was woken, and waits again. Only room that is enough for everybody says more.
 */
function mayCome(state: KernelState, object: number): boolean {
  const { pipes } = state;
  const awaited = awaitedOf(object);
  if (awaited.kind === "input") return true;
  if (awaited.kind !== "readable" && awaited.kind !== "writable") return isReady(state, object);
  const pipe = peek(pipes.rows, awaited.pipe);
  if (pipe === null) return true;
  if (awaited.kind === "readable") return pipe.bytes > 0 || pipe.writers === 0;
  return isWritable(pipe) || pipe.readers === 0;
}
