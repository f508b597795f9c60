/** A machine with scheduling domains: noninterference by the real scheduler (B10), and what F1 and F3 say there; docs/decisions/0015. */
import fc from "fast-check";
import { initialState } from "../../reducers/kernel-state.ts";
import { kernelInvariants } from "../../reducers/kernel-invariants.ts";
import { Fold } from "../../reducers/step.ts";
import { KnownDomains } from "../../replay/authority/check/known-domains.ts";
import { SlotOracle } from "../model/slot-oracle.ts";
import { runSlotted, type Slots, slots } from "../model/slotted-machine.ts";
import { MOST_ROUND_TICKS, type Slotted, slotted } from "../model/slotted-steps.ts";
import { UrgentMachine } from "../model/urgent-machine.ts";
import { UrgentWorld } from "../model/urgent-world.ts";
import { type DrawnUrgency, drawnUrgencies, urgencyOf } from "../model/urgent-arbitraries.ts";
import { drawnLatencies } from "../model/urgent-latencies.ts";
import { delaysOf, domainLatencyBound } from "../model/urgent-scenarios.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { hashOf } from "./recorded.ts";
import { judged } from "./urgent-laws.ts";

export const schedulingDomainLaws: readonly Law[] = [
  law({
    id: "B10-domains",
    statement:
      "of two partitions of 25 processes, each in a scheduling domain of its own, what those of one are told that do not look at time, in which order, and in which of their slots, is the same whatever the other does, and if it does nothing",
    runs: 6,
    cases: fc.record({ first: slotted, second: slotted, third: slotted, places: slots }),
    holds: ({ first, second, third, places }) => {
      const alone = runSlotted(first, [], places).told;
      demand(alone.length > 100, `${alone.length} are told: the machine does too little to say anything`);
      demandSame(runSlotted(first, second, places).told, alone, "while the others do something");
      demandSame(runSlotted(first, third, places).told, alone, "while the others do something else");
    },
  }),
  law({
    id: "F1-domains",
    statement:
      "a machine with domains does the same over its log, which nobody objects to; each has its slots, no more and no less, and pays back what a round went beyond one",
    runs: 4,
    cases: fc.record({ first: slotted, second: slotted, places: slots }),
    holds: ({ first, second, places }) => slotsAreKept(first, second, places),
  }),
  law({
    id: "F2-domains",
    statement:
      "within each domain the most urgent has the processor, and priorities, loans and interrupts are as they are without domains, also where processes of several share what they wait for",
    runs: 30,
    cases: fc.tuple(drawnUrgencies, fc.array(fc.constantFrom(30, 300, 2000), { minLength: 2, maxLength: 3 })),
    holds: ([drawn, slotTicks]) => urgencyIsKept(drawn, slotTicks),
  }),
  law({
    id: "F3-domains",
    statement:
      "an interrupt is handled after all slots of other domains, a quantum and a round of a loop at most, whoever else works",
    runs: 60,
    cases: fc.tuple(
      drawnLatencies,
      fc.array(fc.constantFrom(200, 1000, 3000), { minLength: 2, maxLength: 4 }),
    ),
    holds: ([drawn, slotTicks]) => {
      const divided = { ...drawn, slotTicks };
      const bound = domainLatencyBound(divided);
      for (const { ticks } of delaysOf(divided))
        demand(ticks <= bound, `${ticks} ticks, and ${bound} are the most`);
    },
  }),
];

function demandSame(told: readonly string[], alone: readonly string[], when: string): void {
  const at = alone.findIndex((one, index) => told[index] !== one);
  const from = at < 0 ? alone.length : at;
  demandEqual(
    told.slice(from, from + 2),
    alone.slice(from, from + 2),
    `what they are told ${when}, from ${from} on`,
  );
}

/** The guests are of one domain after the other, and share all that there is. */
function urgencyIsKept(drawn: DrawnUrgency, slotTicks: readonly number[]): void {
  const spec = urgencyOf(drawn);
  const world = new UrgentWorld();
  world.divide(
    slotTicks,
    spec.guests.map((_, index) => [index + 1, index % slotTicks.length]),
  );
  const divided = { ...spec, boot: [...world.facts, ...spec.boot] };
  const machine = new UrgentMachine(divided);
  const state = machine.run();
  demandEqual(judged(machine.log).breaches, [], "what the oracle has to say");
  demandEqual(
    hashOf(new UrgentMachine(divided).replay(machine.log)),
    hashOf(state),
    "the state of the replay",
  );
}

const STATEMENTS = ["theReadyAreQueued", "thePlacedAreDerived", "slotsAreOfOneDomain", "oneRuns"];

function slotsAreKept(first: Slotted, second: Slotted, places: Slots): void {
  const { machine, events, spec } = runSlotted(first, second, places);
  const checker = new KnownDomains();
  const oracle = new SlotOracle(MOST_ROUND_TICKS);
  const fold = new Fold(initialState());
  for (const event of events) {
    demandEqual(oracle.take(event) ?? checker.deny(event), null, `event ${event.seq}, ${event.type}`);
    checker.take(event);
    fold.apply(event);
    if (event.type !== "process/scheduled" || event.seq % 7 !== 0) continue;
    for (const name of STATEMENTS)
      demand(kernelInvariants[name]?.(fold.state) === true, `${name}, after event ${event.seq}`);
  }
  const replayed = new UrgentMachine(spec).replay(machine.log);
  demandEqual(hashOf(replayed), hashOf(fold.state), "the state of the replay");
}
