/** Laws of authority, over random machines of several processes: an independent checker recomputes from events alone who could do what. */
import fc from "fast-check";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import type { Chain, ChainLink } from "../../replay/authority/check/chain.ts";
import { listedEvents } from "../../replay/authority/check/event-source.ts";
import { checkLog } from "../../replay/authority/check/log-checker.ts";
import { verifyChain } from "../../replay/authority/check/verify-chain.ts";
import { DeputyFinder } from "../../replay/authority/deputies/find-deputies.ts";
import { explainEffect } from "../../replay/authority/explain-effect.ts";
import { historySteps, PROCESSES } from "../model/history-arbitraries.ts";
import { type HistoryStep, runHistory } from "../model/history-machine.ts";
import type { MemoryLog } from "../model/memory-log.ts";
import { forge, type Forgery, forgeries } from "../model/forged-log.ts";
import { runSteps } from "../model/model-machine.ts";
import { type Passed, passedMessages, PassingMachine } from "../model/passed-messages.ts";
import { type Spoken, tales, tell } from "../model/spoken-names.ts";
import { type Mix, stepsOf } from "../model/step-arbitraries.ts";
import { drawnMachines, machineOf } from "../model/turn-arbitraries.ts";
import { runMachine } from "../model/turn-machine.ts";
import { life, liveOut } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const eventsOf = (steps: readonly HistoryStep[]): readonly KernelEvent[] =>
  runHistory(PROCESSES, steps).events;

function everyEffectIsHeld(events: readonly KernelEvent[]): void {
  const objection = checkLog(events);
  if (objection === null) return;
  const { seq, why } = objection;
  demand(false, `event ${seq}, ${JSON.stringify(events[seq])}: ${why}`);
}

const logOf = listedEvents;

/** Calls back with each event and the claim of why it could happen. */
function explainAll(events: readonly KernelEvent[], visit: (event: KernelEvent, chain: Chain) => void): void {
  const log = logOf(events);
  const fold = new Fold(initialState());
  const states: KernelState[] = [];
  for (const event of events) {
    states.push(fold.snapshot());
    const chain = explainEffect(log, event.seq, (seq) => states[seq] as KernelState);
    demand(chain !== null, `event ${event.seq} is explained`);
    visit(event, chain);
    fold.apply(event);
  }
}

function pathsLeadToBoot(events: readonly KernelEvent[]): void {
  const log = logOf(events);
  explainAll(events, (event, chain) => {
    const verdict = verifyChain(log, chain);
    demand(verdict.ok, `event ${event.seq}, ${event.type}: ${verdict.ok ? "" : verdict.why}`);
    const by = "by" in event ? event.by : 0;
    demandEqual(
      chain.kind === "capability",
      by > 0,
      `whether event ${event.seq} is explained by a capability`,
    );
  });
}

/** Ways to tell a story of a chain that is not so. */
const lies = [
  "skips a link",
  "ends early",
  "goes on",
  "names another",
  "of another",
  "at another step",
] as const;
type Lie = (typeof lies)[number];

function lied(links: readonly ChainLink[], lie: Lie, place: number): readonly ChainLink[] | null {
  const at = place % links.length;
  const link = links[at] as ChainLink;
  const changed = (change: Partial<ChainLink>): readonly ChainLink[] =>
    links.map((each, index) => (index === at ? { ...each, ...change } : each));
  switch (lie) {
    case "skips a link":
      return links.length < 2 ? null : links.filter((_, index) => index !== at);
    case "ends early":
      return links.slice(0, -1);
    case "goes on":
      return [...links, { id: 1, seq: link.id, pid: link.pid, beside: [] }];
    case "names another":
      return changed({ id: link.id - 1 });
    case "of another":
      return changed({ pid: link.pid + 1 });
    case "at another step":
      return changed({ seq: link.seq - 1 });
  }
}

function liesAreRefused(events: readonly KernelEvent[], lie: Lie, which: number): void {
  const log = logOf(events);
  const chains: Extract<Chain, { kind: "capability" }>[] = [];
  explainAll(events, (_, chain) => {
    if (chain.kind === "capability") chains.push(chain);
  });
  const chain = chains[which % Math.max(1, chains.length)];
  const links = chain === undefined ? null : lied(chain.links, lie, which);
  if (chain === undefined || links === null) return;
  demand(!verifyChain(log, { ...chain, links }).ok, `a chain that ${lie} is refused`);
  demand(!verifyChain(log, { kind: "none", seq: chain.seq }).ok, "who used a capability needed one");
}

/** The checker takes a log that a kernel wrote, and none in which somebody acts without authority; nor is such an effect explained. */
function forgeriesAreRefused(events: readonly KernelEvent[], how: Forgery, which: number): void {
  everyEffectIsHeld(events);
  const forged = forge(events, how, which);
  if (forged === null) return;
  demand(checkLog(forged) !== null, `a log with ${how} is refused`);
}

/** A use in a forged log whose chain cannot be verified. */
function forgedChainsAreRefused(events: readonly KernelEvent[], how: Forgery, which: number): void {
  const forged = forge(events, how, which);
  if (forged === null || how === "a grant in the middle" || how === "a grant that was not made") return;
  const changed = forged.filter((event, seq) => event !== events[seq]);
  const at = changed[changed.length - 1]?.seq ?? 0;
  const chain = explainEffect(logOf(forged), at, () => initialState());
  demand(chain !== null, "a forged event is there");
  demand(!verifyChain(logOf(forged), chain).ok, `the chain of ${how} is refused`);
}

/** Told are those effects, and no others, whose object another process had named, by an authority that was not its. */
function deputiesAreTold(tale: readonly Spoken[]): void {
  const { machine, designated } = tell(tale);
  const { log, events } = machine.run();
  demandEqual(toldOf(log, events), designated, "the openings that another process designated");
}

/** The seqs of all that is told as done on behalf of somebody else. */
function toldOf(log: MemoryLog, events: readonly KernelEvent[]): readonly number[] {
  const finder = new DeputyFinder((target, position, length) => log.copyTo(target, 0, position, length));
  const fold = new Fold(initialState());
  const told: number[] = [];
  for (const event of events) {
    const deputy = finder.take(fold.state, event);
    if (deputy !== null) told.push(event.seq);
    if (deputy !== null)
      demand(!deputy.designators.some(({ pid }) => pid === event.pid), "nobody is his own deputy");
    fold.apply(event);
  }
  return told;
}

/** The same, where names and directories go over endpoints: what came with a name, from whoever said it, is told of nobody. */
function servantsAreTold(tale: readonly Passed[]): void {
  const passing = new PassingMachine();
  for (const step of tale) passing.step(step);
  const { log, events } = passing.machine.run();
  demandEqual(toldOf(log, events), passing.designated, "the openings that another process designated");
}

const which = fc.nat(10_000);
const how = fc.constantFrom(...forgeries);
const wasiSteps = fc.oneof(
  ...(["files", "names", "contents", "all"] as Mix[]).map((mix) => stepsOf(mix, 40)),
);

export const historyLaws: readonly Law[] = [
  law({
    id: "B1",
    statement:
      "every effect names a capability that its process held with the right that it needs, also where many hand on and take back",
    runs: 150,
    cases: historySteps,
    holds: (steps) => everyEffectIsHeld(eventsOf(steps)),
  }),
  law({
    id: "B1-wasi",
    statement:
      "every effect of a program of WASI names a capability that it held with the right that it needs",
    runs: 100,
    cases: wasiSteps,
    holds: (steps) => everyEffectIsHeld(runSteps(steps).log.decoded()),
  }),
  law({
    id: "B1-turns",
    statement: "every effect of programs that take turns names a capability that its process held",
    runs: 40,
    cases: drawnMachines,
    holds: (drawn) => everyEffectIsHeld(runMachine(machineOf(drawn)).log.decoded()),
  }),
  law({
    id: "B1-capabilities",
    statement:
      "every effect of 50 processes that do with capabilities whatever can be done is one that its process could have",
    runs: 20,
    cases: life(200),
    holds: (drawn) => everyEffectIsHeld(liveOut(drawn).transitions.map(({ event }) => event)),
  }),
  law({
    id: "G1",
    statement: "every effect has a finite path to what boot granted, and it is verified",
    runs: 80,
    cases: historySteps,
    holds: (steps) => pathsLeadToBoot(eventsOf(steps)),
  }),
  law({
    id: "G1-capabilities",
    statement:
      "every effect of 50 processes that hand on and take back has a path to what boot granted, and it is verified",
    runs: 6,
    cases: life(200),
    holds: (drawn) => pathsLeadToBoot(liveOut(drawn).transitions.map(({ event }) => event)),
  }),
  law({
    id: "G1-lies",
    statement: "a path that skips, invents or misplaces a step is refused",
    runs: 150,
    cases: fc.record({ steps: historySteps, lie: fc.constantFrom(...lies), which }),
    holds: ({ steps, lie, which: place }) => liesAreRefused(eventsOf(steps), lie, place),
  }),
  law({
    id: "B18",
    statement:
      "an effect is told whose object another process named, and by nobody's authority but the deputy's, and no other",
    runs: 150,
    cases: tales,
    holds: deputiesAreTold,
  }),
  law({
    id: "B18-messages",
    statement:
      "whoever opens by authority of its own what a message named is told; who opens it through what came with the name, from the same hands, is not",
    runs: 25,
    cases: passedMessages(220),
    holds: servantsAreTold,
  }),
  law({
    id: "G6",
    statement:
      "the checker takes each log that a kernel wrote, and none in which somebody acts without authority",
    runs: 200,
    cases: fc.record({ steps: historySteps, how, which }),
    holds: ({ steps, how: forgery, which: place }) => forgeriesAreRefused(eventsOf(steps), forgery, place),
  }),
  law({
    id: "G6-chain",
    statement: "what was done without authority has no path that is verified",
    runs: 200,
    cases: fc.record({ steps: historySteps, how, which }),
    holds: ({ steps, how: forgery, which: place }) => forgedChainsAreRefused(eventsOf(steps), forgery, place),
  }),
];
