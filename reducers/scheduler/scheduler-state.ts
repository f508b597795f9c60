import { type Epochal, FRESH } from "../../core/own.ts";
import { emptyTable, type Table } from "../../core/table.ts";

/** A process that lives, as the scheduler sees it. */
export interface Task extends Epochal {
  readonly status: "ready" | "running" | "waiting";
  /** While it is ready: the pids before and behind it in the queue; 0 at its ends. */
  readonly before: number;
  readonly behind: number;
  /** Ticks that it has used, up to when it last had the processor. */
  readonly ticks: number;
  /** The most that it may use; 0 for no limit. */
  readonly limit: number;
  /** Kernel time at which it made the call for which it waited last. */
  readonly since: number;
  /** While it waits for a time: its place in the heap of timers, else -1. */
  readonly timer: number;
  /** What it waits for besides. */
  readonly objects: readonly number[];
}

/** What is left of a process that has ended. */
export interface EndedTask extends Epochal {
  /** Ticks that it used in all its life, as far as they were counted. */
  readonly ticks: number;
}

export interface Timer extends Epochal {
  readonly pid: number;
  /** Kernel time, in microseconds. */
  readonly until: number;
}

/** Somebody who waits; the key says who. */
export interface Waiter extends Epochal {}

export interface Waiters extends Epochal {
  readonly pids: Table<Waiter>;
}

/** Costs of every change: logarithmic in the number of processes, whoever waits for what. */
export interface SchedulerState extends Epochal {
  /** Ticks until the next one's turn; 0 if there are no turns. */
  readonly quantum: number;
  readonly seed: number;
  /** The version of the code that counts ticks: of another one they are others. */
  readonly transform: number;
  /** The pid that has the processor; 0 if none has. */
  readonly running: number;
  /** The ends of the queue of the ready; 0 if it is empty. */
  readonly firstReady: number;
  readonly lastReady: number;
  /** By pid. */
  readonly tasks: Table<Task>;
  /** Those that have ended, by pid: one for each of their rows among the processes. */
  readonly ended: Table<EndedTask>;
  /** A binary heap, the earliest at place 0; of equal times the lower pid. */
  readonly timers: Table<Timer>;
  /** By what is waited for. */
  readonly waiters: Table<Waiters>;
}

type Configured = Pick<SchedulerState, "quantum" | "seed" | "transform">;

export const newScheduler = ({ quantum, seed, transform }: Configured): SchedulerState => ({
  epoch: FRESH,
  quantum,
  seed,
  transform,
  running: 0,
  firstReady: 0,
  lastReady: 0,
  tasks: emptyTable(),
  ended: emptyTable(),
  timers: emptyTable(),
  waiters: emptyTable(),
});
