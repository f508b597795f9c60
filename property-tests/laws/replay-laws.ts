import fc from "fast-check";
import type { GuestKernel } from "../../guests/guest-kernel.ts";
import { wasiNumber } from "../../guests/wasi/wasi-table.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { foldWhole } from "../../replay/fold-whole.ts";
import { RecordingRefused } from "../../replay/recording-refused.ts";
import { Diverged, ReplayKernel } from "../../replay/replay-kernel.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import { StreamReader } from "../../replay/stream-reader.ts";
import { Timeline } from "../../replay/timeline.ts";
import { performAll, performUntilStopped, type RawCall } from "../model/guest-driver.ts";
import type { MemoryStore } from "../model/memory-store.ts";
import { type ModelRun, PID, runSteps } from "../model/model-machine.ts";
import { manySmallWrites, type Mix, stepsOf } from "../model/step-arbitraries.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { hashesOf, hashOf, recordLog } from "./recorded.ts";

const steps = fc.oneof(...(["files", "names", "contents", "all"] as Mix[]).map((mix) => stepsOf(mix, 40)));
const anySteps = fc.oneof(steps, steps, manySmallWrites);
const ends = fc.array(fc.nat(400), { maxLength: 8 });
const keyframeEvents = fc.integer({ min: 1, max: 60 });

export const replayOf = ({ asStore }: MemoryStore): ReplayKernel =>
  new ReplayKernel(asStore, new StreamReader(asStore), () => {});

const rawCalls = (run: ModelRun): readonly RawCall[] => run.performed.map(({ raw }) => raw);

function answersFollowFromTheLog(run: ModelRun, groups: readonly number[], spacing: number): void {
  const { store } = recordLog(run.log, groups, spacing);
  const replay = replayOf(store);
  const again = performAll(replay, PID, rawCalls(run));
  run.performed.forEach(({ given, step }, index) => {
    demandEqual(again[index], given, `what ${step.call.call}, call ${index}, was given again`);
  });
  replay.drain();
  demandEqual(hashOf(replay.state), hashOf(run.kernel.state), "the state at the end of the replay");
}

/** A guest that is not the one that was recorded: how it differs, and at which call. */
interface Mutation {
  readonly how: "other-call" | "other-bytes" | "one-more" | "one-less";
  readonly place: number;
}

/** The mutated calls, and the one that must be noticed; null if they cannot be told apart. */
function mutate(run: ModelRun, { how, place }: Mutation): { calls: readonly RawCall[]; at: number } | null {
  const calls = [...rawCalls(run)];
  const at = place % Math.max(1, calls.length);
  const call = calls[at];
  if (call === undefined) return null;
  switch (how) {
    case "one-less":
      return run.hasEnded ? null : { calls: calls.slice(0, -1), at: calls.length - 1 };
    case "one-more":
      return run.hasEnded ? null : { calls: [...calls, yieldCall], at: calls.length };
    case "other-call":
      calls[at] =
        call.number === yieldCall.number
          ? { ...call, number: wasiNumber("random_get"), args: [0, 1] }
          : yieldCall;
      return { calls, at };
    case "other-bytes": {
      const input = call.inputs.at(-1);
      const given = run.performed[at]?.given;
      const isWrite = [wasiNumber("fd_write"), wasiNumber("fd_pwrite")].includes(call.number);
      if (!isWrite || input === undefined || given?.errno !== 0 || given.memory[0] === 0) return null;
      const bytes = input.bytes.slice();
      bytes[0] = (bytes[0] as number) ^ 1;
      calls[at] = { ...call, inputs: [...call.inputs.slice(0, -1), { at: input.at, bytes }] };
      return { calls, at };
    }
  }
}

const yieldCall: RawCall = { number: wasiNumber("sched_yield"), args: [], inputs: [], outputBytes: 0 };

function othersAreStopped(run: ModelRun, mutation: Mutation): void {
  const mutated = mutate(run, mutation);
  if (mutated === null) return;
  const { store } = recordLog(run.log, [], 1000);
  const stopped = performUntilStopped(replayOf(store), PID, mutated.calls);
  demand(stopped instanceof Diverged, `a guest that differs (${mutation.how}) is stopped`);
  const { divergence } = stopped;
  const performed = run.performed[mutated.at];
  const end = performed?.to ?? run.log.eventCount;
  demand(
    divergence.seq < end,
    `the divergence is at call ${mutated.at}, before ${end}, not at ${divergence.seq}`,
  );
  demand(divergence.seq >= (performed?.from ?? 0), `and not before it, at ${divergence.seq}`);
  demandEqual(divergence.expected, run.log.decoded()[divergence.seq], "what was expected");
  demand(divergence.got.length > 0 && divergence.before.length <= 10, "what came instead is told");
}

/** A kernel that has no devices cannot ask any: what a replay is made from holds none. */
function replayNeedsNothing(run: ModelRun, mutation: Mutation): void {
  othersAreStopped(run, mutation);
  const kernel: GuestKernel = replayOf(recordLog(run.log, [], 1000).store);
  performAll(kernel, PID, rawCalls(run));
}

function seekIsFold(
  run: ModelRun,
  spacing: number,
  groups: readonly number[],
  jumps: readonly number[],
): void {
  const hashes = hashesOf(run.log.decoded());
  const { store } = recordLog(run.log, groups, spacing);
  const loader = new StateLoader(store.asStore);
  const timeline = new Timeline(store.asStore, 4);
  for (const jump of jumps) {
    const seq = jump % hashes.length;
    const state = loader.stateAt(seq);
    demandEqual([state.seq, hashOf(state)], [seq, hashes[seq]], `the state loaded at ${seq}`);
    demandEqual(hashOf(timeline.seek(seq - 1)), hashes[seq], `the state sought at ${seq}`);
  }
  for (const back of [1, 2, 3]) {
    if (timeline.moment < 0) break;
    const seq = timeline.moment + 1 - timeline.stepBack(back);
    demandEqual(hashOf(timeline.state), hashes[seq], `the state ${back} back, at ${seq}`);
  }
}

function eventsIn(store: MemoryStore): readonly KernelEvent[] {
  const timeline = new Timeline(store.asStore);
  timeline.seek(timeline.count - 1);
  return timeline.eventsBefore(timeline.count);
}

function spacingIsUnseen(run: ModelRun, first: number, second: number, groups: readonly number[]): void {
  const one = recordLog(run.log, groups, first);
  const other = recordLog(
    run.log,
    groups.map((end) => end * 3),
    second,
  );
  const folded = [one, other].map(({ store }) => foldWhole(store.asStore, () => {}));
  demandEqual(folded[0]?.hash, folded[1]?.hash, "the hash under another spacing of keyframes");
  demandEqual(folded[0]?.hash, hashOf(run.kernel.state), "the hash of the machine that ran");
  demandEqual(eventsIn(one.store), eventsIn(other.store), "the events under another spacing");
}

function bootsFromAKeyframe(run: ModelRun, spacing: number, groups: readonly number[]): void {
  const hashes = hashesOf(run.log.decoded());
  const { store } = recordLog(run.log, groups, spacing);
  const kept = store.keyframes.keys.at(-1);
  if (kept === undefined) return;
  for (const seq of store.groups.keys) if (seq < kept) store.groups.remove(seq);
  const loader = new StateLoader(store.asStore);
  for (let seq = kept; seq < hashes.length; seq += 1) {
    demandEqual(
      hashOf(loader.stateAt(seq)),
      hashes[seq],
      `the state at ${seq}, the log before ${kept} being gone`,
    );
  }
  const before = store.keyframes.before(kept - 1) ?? 0;
  for (const seq of [before + 1, kept - 1].filter((one) => one > before && one < kept)) {
    demand(
      isRefused(() => loader.stateAt(seq)),
      `the state at ${seq}, which is gone, is refused`,
    );
  }
}

function isRefused(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (error instanceof RecordingRefused) return true;
    throw error;
  }
}

/**
 * Random bytes are in the log: a replay has no source of its own, and a machine with other luck has another log. Of two copies
 * of one recording that are both resumed this says less than D15 asks: made with --seed, both draw the same bytes from there on.
 */
function luckIsInTheLog(run: ModelRun): void {
  const draws = run.log.decoded().filter((event) => event.type === "entropy/drawn");
  const drawn = run.performed.filter(
    ({ step, given }) => step.call.call === "random_get" && given.errno === 0,
  );
  demandEqual(draws.length, drawn.length, "draws in the log");
  drawn.forEach(({ given }, index) => {
    const draw = draws[index];
    demand(draw?.type === "entropy/drawn", "a draw is there");
    const bytes = run.log.stream(draw.position, draw.position + draw.length);
    demandEqual(given.memory.slice(256), bytes, `the bytes of draw ${index}`);
  });
  answersFollowFromTheLog(run, [], 1000);
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  how: fc.constantFrom("other-call", "other-bytes", "other-bytes", "one-more", "one-less"),
  place: fc.nat(60),
});

export const replayLaws: readonly Law[] = [
  law({
    id: "P2",
    statement: "what a guest was given follows from the log: a replay gives the same to the byte",
    runs: 80,
    cases: fc.record({ steps: anySteps, groups: ends, spacing: keyframeEvents }),
    holds: ({ steps: drawn, groups, spacing }) => answersFollowFromTheLog(runSteps(drawn), groups, spacing),
  }),
  law({
    id: "D8",
    statement:
      "a replay needs no device, and stops a guest that asks, writes or ends otherwise, with what was expected and what came",
    runs: 100,
    cases: fc.record({ steps, mutation }),
    holds: (drawn) => replayNeedsNothing(runSteps(drawn.steps), drawn.mutation),
  }),
  law({
    id: "P3",
    statement: "seeking to any moment, in any order, from any keyframe, gives the state of the fold",
    runs: 50,
    cases: fc.record({
      steps: anySteps,
      spacing: keyframeEvents,
      groups: ends,
      jumps: fc.array(fc.nat(400), { maxLength: 12 }),
    }),
    holds: (drawn) => seekIsFold(runSteps(drawn.steps), drawn.spacing, drawn.groups, drawn.jumps),
  }),
  law({
    id: "D9",
    statement: "where groups end and keyframes are taken changes neither events nor states",
    runs: 50,
    cases: fc.record({ steps: anySteps, first: keyframeEvents, second: keyframeEvents, groups: ends }),
    holds: (drawn) => spacingIsUnseen(runSteps(drawn.steps), drawn.first, drawn.second, drawn.groups),
  }),
  law({
    id: "D12",
    statement: "a log whose beginning is gone boots from its keyframe, and refuses what lies before",
    runs: 40,
    cases: fc.record({ steps, spacing: keyframeEvents, groups: ends }),
    holds: (drawn) => bootsFromAKeyframe(runSteps(drawn.steps), drawn.spacing, drawn.groups),
  }),
  law({
    id: "D15",
    statement: "random bytes are events: the log holds what each draw gave",
    runs: 40,
    cases: stepsOf("all", 40),
    holds: (drawn) => luckIsInTheLog(runSteps(drawn)),
  }),
];
