/** What holds of machines of real programs holds of those with scheduling domains: over a log, across a power cut, in a fork. */
import fc from "fast-check";
import { checkLog } from "../../replay/authority/check/log-checker.ts";
import { type DrawnMachine, drawnDividedMachines, machineOf } from "../model/turn-arbitraries.ts";
import { runMachine } from "../model/turn-machine.ts";
import { SlotOracle } from "../model/slot-oracle.ts";
import { demandEqual, law, type Law } from "./law.ts";
import { cutsAreUnseen, standstillsAreTold, ticksAreCompared } from "./turn-laws.ts";
import { forksAreMachines, unusedIsUnseen } from "./what-if-laws.ts";

const drawn = drawnDividedMachines;
const RUNS = 40;

/** No round of these programs costs so much. */
const ROUND_TICKS = 200;

function slotsAreKept(machine: DrawnMachine): void {
  const events = runMachine(machineOf(machine)).log.decoded();
  demandEqual(checkLog(events), null, "the checker's objection");
  const oracle = new SlotOracle(ROUND_TICKS);
  for (const event of events) demandEqual(oracle.take(event), null, `event ${event.seq}, ${event.type}`);
}

export const dividedMachineLaws: readonly Law[] = [
  law({
    id: "F8-divided",
    statement:
      "real programs have turns in the slots of their domain alone, and no more of them than there is",
    runs: RUNS,
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
