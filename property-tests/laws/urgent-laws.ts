/** Laws of urgent work, over random machines whose log an oracle reads that derives every priority anew. */
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
    const first = breaches.find(({ law: broken }) => `${broken}-urgent` === id);
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
      demand(
        kernelInvariants[name]?.(fold.state) === true,
        `${name}, after event ${event.seq}, ${event.type}`,
      );
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

const LINES = [
  "linesAreBound",
  "theUnboundAreMasked",
  "deliveredLinesAreMasked",
  "serviceIsCounted",
  "dueInterruptsAreFound",
];
const QUEUES = ["theReadyAreQueued", "thePlacedAreDerived", "donorsAreFound", "donationsHaveNoRings"];
const LOANS = ["loansAreJustified", "loansAreMutual", "budgetsComeBack", "turnsArePaidFor"];

export const urgentLaws: readonly Law[] = [
  law({
    id: "F1-urgent",
    statement: "the same guests do the same over the log, whoever is urgent, and pre-empted, and when",
    runs: RUNS,
    cases: drawnUrgencies,
    holds: logTellsAll,
  }),
  kept(
    "F2-urgent",
    "who has the processor has the highest priority of all who are ready, and of those came first",
  ),
  kept("F3-urgent", "whoever waits for what is signalled has the context that is bound there, at once"),
  kept("F4-urgent", "who has acknowledged, waits or has ended is as urgent as before, and nobody keeps more"),
  kept(
    "F5-urgent",
    "who loses what its urgency was bound by loses that at once, and without it nobody has any",
  ),
  kept("F6-urgent", "nobody gives a priority above the ceiling of the process whose authority it uses"),
  kept(
    "F7-urgent",
    "a context has one place and one borrower, and whoever is no longer waited for is raised by nobody",
  ),
  law({
    id: "F7-state",
    statement: "loans are mutual and justified, budgets add up, and a turn is paid for as long as it runs",
    runs: 30,
    cases: drawnUrgencies,
    holds: (drawn) => statementsHold(drawn, LOANS),
  }),
  kept("F8-urgent", "a context whose budget is used up raises nobody until something has come back"),
  kept(
    "F8-timeout-urgent",
    "a budget that is used up signals what is bound to its context, once, and no other signal comes of it",
  ),
  law({
    id: "F8-window",
    statement: "turns that begin within one period use no more than the budget, and the round that was begun",
    runs: RUNS,
    cases: drawnUrgencies,
    holds: budgetsBind,
  }),
  kept("F10-urgent", "a server is as urgent as the most urgent of all who wait for it, from when they send"),
  kept(
    "F11-urgent",
    "what interrupts is signalled once, and again when it is acknowledged, and nothing else is",
  ),
  kept("A14-urgent", "a line is bound by one at a time, and what nobody has bound interrupts nobody"),
  law({
    id: "A14-state",
    statement: "a line is bound as a whole or not at all; one that is not is masked",
    runs: 30,
    cases: drawnUrgencies,
    holds: (drawn) => statementsHold(drawn, LINES),
  }),
  law({
    id: "F2-state",
    statement: "whoever is ready stands once, at the level that its priority comes to",
    runs: 30,
    cases: drawnUrgencies,
    holds: (drawn) => statementsHold(drawn, QUEUES),
  }),
];
