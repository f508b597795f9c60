/** The three ways to run a machine: anew, on from where its power was cut, and again over its log. */
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { KernelBug } from "../core/assert.ts";
import { sizeOf } from "../core/table.ts";
import { KeyframeWriter } from "../replay/keyframe-writer.ts";
import { endOf } from "../replay/log-reader.ts";
import { type Durability, RecordingStore } from "../replay/recording-store.ts";
import type { NanBits } from "../replay/nan-bits.ts";
import { Recorder } from "../replay/recorder.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import type { Effect } from "../reducers/effects/effect.ts";
import { EffectCollector } from "../reducers/effects/effect-collector.ts";
import { notBegun, RecordingRefused } from "../replay/recording-refused.ts";
import { asStoreFailed } from "../replay/store-failed.ts";
import { StateLoader } from "../replay/state-loader.ts";
import { StreamReader } from "../replay/stream-reader.ts";
import { syncPath } from "../replay/sync-path.ts";
import { WriterLock } from "../replay/writer-lock.ts";
import { untilEarlierPrinterEnded } from "./earlier-printer.ts";
import { EffectReleaser, type EffectFailure } from "./effect-releaser.ts";
import { type HostOutcome, inputFile, MachineHost } from "./machine-host.ts";
import type { BootSpec, DeviceOptions, ImageSettings, ThreadData } from "./messages.ts";
import { lastImage } from "./last-image.ts";
import { judgeGranted } from "./judge-granted.ts";
import type { MachineSpec } from "./machine-spec.ts";
import { guestOf, programsOf } from "./programs-of.ts";
import { preparationOf } from "./preparation-of.ts";
import { keepProgram, type Preparation, type Program } from "./program.ts";
import { PrinterChild } from "./printer-child.ts";
import { ReleaseCursor } from "./release-cursor.ts";
import { newSharedMemory } from "./shared-control.ts";

/** What a recording remembers of how it was made, for whoever resumes it. */
export interface RunNote {
  readonly devices: DeviceOptions;
  readonly durability: Durability;
  readonly keyframeEvents: number;
  /** Which regular file standard input was; null if it was none. */
  readonly inputFile: string | null;
  /** MiB of images of guests a minute at most. */
  readonly imageMebibytes?: number;
  /** Of programs that take turns; canonical where nothing is said. */
  readonly nans?: NanBits;
  /** What a machine of several programs was booted from. */
  readonly machine?: MachineSpec;
}

export interface RunOptions {
  readonly recording: string;
  /** All programs that it has; the first is the one of a machine of one program. */
  readonly programs: readonly Program[];
  readonly boot: BootSpec;
  readonly note: RunNote;
  /** Whether the recording is there for being resumed: only then it matters that nothing is printed twice. */
  readonly isKept: boolean;
  /** Called with the running machine, so that signals can stop it. */
  readonly onStarted: (host: MachineHost) => void;
  /** Which descriptor of the host each stream goes to; its own, where nothing is said. */
  readonly outputs?: (stream: number) => number;
}

export interface RunResult {
  readonly outcome: HostOutcome;
  readonly failures: readonly EffectFailure[];
  /** The state that became durable last. */
  readonly state: KernelState;
  /** Whether the machine was off before, and nothing was left to be released. */
  readonly hadEnded: boolean;
  /** Whether it was stopped before all that it printed was read: a resume prints the rest. */
  readonly isDue: boolean;
}

const OUTPUTS = (stream: number): number => stream;

/** Runs a program from the beginning and records it. Where it could not begin, no recording is left behind. */
export async function runMachine(options: RunOptions): Promise<RunResult> {
  const result = await hosted(begun(options));
  const hasBegun = sizeOf(result.state.processes.rows) > 0;
  if (result.outcome.kind === "refused" && !hasBegun) discardRecording(options.recording);
  return result;
}

/** A new recording, ready for its first event. One that cannot be made whole is not left behind. */
function begun(options: RunOptions): Hosted {
  const { recording, note } = options;
  const store = RecordingStore.create(recording, note.durability);
  try {
    return prepared(options, store);
  } catch (error) {
    store.close();
    if (!(error instanceof RecordingRefused)) discardRecording(recording);
    throw asStoreFailed(recording, error);
  }
}

function prepared(options: RunOptions, store: RecordingStore): Hosted {
  const { recording, note, programs, boot } = options;
  const lock = new WriterLock(recording);
  store.setNote("run", boot.kind === "machine" ? { ...note, machine: boot.machine } : note);
  for (const program of programs) keepProgram(program, recording);
  const recorder = new Recorder({ store, state: initialState(), keyframeEvents: note.keyframeEvents });
  const shared = newSharedMemory();
  const everyEventDurable = note.durability === "event";
  const guest = guestOf(programs);
  const base = { path: recording, shared, guest, everyEventDurable, devices: note.devices };
  const images = imagesOf(note);
  const data: ThreadData = { ...base, images, mode: "run", boot };
  const cursor = new ReleaseCursor(recording);
  // Without the program the log could not be resumed: it is on disk before the first event is.
  if (note.durability !== "none")
    for (const path of [...programs.map(({ sha }) => store.programPath(sha)), recording, dirname(recording)])
      syncPath(path);
  const { isKept, onStarted, outputs = OUTPUTS } = options;
  return { store, lock, recorder, data, skipInputBytes: 0, cursor, isKept, onStarted, outputs };
}

/** MiB of images a minute where nobody says how many. */
export const DEFAULT_IMAGE_MEBIBYTES = 64;

/**
 * An image comes before a keyframe is due without one, and brings its own. Running again what lies behind it costs more than folding:
 * code that has just been loaded takes several times as long for an event as later.
 */
const IMAGES_A_KEYFRAME = 4;
const imagesOf = ({ keyframeEvents, imageMebibytes }: RunNote): ImageSettings => ({
  everyEvents: Math.ceil(keyframeEvents / IMAGES_A_KEYFRAME),
  mebibytes: imageMebibytes ?? DEFAULT_IMAGE_MEBIBYTES,
});

interface Hosted {
  readonly store: RecordingStore;
  readonly lock: WriterLock;
  readonly recorder: Recorder;
  readonly data: ThreadData;
  readonly skipInputBytes: number;
  readonly cursor: ReleaseCursor;
  readonly isKept: boolean;
  readonly onStarted: (host: MachineHost) => void;
  readonly outputs?: (stream: number) => number;
}

async function hosted({
  store,
  lock,
  recorder,
  data,
  skipInputBytes,
  cursor,
  isKept,
  onStarted,
  outputs = OUTPUTS,
}: Hosted): Promise<RunResult> {
  const printer = isKept ? new PrinterChild({ recording: store.path, cursor, outputs }) : null;
  const releaser = new EffectReleaser(cursor, outputs, printer);
  const host = new MachineHost({ recorder, releaser, data, skipInputBytes });
  onStarted(host);
  const { outcome, failures, isDue } = await host.run();
  if (isDue) printer?.leave();
  const printerEnded = isDue ? null : printer?.end();
  if (outcome.kind === "done") keyframeAtEnd(recorder);
  await printerEnded;
  releaser.close();
  cursor.close();
  lock.release();
  const { state } = recorder;
  store.close();
  return { outcome, failures, state, hadEnded: false, isDue };
}

/** Opening is quick with a keyframe at the end, and possible without: a full disk is no reason to fail now. */
function keyframeAtEnd(recorder: Recorder): void {
  try {
    recorder.keyframe();
  } catch (error) {
    if (error instanceof KernelBug) throw error;
  }
}

export interface ResumeOptions {
  readonly recording: string;
  /** Whether a recording that was made elsewhere may go on with the directories of this host that its log names. */
  readonly mayTouchHost: boolean;
  readonly loadProgram: (
    sha: string,
    bytes: Uint8Array,
    memoryPages: number,
    preparation: Preparation,
  ) => Promise<Program>;
  readonly onStarted: (host: MachineHost) => void;
  /** Told of each image that could not be used, and why. */
  readonly onBadImage: (seq: number, why: string) => void;
}

/** Goes on from the end of a recording: releases what had become durable, re-runs the guest, and lives on. */
export async function resumeMachine({
  recording,
  mayTouchHost,
  loadProgram,
  onStarted,
  onBadImage,
}: ResumeOptions): Promise<RunResult> {
  const reading = RecordingStore.open(recording, { write: false, thorough: true });
  const note = reading.note("run") as RunNote | null;
  try {
    judgeGranted(reading, mayTouchHost, note?.machine ?? null);
  } finally {
    reading.close();
  }
  if (note === null) throw notBegun(recording);
  const lock = new WriterLock(recording);
  await untilEarlierPrinterEnded(recording);
  const store = RecordingStore.open(recording, { write: true, durability: note.durability });
  const cursor = new ReleaseCursor(recording);
  const { state, hash, failures, keyframes, wasDue } = await catchUp(store, cursor);
  if (sizeOf(state.processes.rows) === 0) throw notBegun(recording);
  if (!state.clock.isOn) {
    lock.release();
    store.close();
    return { outcome: { kind: "done" }, failures, state, hadEnded: !wasDue, isDue: false };
  }
  const machine = note.machine ?? null;
  const preparation = preparationOf(store, state);
  const programs: Program[] = [];
  for (const { sha, memoryPages } of programsOf(state, machine))
    programs.push(await loadProgram(sha, store.program(sha), memoryPages, preparation));
  const image = lastImage(store, state.seq, { programs, onBadImage });
  if (image !== null) keyframes.rememberImage(image.nodes);
  const recorder = new Recorder({ store, state, hash, keyframeEvents: note.keyframeEvents, keyframes });
  const isSameInput = note.inputFile !== null && note.inputFile === inputFile();
  const data: ThreadData = {
    mode: "resume",
    machine,
    imageSeq: image?.seq ?? null,
    images: imagesOf(note),
    path: recording,
    shared: newSharedMemory(),
    guest: guestOf(programs),
    everyEventDurable: note.durability === "event",
    devices: note.devices,
  };
  const skipInputBytes = isSameInput ? state.console.arrivedBytes : 0;
  return hosted({ store, lock, recorder, data, skipInputBytes, cursor, isKept: true, onStarted });
}

/** The state at the end of a recording; effects that were durable and not released are released on the way. */
async function catchUp(store: RecordingStore, cursor: ReleaseCursor) {
  const end = endOf(store);
  // A log that was lost or put back behind what was released: from its end on, all is new.
  if (cursor.seq > end.seq) cursor.move(end.seq, 0);
  // What the store has of the state's pages need not be written again.
  const keyframes = new KeyframeWriter(store);
  const loader = new StateLoader(store, (page, known) => keyframes.remember(page, known));
  const due = new EffectCollector();
  const from = loader.keyframeState(cursor.seq);
  const state = loader.foldFrom(from, end.seq, (now, event) => {
    if (event.seq >= cursor.seq) due.take(now, event);
  });
  const failures = await releaseAll(due.effects, store, cursor);
  const wasDue = due.effects.length > 0;
  return { state: state.snapshot(), hash: end.hash, failures, keyframes, wasDue };
}

/** Releases effects, and returns when they are out. */
async function releaseAll(effects: readonly Effect[], store: RecordingStore, cursor: ReleaseCursor) {
  const printer = new PrinterChild({ recording: store.path, cursor, outputs: OUTPUTS });
  const releaser = new EffectReleaser(cursor, OUTPUTS, printer);
  const failures: EffectFailure[] = [];
  releaser.listen({ onReleased: (failed) => failures.push(...failed), onLost: () => {} });
  failures.push(...releaser.release(effects, new StreamReader(store)));
  await releaser.untilIdle();
  await printer.end();
  releaser.close();
  return failures;
}

/** Takes away a recording that nobody wanted. */
export const discardRecording = (path: string): void => rmSync(path, { recursive: true, force: true });
