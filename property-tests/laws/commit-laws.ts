import fc from "fast-check";
import { foldWhole } from "../../replay/fold-whole.ts";
import { endOf } from "../../replay/log-reader.ts";
import { Recorder } from "../../replay/recorder.ts";
import { RecordingRefused } from "../../replay/recording-refused.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import type { MemoryLog } from "../model/memory-log.ts";
import { DiskFull, MemoryStore } from "../model/memory-store.ts";
import { type ModelRun, PID, runSteps } from "../model/model-machine.ts";
import { type Mix, stepsOf } from "../model/step-arbitraries.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { foldAll, groupEnds, hashesOf, hashOf, lastNamed, recordLog } from "./recorded.ts";
import { cutsAreConsistent, type Interleaving } from "./two-threads.ts";

const steps = fc.oneof(...(["files", "names", "contents", "all"] as Mix[]).map((mix) => stepsOf(mix, 30)));
const ends = fc.array(fc.nat(300), { minLength: 1, maxLength: 8 });

/** A store is the machine that it was when so many events were acknowledged, and nothing more. */
function isMachineAt(store: MemoryStore, seq: number, hashes: readonly string[]): void {
  demandEqual(endOf(store.asStore).seq, seq, "where the log ends");
  const loader = new StateLoader(store.asStore);
  demandEqual(hashOf(loader.stateAt(seq)), hashes[seq], `the state at the end, ${seq}`);
  for (const keyframe of store.keyframes.keys) {
    demand(keyframe <= seq, `the keyframe at ${keyframe} is not ahead of the log, which ends at ${seq}`);
    demandEqual(hashOf(loader.keyframeState(keyframe)), hashes[keyframe], `the keyframe at ${keyframe}`);
  }
  demandEqual(foldWhole(store.asStore, () => {}).hash, hashes[seq], "the fold of the whole");
}

/** A recorder that was opened on what is there records the rest of the log. */
function goesOn(log: MemoryLog, store: MemoryStore, every: number): void {
  const { seq, hash } = endOf(store.asStore);
  const state = new StateLoader(store.asStore).stateAt(seq);
  const last = lastNamed(log.decoded().slice(0, seq));
  const recorder = new Recorder({ store: store.asStore, state, hash, last, keyframeEvents: every });
  let position = state.head;
  recorder.append(log.encoded(seq, log.eventCount), (length) => {
    position += length;
    return length === 0 ? [] : [log.stream(position - length, position)];
  });
}

/** The power may go while any commit is written: the one before is what opens, it is whole, and recording goes on from it. */
function tornCommitsFallBack(run: ModelRun, groups: readonly number[], every: number, place: number): void {
  const hashes = hashesOf(run.log.decoded());
  const { store } = recordLog(run.log, groups, every);
  const acknowledged = acknowledgedEnds(run, groups);
  demandEqual(store.commits, acknowledged.length - 1, "one commit for what is acknowledged at once");
  acknowledged.forEach((seq, commits) => isMachineAt(store.generation(commits), seq, hashes));
  const torn = store.generation(place % store.commits);
  goesOn(run.log, torn, every);
  isMachineAt(torn, run.log.eventCount, hashes);
}

/** The seqs that a recording's ends are at, commit by commit: that of an empty one first. */
const acknowledgedEnds = (run: ModelRun, groups: readonly number[]): readonly number[] => [
  ...new Set([0, ...groupEnds(groups, run.log.eventCount), run.log.eventCount]),
];

interface Fullness {
  readonly from: number;
  readonly atWrite: number;
}

/** A disk that is full in the midst of a commit leaves all before it; once there is room, recording goes on from there. */
function fullDisksLeaveTheRest(
  run: ModelRun,
  groups: readonly number[],
  every: number,
  fullness: Fullness,
): void {
  const hashes = hashesOf(run.log.decoded());
  const acknowledged = acknowledgedEnds(run, groups);
  const from = fullness.from % (acknowledged.length - 1);
  const store = new MemoryStore(from, fullness.atWrite);
  demand(
    isFull(() => recordLog(run.log, groups, every, store)),
    `a store that is full from commit ${from} on is told of`,
  );
  isMachineAt(store, acknowledged[from] as number, hashes);
  const roomy = store.generation(store.commits);
  goesOn(run.log, roomy, every);
  isMachineAt(roomy, run.log.eventCount, hashes);
}

function isFull(record: () => void): boolean {
  try {
    record();
    return false;
  } catch (error) {
    if (error instanceof DiskFull) return true;
    throw error;
  }
}

/** What no machine says, and which invariant it breaks wherever it is said. */
const lies: readonly { readonly fact: KernelFact; readonly pid: number; readonly breaks: string }[] = [
  {
    fact: {
      type: "capability/granted",
      slot: 900,
      object: "file",
      target: 9e6,
      rights: 1,
      inheriting: 0,
      label: "",
    },
    pid: PID,
    breaks: "everyCapabilityHasItsObject",
  },
  // It left, and nobody took from it what it held.
  { fact: { type: "process/exited", code: 0 }, pid: PID, breaks: "onlyTheLivingHoldCapabilities" },
];

/** Lies that are recorded with all hashes right are refused when the recording is verified, by the invariant and the seq. */
function liesAreRefused(
  run: ModelRun,
  place: number,
  lie: (typeof lies)[number],
  groups: readonly number[],
): void {
  const hashes = hashesOf(run.log.decoded());
  const honest = recordLog(run.log, groups, 1).store;
  demandEqual(foldWhole(honest.asStore, () => {}).hash, hashes.at(-1), "an honest recording, verified");
  const places = [run.startedAt, ...run.performed.slice(0, -1).map(({ to }) => to)];
  const log = run.log.cutAt(places[place % places.length] as number, () => {});
  log.append(lie.fact, foldAll(log.decoded()).at, -1, lie.pid, -1);
  const { store } = recordLog(log, groups, 1);
  try {
    foldWhole(store.asStore, () => {});
  } catch (error) {
    demand(error instanceof RecordingRefused, `a lie is refused, and not by ${String(error)}`);
    const told = `the state at event ${log.eventCount} breaks the invariant ${lie.breaks}`;
    return demand(error.message.includes(told), `it is said that ${told}, and not: ${error.message}`);
  }
  demand(false, `a recording that breaks ${lie.breaks} is refused`);
}

const interleaving: fc.Arbitrary<Interleaving> = fc.record({
  drains: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
  failsFrom: fc.constant(1_000_000),
  spacing: fc.integer({ min: 1, max: 5 }),
  eventsBytes: fc.constant(1 << 14),
});

const every = fc.integer({ min: 1, max: 20 });

export const commitLaws: readonly Law[] = [
  law({
    id: "D4",
    statement:
      "a commit that was torn falls back to the one before: each is one whole machine, and recording goes on from it",
    runs: 30,
    cases: fc.record({ steps, groups: ends, every, place: fc.nat(20) }),
    holds: (drawn) => tornCommitsFallBack(runSteps(drawn.steps), drawn.groups, drawn.every, drawn.place),
  }),
  law({
    id: "D6-verified",
    statement:
      "a recording whose fold breaks an invariant is refused by its name, however right its hashes are",
    runs: 30,
    cases: fc.record({ steps, place: fc.nat(200), lie: fc.constantFrom(...lies), groups: ends }),
    holds: (drawn) => liesAreRefused(runSteps(drawn.steps), drawn.place, drawn.lie, drawn.groups),
  }),
  law({
    id: "D7",
    statement:
      "no keyframe and no commit stands between facts of one decision: a process resumes behind what it was told",
    runs: 40,
    cases: fc.record({ steps: fc.oneof(steps, stepsOf("names", 40)), interleaving }),
    holds: (drawn) => cutsAreConsistent(drawn.steps, drawn.interleaving),
  }),
  law({
    id: "D11",
    statement:
      "a disk that is full in the midst of a commit with a keyframe leaves the log and the keyframes before it",
    runs: 30,
    cases: fc.record({
      steps,
      groups: ends,
      every: fc.integer({ min: 1, max: 3 }),
      fullness: fc.record({ from: fc.nat(20), atWrite: fc.nat(6) }),
    }),
    holds: (drawn) => fullDisksLeaveTheRest(runSteps(drawn.steps), drawn.groups, drawn.every, drawn.fullness),
  }),
];
