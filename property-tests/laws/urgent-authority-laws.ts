/** Authority where lines and timers interrupt, contexts are lent and priorities given (B1, G6): the independent checker over logs of crowds. */
import fc from "fast-check";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { checkLog } from "../../replay/authority/check/log-checker.ts";
import { forge, type Forgery, forgeries } from "../model/forged-log.ts";
import { type DrawnUrgency, drawnCrowds, urgencyOf } from "../model/urgent-arbitraries.ts";
import { UrgentMachine, type UrgentSpec } from "../model/urgent-machine.ts";
import { demand, law, type Law } from "./law.ts";

/** Long enough that each of the crowd has several turns. */
const END_MICROS = 4000;

/** What comes before the facts of a boot: the power, the scheduler, and that each guest was started. */
const factsBefore = ({ guests }: UrgentSpec): number => 2 + guests.length;

interface Crowd {
  readonly drawn: DrawnUrgency;
  /** By which the rights are masked that all but the first few are given, in turns. */
  readonly masks: readonly number[];
}

const crowds: fc.Arbitrary<Crowd> = fc.record({
  drawn: drawnCrowds,
  masks: fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(15) }, fc.nat(15)), {
    minLength: 7,
    maxLength: 20,
  }),
});

/** Who handles interrupts has all rights. */
const HANDLERS = 3;

/** Boot as a machine file has it: most have fewer rights, and a context gets its terms by the capability of who is just beginning. */
function booted(spec: UrgentSpec, masks: readonly number[]): UrgentSpec {
  const given = spec.boot
    .filter(([, { type }]) => type !== "context/configured")
    .map(([pid, fact], at): UrgentSpec["boot"][number] =>
      fact.type === "capability/granted" && pid > HANDLERS
        ? [pid, { ...fact, rights: fact.rights & (masks[at % masks.length] ?? 0) }]
        : [pid, fact],
    );
  const terms = spec.boot.flatMap(([, fact]): UrgentSpec["boot"] => {
    if (fact.type !== "context/configured") return [];
    const at = given.findIndex(
      ([, one]) =>
        one.type === "capability/granted" && one.object === "context" && one.target === fact.context,
    );
    return [[given[at]?.[0] ?? 0, { ...fact, by: factsBefore(spec) + at }]];
  });
  return { ...spec, boot: [...given, ...terms] };
}

function eventsOf({ drawn, masks }: Crowd): readonly KernelEvent[] {
  const machine = new UrgentMachine(booted({ ...urgencyOf(drawn), endMicros: END_MICROS }, masks));
  machine.run();
  return machine.log.decoded();
}

function everyEffectIsHeld(events: readonly KernelEvent[]): void {
  const objection = checkLog(events);
  const what = objection === null ? "" : `event ${objection.seq}, ${JSON.stringify(events[objection.seq])}`;
  demand(objection === null, `${what}: ${objection?.why}`);
}

function forgeriesAreRefused(events: readonly KernelEvent[], how: Forgery, which: number): void {
  everyEffectIsHeld(events);
  const forged = forge(events, how, which);
  if (forged !== null) demand(checkLog(forged) !== null, `a log with ${how} is refused`);
}

export const urgentAuthorityLaws: readonly Law[] = [
  law({
    id: "B1-urgent",
    statement:
      "of 50 processes that bind lines, timers and contexts, and lend and take them back, each does only what it holds the right to, and a line or a timer what is bound to it",
    runs: 10,
    cases: crowds,
    holds: (crowd) => everyEffectIsHeld(eventsOf(crowd)),
  }),
  law({
    id: "G6-urgent",
    statement: "the checker takes no log of such a machine in which somebody acts without authority",
    runs: 6,
    cases: fc.record({ crowd: crowds, how: fc.constantFrom(...forgeries), which: fc.nat(10_000) }),
    holds: ({ crowd, how, which }) => forgeriesAreRefused(eventsOf(crowd), how, which),
  }),
];
