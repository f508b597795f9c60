import type { DueTable } from "../../core/heap.ts";
import { type Epochal, FRESH } from "../../core/own.ts";
import { emptyTable, type Table } from "../../core/table.ts";

/** A process that lives, as the scheduler sees it. */
export interface Task extends Epochal {
  readonly status: "ready" | "running" | "waiting";
  /** The number of its domain, where it is not 0. */
  readonly domain?: number;
  /** Its own priority, and the highest that may be given by whoever may schedule it: 0 to 255. */
  readonly priority: number;
  readonly ceiling: number;
  /** The level of the ready that it stands in, or would stand in: its effective priority, as of the last consequence. */
  readonly placement: number;
  /** The scheduling context that is bound to it, and the one that it has borrowed; 0: none. */
  readonly bound: number;
  readonly borrowed: number;
  /** To whom its priority goes while it waits for them: see donations.ts; 0: nobody. */
  readonly donee: number;
  /** The endpoint that it received from last, or waits at; 0: none. */
  readonly serves: number;
  /** The notification that it waits for, or waited for last; 0: none. */
  readonly attends: number;
  /** While it is ready: the pids before and behind it in its level; 0 at its ends. */
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
  /** To whom its priority went when it ended. */
  readonly donee: number;
}

/** Those who are ready at one priority, of one domain: the pids at the ends of their queue; 0 if it is empty. */
export interface Level extends Epochal {
  readonly first: number;
  readonly last: number;
}

/** Who is ready, by priority. */
export interface Readiness extends Epochal {
  /** The highest priority at which somebody is ready; -1: nobody is. */
  readonly highest: number;
  /** By priority, 32 in each number: whether somebody is ready at it. */
  readonly occupied: readonly number[];
}

/** A scheduling domain: it has the processor for a slot, whatever others do, and nobody else has it meanwhile. */
export interface Domain extends Readiness {
  readonly name: string;
  /** The length of its slots. */
  readonly ticks: number;
  /** Ticks that are left of its slot. Below 0 while it has none: the last round of a loop went on for so long, and its next slot is shorter. */
  readonly left: number;
  /** How many of its processes were woken: by this those are ordered that are woken together. */
  readonly wakes: number;
}

/** The processor is of one domain after the other. */
export interface Partition extends Epochal {
  /** The number of the domain that has it. */
  readonly domain: number;
  /** Whether a turn goes on that its slot was not charged for. */
  readonly isOwing: boolean;
  readonly domains: Table<Domain>;
}

/** A scheduling context: a priority, for so much of every period. */
export interface Context extends Epochal {
  readonly priority: number;
  readonly budgetMicros: number;
  readonly periodMicros: number;
  /** Ticks that may be used now; below 0 if more were used. With all that is to come back they are the budget. */
  readonly left: number;
  /** What comes back, in pairs: from which kernel time on, and how many ticks. */
  readonly refills: readonly number[];
  /** Its place among those to which something comes back; -1: none. */
  readonly place: number;
  /** Where the capability lies by which it is bound (see capabilities/address.ts); -1: nowhere. */
  readonly boundAt: number;
  /** Who has borrowed it (0: nobody), through which notification, and whether for an interrupt. */
  readonly borrower: number;
  readonly notification: number;
  readonly isForInterrupt: boolean;
  /** Whether the borrower has taken what was signalled: until then somebody else may. */
  readonly hasTaken: boolean;
}

/** Somebody who waits; the key says who. */
export interface Waiter extends Epochal {}

export interface Waiters extends Epochal {
  readonly pids: Table<Waiter>;
}

/** Costs of every change: logarithmic in the number of processes, whoever waits for what. */
export interface SchedulerState extends Readiness {
  /** Ticks until the next one's turn; 0 if there are no turns. */
  readonly quantum: number;
  readonly seed: number;
  /** The version of the code that counts ticks: of another one they are others. */
  readonly transform: number;
  /** The pid that has the processor; 0 if none has. */
  readonly running: number;
  /** The context that pays for the turn that runs (0: none), what was left of it, and the kernel time, when the turn began. */
  readonly payer: number;
  readonly allowance: number;
  readonly turnAt: number;
  /** A context that was used up by the turn that ended last; 0: none. */
  readonly drained: number;
  /** Where there are domains; who is ready is said of each of them then, and of none here. */
  readonly partition?: Partition;
  /** By priority, and by domain before that (see ready-queue.ts): those at which anybody ever was. */
  readonly levels: Table<Level>;
  /** By pid. */
  readonly tasks: Table<Task>;
  /** Those that have ended, by pid: one for each of their rows among the processes. */
  readonly ended: Table<EndedTask>;
  /** A binary heap, the earliest at place 0; of equal times the lower pid. */
  readonly timers: DueTable;
  /** By what is waited for. */
  readonly waiters: Table<Waiters>;
  /** Scheduling contexts, by object. */
  readonly contexts: Table<Context>;
  /** When something comes back to which context. */
  readonly refills: DueTable;
  /** Who waits for whom, by what donations.ts says. */
  readonly donors: Table<Waiters>;
  /** Who serves which endpoint. */
  readonly servers: Table<Waiters>;
  /** Who attends to which notification. */
  readonly attendants: Table<Waiters>;
}

/** What processes begin with that were told nothing else. */
export const USUAL_PRIORITY = 100;

type Configured = Pick<SchedulerState, "quantum" | "seed" | "transform">;

export const newScheduler = ({ quantum, seed, transform }: Configured): SchedulerState => ({
  epoch: FRESH,
  quantum,
  seed,
  transform,
  running: 0,
  payer: 0,
  allowance: 0,
  turnAt: 0,
  drained: 0,
  highest: -1,
  occupied: [0, 0, 0, 0, 0, 0, 0, 0],
  levels: emptyTable(),
  tasks: emptyTable(),
  ended: emptyTable(),
  timers: emptyTable(),
  waiters: emptyTable(),
  contexts: emptyTable(),
  refills: emptyTable(),
  donors: emptyTable(),
  servers: emptyTable(),
  attendants: emptyTable(),
});
