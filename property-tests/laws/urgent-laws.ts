/** Laws of urgent work, over random machines whose log an oracle reads that derives every priority anew. */
import { rowsOf } from "../../core/table.ts";
import { kernelInvariants } from "../../reducers/kernel-invariants.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { type DrawnUrgency, drawnUrgencies, ROUND_TICKS, urgencyOf } from "../model/urgent-arbitraries.ts";
import type { MemoryLog } from "../model/memory-log.ts";
import { UrgencyOracle } from "../model/urgency-oracle.ts";
import { UrgentMachine } from "../model/urgent-machine.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { hashOf } from "./recorded.ts";

/** What the oracle has to say of a log. */
export function judged(log: MemoryLog): UrgencyOracle {
  const oracle = new UrgencyOracle();
  const ends = new Set(log.ends);
  for (const event of log.decoded()) {
    oracle.take(event);
    if (ends.has(event.seq + 1)) oracle.settle();
  }
  return oracle;
}

function runOf(drawn: DrawnUrgency): UrgentMachine {
  const machine = new UrgentMachine(urgencyOf(drawn));
  machine.run();
  return machine;
}

/** The log keeps to a law, as far as the oracle can tell. */
function keeps(id: string): (drawn: DrawnUrgency) => void {
  return (drawn) => {
    const { breaches } = judged(runOf(drawn).log);
    const first = breaches.find(({ law: broken }) => broken === id);
    demand(first === undefined, first?.what ?? "");
  };
}

function statementsHold(drawn: DrawnUrgency, names: readonly string[]): void {
  const { log } = runOf(drawn);
  const fold = new Fold(initialState());
  const ends = new Set(log.ends);
  for (const event of log.decoded()) {
    fold.apply(event);
    if (!ends.has(event.seq + 1)) continue;
    for (const name of names)
      demand(kernelInvariants[name]?.(fold.state) === true, `${name}, after event ${event.seq}, ${event.type}`);
  }
}

/** Turns that begin within a period use no more than the budget, and what the last one's last round used beyond it. */
function budgetsBind(drawn: DrawnUrgency): void {
  const { budgets } = judged(runOf(drawn).log);
  for (const [context, { budget, period, turns }] of budgets.all) {
    for (const { at } of turns) {
      const within = turns.filter((turn) => turn.at >= at && turn.at < at + period);
      const used = within.reduce((sum, { ticks }) => sum + ticks, 0);
      demand(used <= budget + ROUND_TICKS, `context ${context}: ${used} ticks from ${at} on, of ${budget}`);
    }
  }
}

/** The same guests over the log come to the same state, and a second run to the same log. */
function logTellsAll(drawn: DrawnUrgency): void {
  const spec = urgencyOf(drawn);
  const machine = new UrgentMachine(spec);
  const state = machine.run();
  const again = new UrgentMachine(spec);
  again.run();
  demandEqual(again.log.decoded(), machine.log.decoded(), "the log of a second run");
  demandEqual(hashOf(new UrgentMachine(spec).replay(machine.log)), hashOf(state), "the state of the replay");
}

const RUNS = 150;

const kept = (id: string, statement: string): Law =>
  law({ id, statement, runs: RUNS, cases: drawnUrgencies, holds: keeps(id) });

const INVARIANTS = [
  "theReadyAreQueued",
  "thePlacedAreDerived",
  "loansAreJustified",
  "loansAreMutual",
  "donorsAreFound",
  "donationsHaveNoRings",
  "budgetsComeBack",
  "turnsArePaidFor",
  "exchangesAreSound",
];
const LINES = ["linesAreBound", "theUnboundAreMasked", "deliveredLinesAreMasked", "serviceIsCounted", "dueInterruptsAreFound"];

export const urgentLaws: readonly Law[] = [
  law({
    id: "F1-urgent",
    statement: "the same guests do the same over the log, whoever is urgent, and pre-empted, and when",
    runs: RUNS,
    cases: drawnUrgencies,
    holds: logTellsAll,
  }),
  kept("F2-urgent", "who has the processor has the highest priority of all who are ready, and waited longest"),
];
void rowsOf;
void INVARIANTS;
void LINES;
void statementsHold;
void budgetsBind;
