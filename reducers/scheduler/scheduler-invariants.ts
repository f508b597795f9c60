import { awaitedOf } from "./awaited.ts";
import { get, peek, rowsOf, sizeOf } from "../../core/table.ts";
import { tableCountsAreRight } from "../../core/table-invariants.ts";
import { contextInvariants } from "./context-invariants.ts";
import { domainOfLevel, highestOf, priorityOfLevel } from "./ready-queue.ts";
import { readinessOf } from "./scheduler-selectors.ts";
import type { SchedulerState } from "./scheduler-state.ts";

type Statement = (scheduler: SchedulerState) => boolean;

/** Each level has those who are ready at its priority, once, and goes the same both ways; the bits of each domain say which have any. */
export const theReadyAreQueued: Statement = (scheduler) => {
  const { tasks, levels } = scheduler;
  const ready = [...rowsOf(tasks)].filter(([, { status }]) => status === "ready").length;
  let count = 0;
  for (const [at, { first, last }] of rowsOf(levels)) {
    const [domain, priority] = [domainOfLevel(at), priorityOfLevel(at)];
    let before = 0;
    for (let pid = first; pid !== 0 && count <= ready; count += 1) {
      const task = peek(tasks, pid);
      const isHere = task?.placement === priority && (task.domain ?? 0) === domain;
      if (task?.status !== "ready" || task.before !== before || !isHere) return false;
      before = pid;
      pid = task.behind;
    }
    const { occupied } = readinessOf(scheduler, domain);
    const bit = ((occupied[Math.floor(priority / 32)] ?? 0) >>> (priority % 32)) & 1;
    if (before !== last || (bit === 1) !== (first !== 0)) return false;
  }
  return count === ready && domainsOf(scheduler).every((domain) => isHighestRight(scheduler, domain));
};

function isHighestRight(scheduler: SchedulerState, domain: number): boolean {
  const { highest, occupied } = readinessOf(scheduler, domain);
  const taken = [...rowsOf(scheduler.levels)].flatMap(([at, { first }]) =>
    first !== 0 && domainOfLevel(at) === domain ? [priorityOfLevel(at)] : [],
  );
  return highest === (taken[taken.length - 1] ?? -1) && highest === highestOf(occupied);
}

const domainsOf = ({ partition }: SchedulerState): readonly number[] =>
  partition === undefined ? [0] : [...rowsOf(partition.domains)].map(([domain]) => domain);

/** One domain has the processor, and who runs is of it; of the slot of another one nothing is left, and a turn that runs is owed for. */
export const slotsAreOfOneDomain: Statement = ({ partition, running, tasks }) => {
  if (partition === undefined) return [...rowsOf(tasks)].every(([, { domain }]) => domain === undefined);
  const { domain: current, domains, isOwing } = partition;
  return (
    [...rowsOf(domains)].every(([domain, { ticks, left }]) => left <= (domain === current ? ticks : 0)) &&
    [...rowsOf(tasks)].every(([, { domain = 0 }]) => peek(domains, domain) !== null) &&
    (running === 0 ? !isOwing : (get(tasks, running).domain ?? 0) === current) &&
    peek(domains, current) !== null &&
    tableCountsAreRight(domains)
  );
};

/** Who has the processor is the one that runs. */
export const oneRuns: Statement = ({ tasks, running }) => {
  const runners = [...rowsOf(tasks)].filter(([, { status }]) => status === "running").map(([pid]) => pid);
  return runners.length <= 1 && (runners[0] ?? 0) === running;
};

/** Nobody's time comes before that of the one above it, and each timer is its task's. */
export const timersAreAHeap: Statement = ({ tasks, timers }) => {
  const rows = [...rowsOf(timers)];
  const isInOrder = rows.every(([place, { key: pid, until }], index) => {
    const parent = place === 0 ? null : get(timers, Math.floor((place - 1) / 2));
    const isBelow = parent === null || parent.until < until || (parent.until === until && parent.key < pid);
    return place === index && isBelow && peek(tasks, pid)?.timer === place;
  });
  const waiting = [...rowsOf(tasks)].filter(([, { timer }]) => timer >= 0).length;
  return isInOrder && waiting === sizeOf(timers);
};

/** Only who waits has something to wait for, and each is found by what it waits for. */
export const waitersAreFound: Statement = ({ tasks, waiters }) => {
  const awaited = [...rowsOf(tasks)].flatMap(([pid, { objects }]) => objects.map((object) => [object, pid]));
  const found = [...rowsOf(waiters)].flatMap(([object, { pids }]) =>
    [...rowsOf(pids)].map(([pid]) => [object, pid]),
  );
  return (
    awaited.length === found.length &&
    awaited.every(([object, pid]) => {
      const row = peek(waiters, object as number);
      return row !== null && peek(row.pids, pid as number) !== null;
    }) &&
    [...rowsOf(tasks)].every(
      ([, { status, objects, timer }]) => status === "waiting" || (objects.length === 0 && timer < 0),
    )
  );
};

/** Nobody has a turn who has ended. */
export const theEndedHaveNoTurns: Statement = ({ tasks, ended }) =>
  [...rowsOf(ended)].every(([pid, { ticks }]) => peek(tasks, pid) === null && ticks >= 0);

export const schedulerTablesCountRight: Statement = ({ tasks, ended, timers, waiters, levels }) =>
  [tasks, ended, timers, waiters, levels].every((table) => tableCountsAreRight(table)) &&
  [...rowsOf(waiters)].every(
    ([object, { pids }]) => sizeOf(pids) > 0 && awaitedOf(object).kind !== undefined,
  );

export const schedulerInvariants: Readonly<Record<string, Statement>> = {
  theReadyAreQueued,
  slotsAreOfOneDomain,
  oneRuns,
  timersAreAHeap,
  waitersAreFound,
  theEndedHaveNoTurns,
  schedulerTablesCountRight,
  ...contextInvariants,
};
