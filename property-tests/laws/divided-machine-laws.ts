/** What holds of machines of real programs holds of those with scheduling domains: over a log, across a power cut, in a fork. */
import fc from "fast-check";
import { checkLog } from "../../replay/authority/check/log-checker.ts";
import { grantedMachines } from "../model/granted-machines.ts";
import { joinable, joined, type JoinedSlots, withoutTime } from "../model/joined-machines.ts";
import { toldIn } from "../model/slotted-machine.ts";
import { type DrawnMachine, drawnDividedMachines, machineOf } from "../model/turn-arbitraries.ts";
import { runMachine } from "../model/turn-machine.ts";
import { SlotOracle } from "../model/slot-oracle.ts";
import { demandEqual, law, type Law } from "./law.ts";
import { narrowedIsProved } from "./proof-laws.ts";
import { cutsAreUnseen, standstillsAreTold, ticksAreCompared } from "./turn-laws.ts";
import { forksAreMachines, unusedIsUnseen } from "./what-if-laws.ts";

const drawn = drawnDividedMachines;
const RUNS = 20;

/** No round of these programs costs so much. */
const ROUND_TICKS = 24;

function slotsAreKept(machine: DrawnMachine): void {
  const events = runMachine(machineOf(machine)).log.decoded();
  demandEqual(checkLog(events), null, "the checker's objection");
  const oracle = new SlotOracle(ROUND_TICKS);
  for (const event of events) demandEqual(oracle.take(event), null, `event ${event.seq}, ${event.type}`);
}

/** What real programs are told does not hang on others, whoever starts them, again and again. */
function othersAreUnseen(observed: DrawnMachine, others: readonly DrawnMachine[], slots: JoinedSlots): void {
  const timeless = withoutTime(observed);
  const own = slots.isFirst ? 0 : 1;
  const told = [null, ...others].map((other) =>
    toldIn(runMachine(joined(timeless, other, slots)).log.decoded(), own),
  );
  for (const one of told) demandEqual(one, told[0], "what they are told, whatever others do");
}

export const dividedMachineLaws: readonly Law[] = [
  law({
    id: "B10-programs",
    statement:
      "what real programs of one domain are told that do not look at time, and in which of its slots, is the same whatever programs of another domain do, and are started again",
    runs: RUNS,
    cases: fc.record({
      observed: joinable,
      others: fc.array(joinable, { minLength: 2, maxLength: 2 }),
      slots: fc.record({
        ticks: fc.array(fc.constantFrom(1, 9, 60, 400, 5000), { minLength: 2, maxLength: 3 }),
        isFirst: fc.boolean(),
        startsFirst: fc.boolean(),
      }),
    }),
    holds: ({ observed, others, slots }) => othersAreUnseen(observed, others, slots),
  }),
  law({
    id: "F8-divided",
    statement:
      "real programs have turns in the slots of their domain alone, and no more of them than there is",
    runs: 60,
    cases: drawn,
    holds: slotsAreKept,
  }),
  law({
    id: "F1-divided",
    statement:
      "a machine with domains comes to the same over its log, and to none of which one turn has other ticks",
    runs: RUNS,
    cases: fc.record({ drawn, which: fc.nat(1000), by: fc.constantFrom(-3, -1, 1, 1, 5) }),
    holds: ({ drawn: machine, which, by }) => ticksAreCompared(machine, which, by),
  }),
  law({
    id: "D3-divided",
    statement: "a machine with domains comes to the same end wherever its power is cut",
    runs: RUNS,
    cases: fc.record({ drawn, cut: fc.nat(10_000), isBeforeWake: fc.boolean() }),
    holds: ({ drawn: machine, cut, isBeforeWake }) => cutsAreUnseen(machine, cut, isBeforeWake),
  }),
  law({
    id: "F-divided-standstill",
    statement: "that nobody can go on is told once, of all domains",
    runs: RUNS,
    cases: drawn,
    holds: standstillsAreTold,
  }),
  law({
    id: "G4-divided",
    statement:
      "a machine with domains, one process of which is granted what it used alone, is proved to answer as it did",
    runs: 4,
    cases: fc.record({
      drawn: fc
        .tuple(grantedMachines(12), fc.array(fc.constantFrom(60, 400, 5000), { minLength: 2, maxLength: 3 }))
        .map(([machine, slotTicks]) => ({ ...machine, slotTicks })),
      who: fc.nat(99),
      which: fc.nat(99),
    }),
    holds: narrowedIsProved,
  }),
  law({
    id: "G3-divided",
    statement:
      "a fork of a machine with domains is the log of a machine, and the recording where nothing is missed",
    runs: RUNS,
    cases: fc.record({ drawn, moment: fc.nat(10_000), which: fc.nat(1000) }),
    holds: ({ drawn: machine, moment, which }) => {
      forksAreMachines(machine, moment, which);
      unusedIsUnseen(machine, moment, which);
    },
  }),
];
