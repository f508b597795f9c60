/** What a process's priority comes to, and who pays for it: derived anew from who waits for whom, whenever it is asked. */
import { get, peek } from "../../core/table.ts";
import { donorsOf } from "./donations.ts";
import type { SchedulerState, Task } from "./scheduler-state.ts";

export interface Standing {
  readonly priority: number;
  /** The scheduling context by which it is as high as that; 0: it is so without one. */
  readonly payer: number;
}

/** Whether a context still speaks for a process that has it: its budget, and perhaps what else there is to say. */
type Speaks = (context: number, pid: number) => boolean;

const ALWAYS: Speaks = () => true;

/**
 * The highest of its own priority, its contexts', and those of all who wait for it, and for those, and so on. Costs as much as there
 * are who wait for it; nothing, where nobody has contexts or waits.
 */
export function standingOf(scheduler: SchedulerState, pid: number, speaks: Speaks = ALWAYS): Standing {
  const { contexts, donors, tasks } = scheduler;
  const own = get(tasks, pid);
  if (donors.root === null && contexts.root === null) return { priority: own.priority, payer: 0 };
  let base = own.priority;
  let raised = -1;
  let payer = 0;
  for (const donor of withDonors(scheduler, pid)) {
    const task = get(tasks, donor);
    base = Math.max(base, task.priority);
    for (const context of contextsOf(task)) {
      const row = peek(contexts, context);
      if (row === null || row.left <= 0 || row.priority <= raised || !speaks(context, donor)) continue;
      raised = row.priority;
      payer = context;
    }
  }
  return raised > base ? { priority: raised, payer } : { priority: base, payer: 0 };
}

const contextsOf = ({ borrowed, bound }: Task): readonly number[] =>
  borrowed === 0 && bound === 0 ? [] : [borrowed, bound].filter((context) => context !== 0);

/** A process and all who wait for it, each once, however they wait for each other. */
function withDonors(scheduler: SchedulerState, pid: number): Iterable<number> {
  const found = new Set([pid]);
  for (const donee of found) for (const donor of donorsOf(scheduler, donee)) found.add(donor);
  return found;
}

/** The context that pays for what a process does now; 0: none. */
export const payerOf = (scheduler: SchedulerState, pid: number): number =>
  scheduler.contexts.root === null ? 0 : standingOf(scheduler, pid).payer;
