/** Laws of urgent work that one machine each shows: how late it comes, what locks do to it, and what it does to others. */
import fc from "fast-check";
import {
  delaysOf,
  latencyBound,
  responseBound,
  responsesOf,
  shareInStorm,
} from "../model/urgent-scenarios.ts";
import { drawnLatencies } from "../model/urgent-latencies.ts";
import { demand, law, type Law } from "./law.ts";

/** From raised to scheduled: signalled, lent, prioritized, woken, the answer to a call that was just asked, preempted, scheduled. */
export const EVENTS_BOUND = 7;

export const urgentScenarioLaws: readonly Law[] = [
  law({
    id: "F3-delay",
    statement: "an interrupt is handled after a quantum and a round of a loop at most, whoever else works",
    runs: 100,
    cases: drawnLatencies,
    holds: (drawn) => {
      for (const { ticks, events } of delaysOf(drawn)) {
        demand(ticks <= latencyBound(drawn), `${ticks} ticks, and ${latencyBound(drawn)} are the most`);
        demand(events <= EVENTS_BOUND, `${events} events, and ${EVENTS_BOUND} are the most`);
      }
    },
  }),
  law({
    id: "F9",
    statement: "who waits for what a less urgent one has waits for that, however many there are between",
    runs: 60,
    cases: fc.record({
      donates: fc.constant(true),
      tasksBetween: fc.integer({ min: 0, max: 20 }),
      criticalTicks: fc.integer({ min: 1, max: 3000 }),
      quantum: fc.constantFrom(200, 1000, 3000),
      periodMicros: fc.constantFrom(150, 250),
    }),
    holds: (drawn) => {
      const { ticks, isMissed } = responsesOf(drawn);
      demand(ticks.length > 5 && !isMissed, `a deadline is missed, after ${ticks.length} periods`);
      const bound = responseBound(drawn);
      for (const one of ticks)
        demand(one <= bound, `a response after ${one} ticks, and ${bound} are the most`);
    },
  }),
  law({
    id: "F12",
    statement: "a line that never rests leaves to others what its handler's budget does not take",
    runs: 60,
    cases: fc.record({
      everyMicros: fc.constantFrom(1, 2, 5),
      handlerTicks: fc.integer({ min: 1, max: 600 }),
      budgetMicros: fc.constantFrom(5, 20, 40),
      periodMicros: fc.constantFrom(50, 100, 200),
      quantum: fc.constantFrom(200, 1000, 3000),
    }),
    holds: (storm) => {
      const { ticks, least } = shareInStorm(storm);
      demand(ticks >= least, `${ticks} ticks are left to others, and ${least} are the fewest`);
    },
  }),
];
