import { peek } from "../../core/table.ts";
import type { SchedulerState } from "./scheduler-state.ts";

/** What of the machine itself a process may be given, as a set of bits: its clocks, waiting for a time, and random numbers. */
export const service = { realtimeClock: 1, monotonicClock: 2, timers: 4, entropy: 8 } as const;

export const ALL_SERVICES = 15;

/** Whether a process may use a service. Where nobody takes turns, and where nothing else was said, it may use all. */
export const mayUse = (scheduler: SchedulerState | undefined, pid: number, wanted: number): boolean =>
  scheduler === undefined || ((peek(scheduler.tasks, pid)?.services ?? ALL_SERVICES) & wanted) !== 0;
