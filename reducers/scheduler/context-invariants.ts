import { get, peek, rowsOf, sizeOf, type Table } from "../../core/table.ts";
import { tableCountsAreRight } from "../../core/table-invariants.ts";
import { NOWHERE, ownerOfTable, space, spaceOf } from "../capabilities/address.ts";
import { comingBack, MAX_REFILLS, TICKS_PER_MICRO } from "./contexts.ts";
import { toEndpoint, toProcess } from "./donations.ts";
import type { SchedulerState, Waiters } from "./scheduler-state.ts";

type Statement = (scheduler: SchedulerState) => boolean;

/** Priorities are within 0 and 255. (A process may begin above its ceiling: that bounds what is given.) */
export const prioritiesAreInRange: Statement = ({ tasks, contexts }) => {
  const isRank = (rank: number): boolean => rank >= 0 && rank <= 255;
  return (
    [...rowsOf(tasks)].every(
      ([, { priority, ceiling, placement }]) => isRank(priority) && isRank(ceiling) && isRank(placement),
    ) && [...rowsOf(contexts)].every(([, { priority }]) => isRank(priority))
  );
};

/** What is left of a context and what is to come back are its budget; that comes back in order, and is due. */
export const budgetsComeBack: Statement = ({ contexts, refills: due }) => {
  const rows = [...rowsOf(contexts)];
  return (
    rows.every(([id, { left, refills, budgetMicros, place }]) => {
      const times = refills.filter((_, index) => index % 2 === 0);
      const isOrdered = times.every((time, index) => index === 0 || (times[index - 1] as number) <= time);
      const isDue = times.length === 0 ? place === -1 : peek(due, place)?.key === id;
      const isAtFirst = times.length === 0 || get(due, place).until === times[0];
      return (
        left + comingBack(refills) === budgetMicros * TICKS_PER_MICRO &&
        times.length <= MAX_REFILLS &&
        isOrdered &&
        isDue &&
        isAtFirst
      );
    }) && rows.filter(([, { place }]) => place >= 0).length === sizeOf(due)
  );
};

/** A context has one borrower at most, who has that one only; and so it is with the process that it is bound to (law F7). */
export const loansAreMutual: Statement = ({ tasks, contexts }) =>
  [...rowsOf(tasks)].every(
    ([pid, { borrowed, bound }]) =>
      (borrowed === 0 || peek(contexts, borrowed)?.borrower === pid) &&
      (bound === 0 || ownerOfTable(peek(contexts, bound)?.boundAt ?? 0) === pid),
  ) &&
  [...rowsOf(contexts)].every(
    ([id, { borrower, boundAt }]) =>
      (borrower === 0 || peek(tasks, borrower)?.borrowed === id) &&
      (boundAt === NOWHERE || spaceOf(boundAt) === space.services || spaceOf(boundAt) === space.kept),
  );

/** Who donates is found by those to whom it does, who serves by the endpoint, who attends by the notification; nobody else is. */
export const donorsAreFound: Statement = ({ tasks, donors, servers, attendants }) => {
  const rows = [...rowsOf(tasks)];
  const donating = rows.flatMap(([pid, { donee }]) => (donee === 0 ? [] : [[donee, pid] as const]));
  const serving = rows.flatMap(([pid, { serves }]) => (serves === 0 ? [] : [[serves, pid] as const]));
  const attending = rows.flatMap(([pid, { attends }]) => (attends === 0 ? [] : [[attends, pid] as const]));
  return areFound(donors, donating) && areFound(servers, serving) && areFound(attendants, attending);
};

function areFound(table: Table<Waiters>, expected: readonly (readonly [number, number])[]): boolean {
  const found = [...rowsOf(table)].flatMap(([, { pids }]) => [...rowsOf(pids)]).length;
  return (
    found === expected.length &&
    expected.every(([key, pid]) => {
      const row = peek(table, key);
      return row !== null && peek(row.pids, pid) !== null;
    })
  );
}

/** Only a turn that runs is paid for, and no more than there was. */
export const turnsArePaidFor: Statement = ({ running, payer, allowance }) =>
  payer === 0 ? allowance === 0 : running !== 0 && allowance > 0;

export const contextTablesCountRight: Statement = (scheduler) =>
  [scheduler.contexts, scheduler.refills, scheduler.donors, scheduler.servers, scheduler.attendants].every(
    (table) => tableCountsAreRight(table),
  );

/** Nobody gives its priority to itself, along however many others (law F7). */
export const donationsHaveNoRings: Statement = ({ tasks, donors }) =>
  donors.root === null ||
  [...rowsOf(tasks)].every(([pid]) => {
    const reached = new Set<number>();
    const addAt = (key: number): void => {
      const row = peek(donors, key);
      if (row !== null) for (const [donor] of rowsOf(row.pids)) reached.add(donor);
    };
    const addDonorsOf = (one: number): void => {
      addAt(toProcess(one));
      addAt(toEndpoint(get(tasks, one).serves));
    };
    addDonorsOf(pid);
    for (const donor of reached) addDonorsOf(donor);
    return !reached.has(pid);
  });

export const contextInvariants: Readonly<Record<string, Statement>> = {
  prioritiesAreInRange,
  budgetsComeBack,
  loansAreMutual,
  donorsAreFound,
  donationsHaveNoRings,
  turnsArePaidFor,
  contextTablesCountRight,
};
