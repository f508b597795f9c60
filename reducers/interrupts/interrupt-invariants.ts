import { peek, rowsOf, sizeOf } from "../../core/table.ts";
import { tableCountsAreRight } from "../../core/table-invariants.ts";
import type { InterruptsState } from "./interrupts-state.ts";

type Statement = (interrupts: InterruptsState) => boolean;

/** A line that is bound to nothing is masked, and nothing of it is left to be delivered or acknowledged (law A14). */
export const theUnboundAreMasked: Statement = ({ lines }) =>
  [...rowsOf(lines)].every(
    ([, { notification, isMasked, isInService, place }]) =>
      notification !== 0 || (isMasked && !isInService && place < 0),
  );

/** What is delivered is masked, and what was raised meanwhile waits for that only. */
export const deliveredLinesAreMasked: Statement = ({ lines }) =>
  [...rowsOf(lines)].every(
    ([, { isMasked, isInService, isPending }]) => (!isInService || isMasked) && (!isPending || isMasked),
  );

/** Notifications know how many of their lines are in service. */
export const serviceIsCounted: Statement = ({ lines, notified }) => {
  const counts = new Map<number, number>();
  for (const [, { notification, isInService }] of rowsOf(lines))
    if (isInService) counts.set(notification, (counts.get(notification) ?? 0) + 1);
  const rows = [...rowsOf(notified)];
  return rows.length === counts.size && rows.every(([id, { inService }]) => counts.get(id) === inService);
};

/** Armed timers are due, and so are lines that the machine's timer raises, as long as that would change something. */
export const dueInterruptsAreFound: Statement = ({ lines, timers, due }) => {
  const expected = [...rowsOf(lines)].filter(
    ([, { everyMicros, notification, isPending }]) => everyMicros > 0 && notification !== 0 && !isPending,
  );
  const all = [...expected, ...rowsOf(timers)];
  return (
    all.length === sizeOf(due) && all.every(([id, { place }]) => place >= 0 && peek(due, place)?.key === id)
  );
};

export const interruptTablesCountRight: Statement = ({ lines, timers, notified, due }) =>
  [lines, timers, notified, due].every((table) => tableCountsAreRight(table));

export const interruptInvariants: Readonly<Record<string, Statement>> = {
  theUnboundAreMasked,
  deliveredLinesAreMasked,
  serviceIsCounted,
  dueInterruptsAreFound,
  interruptTablesCountRight,
};
