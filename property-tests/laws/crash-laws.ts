import fc from "fast-check";
import { VirtualClock } from "../../devices/clock/virtual-clock.ts";
import { ResumingKernel } from "../../machine/resuming-kernel.ts";
import { foldWhole } from "../../replay/fold-whole.ts";
import { followsHash, GENESIS, parseGroup, sealGroup } from "../../replay/group.ts";
import { endOf } from "../../replay/log-reader.ts";
import { RecordingRefused } from "../../replay/recording-refused.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { performAll } from "../model/guest-driver.ts";
import type { MemoryLog } from "../model/memory-log.ts";
import type { MemoryStore } from "../model/memory-store.ts";
import { type ModelRun, modelDevices, modelKernel, PID, runSteps } from "../model/model-machine.ts";
import { ModelReleaser } from "../model/model-releaser.ts";
import { type Mix, stepsOf } from "../model/step-arbitraries.ts";
import { Comparison, runWithOracle } from "./file-laws.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { foldAll, hashesOf, hashOf, recordLog } from "./recorded.ts";
import { replayOf } from "./replay-laws.ts";
import { failingStoreKeepsPromises, type Interleaving } from "./two-threads.ts";

const steps = fc.oneof(...(["files", "names", "contents", "all"] as Mix[]).map((mix) => stepsOf(mix, 30)));
const ends = fc.array(fc.nat(300), { maxLength: 6 });
const spacing = fc.integer({ min: 1, max: 40 });

/** Whether reading refuses what it reads, and does not fall over it. */
export function refuses(read: () => void): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (error instanceof RecordingRefused) return true;
    throw error;
  }
}

/** Every prefix of the commits is a machine: that of its events, with all that was acknowledged. */
function prefixesRecover(run: ModelRun, groups: readonly number[], every: number): void {
  const hashes = hashesOf(run.log.decoded());
  const { store, effects } = recordLog(run.log, groups, every);
  const keys = store.groups.keys;
  for (let count = 0; count <= keys.length; count += 1) {
    const cut = store.cutAfter(count);
    const end = keys[count] ?? run.log.eventCount;
    demandEqual(endOf(cut.asStore).seq, count === 0 ? 0 : end, `where a log of ${count} groups ends`);
    demandEqual(
      hashOf(new StateLoader(cut.asStore).stateAt(endOf(cut.asStore).seq)),
      hashes[count === 0 ? 0 : end],
      "the state there",
    );
    foldWhole(cut.asStore, () => {});
  }
  demand(
    effects.every(({ endSeq }) => endSeq <= run.log.eventCount),
    "effects are of events that are there",
  );
}

/** A record that was cut at any byte, and one with any byte of the stream changed, is refused. */
function tornRecordsAreRefused(run: ModelRun, groups: readonly number[], place: number): void {
  const { store } = recordLog(run.log, groups, 1000);
  const keys = store.groups.keys;
  const key = keys[place % keys.length] as number;
  const record = store.groups.get(key) as Uint8Array;
  for (let size = 0; size < record.length; size += 1) {
    const torn = parseGroup(record.subarray(0, size));
    if (!torn.ok) continue;
    const before = keys[keys.indexOf(key) - 1];
    const hash =
      before === undefined ? new Uint8Array(32) : (store.groups.get(before) as Uint8Array).subarray(-32);
    demand(!followsHash(torn.value, hash, []), `a group that was cut at byte ${size} is none`);
  }
  store.groups.damage(key, record.subarray(0, place % record.length));
  demand(
    refuses(() => foldWhole(store.asStore, () => {})),
    "a log with a torn group is refused",
  );
  store.groups.damage(key, record);
  foldWhole(store.asStore, () => {});
  changedBytesAreRefused(store, place);
}

function changedBytesAreRefused(store: MemoryStore, place: number): void {
  const keys = store.streams.keys;
  const key = keys[place % Math.max(1, keys.length)];
  if (key === undefined) return;
  const bytes = (store.streams.get(key) as Uint8Array).slice();
  bytes[place % bytes.length] = (bytes[place % bytes.length] as number) ^ 4;
  store.streams.damage(key, bytes);
  demand(
    refuses(() => foldWhole(store.asStore, () => {})),
    "a log with a changed byte of the stream is refused",
  );
}

/** Seals a group anew with something else in it, as whoever edits a log would; the groups behind it no longer follow. */
function editsShow(run: ModelRun, groups: readonly number[], place: number): void {
  const { store } = recordLog(run.log, groups, 1000);
  const keys = store.groups.keys;
  const index = place % Math.max(1, keys.length - 1);
  const record = store.groups.get(keys[index] as number) as Uint8Array;
  const group = parseGroup(record);
  if (!group.ok || keys.length < 2) return;
  const before =
    index === 0 ? GENESIS : (store.groups.get(keys[index - 1] as number) as Uint8Array).slice(-32);
  const { header, body } = group.value;
  const edited = { ...header, at: header.at + 1 };
  const bytes = run.log.stream(header.streamStart, header.streamEnd);
  store.groups.damage(keys[index] as number, sealGroup(before, edited, body, [bytes]).record);
  demand(
    refuses(() => foldWhole(store.asStore, () => {})),
    `a log whose group ${index} was made anew is refused`,
  );
}

interface Resumed {
  readonly log: MemoryLog;
  readonly printed: readonly number[];
  readonly end: ReturnType<typeof foldAll>;
}

/** Cuts the power at a moment of a log, and lets the machine go on to its end, with the same guest. */
function resume(run: ModelRun, before: MemoryLog, cut: number): Resumed {
  const places = before.ends.filter((end) => end > run.startedAt);
  return resumeAt(run, before, {
    end: places[cut % Math.max(1, places.length)] ?? before.eventCount,
    late: 0,
  });
}

/** As `resume`, from the first events of a log on, with the clock so many microseconds later. */
export function resumeAt(run: ModelRun, before: MemoryLog, cut: { end: number; late: number }): Resumed {
  const { end, late } = cut;
  const log: MemoryLog = before.cutAt(end, () => releaser.release());
  const { at, clock } = foldAll(log.decoded());
  const devices = modelDevices(new VirtualClock(at + late));
  const releaser = new ModelReleaser(log, devices);
  releaser.release();
  const { store } = recordLog(log, [], 50);
  const kernel = new ResumingKernel(replayOf(store), (state) => modelKernel(log, devices, state));
  if (!clock.isOn) return { log, printed: devices.console.printed, end: foldAll(log.decoded()) };
  performAll(
    kernel,
    PID,
    run.performed.map(({ raw }) => raw),
  );
  kernel.live().record(0, { type: "machine/powered-off", reason: "halted" });
  releaser.release();
  return { log, printed: devices.console.printed, end: kernel.live().state };
}

export function resumesAgree(drawn: Parameters<typeof runSteps>[0], cuts: readonly number[]): void {
  const { run, oracle } = runWithOracle(drawn);
  let log = run.log;
  for (const cut of cuts) {
    const resumed = resume(run, log, cut);
    demandEqual(resumed.printed, run.devices.console.printed, "what the console showed");
    new Comparison(resumed.end, resumed.log).compare(oracle);
    demandEqual(hashOf(foldAll(resumed.log.decoded())), hashOf(resumed.end), "the fold of the resumed log");
    const replay = replayOf(recordLog(resumed.log, [], 20).store);
    performAll(
      replay,
      PID,
      run.performed.map(({ raw }) => raw),
    );
    replay.drain();
    demandEqual(hashOf(replay.state), hashOf(resumed.end), "the replay of the resumed log");
    log = resumed.log;
  }
}

/** The events of a run whose power was cut. */
function eventsAcrossCut(drawn: Parameters<typeof runSteps>[0], cut: number): readonly KernelEvent[] {
  const run = runSteps(drawn);
  return resume(run, run.log, cut).log.decoded();
}

function timeGoesOn(drawn: Parameters<typeof runSteps>[0], cut: number): void {
  let at = 0;
  let lastRead = -1;
  for (const event of eventsAcrossCut(drawn, cut)) {
    demand(event.at >= at, `kernel time goes on at event ${event.seq}: ${at}, then ${event.at}`);
    at = event.at;
    if (event.type !== "clock/read") continue;
    demand(event.at > lastRead, `a clock never says the same twice, at event ${event.seq}`);
    lastRead = event.at;
  }
}

function capabilitiesSurvive(drawn: Parameters<typeof runSteps>[0], cut: number): void {
  const events = eventsAcrossCut(drawn, cut);
  const boots = events.filter(({ type }) => type === "machine/powered-on").slice(1);
  for (const { seq } of boots) {
    const before = foldAll(events.slice(0, seq));
    const after = foldAll(events.slice(0, seq + 1));
    demandEqual(after.capabilities, before.capabilities, "what is held after the power came back");
    demandEqual(after.files.opens, before.files.opens, "and the files that are open");
  }
}

const interleaving: fc.Arbitrary<Interleaving> = fc.record({
  drains: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
  failsFrom: fc.oneof(fc.constant(1_000_000), fc.nat(12)),
  spacing,
});

export const crashLaws: readonly Law[] = [
  law({
    id: "D3",
    statement: "whichever commits are there, they are a machine: the fold of their events",
    runs: 40,
    cases: fc.record({ steps, groups: ends, every: spacing }),
    holds: (drawn) => prefixesRecover(runSteps(drawn.steps), drawn.groups, drawn.every),
  }),
  law({
    id: "D3-torn",
    statement: "a group that was cut at any byte, or whose bytes were changed, is refused",
    runs: 25,
    cases: fc.record({ steps: stepsOf("all", 20), groups: ends, place: fc.nat(5000) }),
    holds: (drawn) => tornRecordsAreRefused(runSteps(drawn.steps), drawn.groups, drawn.place),
  }),
  law({
    id: "G5",
    statement: "a group that was made anew, with its own hash right, shows by the next one's",
    runs: 25,
    cases: fc.record({
      steps: stepsOf("all", 20),
      groups: fc.array(fc.nat(300), { minLength: 2, maxLength: 6 }),
      place: fc.nat(50),
    }),
    holds: (drawn) => editsShow(runSteps(drawn.steps), drawn.groups, drawn.place),
  }),
  law({
    id: "D5",
    statement:
      "nothing is shown before it is durable, and all that is durable is shown once, whenever the store fails",
    runs: 40,
    cases: fc.record({ steps: stepsOf("all", 40), interleaving }),
    holds: (drawn) => failingStoreKeepsPromises(drawn.steps, drawn.interleaving),
  }),
  law({
    id: "D10",
    statement: "a machine whose power was cut, once or again and again, comes to the same end",
    runs: 60,
    cases: fc.record({
      steps: stepsOf("files", 30),
      cuts: fc.array(fc.nat(200), { minLength: 1, maxLength: 3 }),
    }),
    holds: (drawn) => resumesAgree(drawn.steps, drawn.cuts),
  }),
  law({
    id: "D13",
    statement: "time never goes back, across power cuts too, and no two readings of a clock are the same",
    runs: 60,
    cases: fc.record({ steps: stepsOf("all", 40), cut: fc.nat(200) }),
    holds: (drawn) => timeGoesOn(drawn.steps, drawn.cut),
  }),
  law({
    id: "D14",
    statement: "what a process holds survives a power cut",
    runs: 40,
    cases: fc.record({ steps, cut: fc.nat(200) }),
    holds: (drawn) => capabilitiesSurvive(drawn.steps, drawn.cut),
  }),
];
