/** The two threads of a running machine, played on one: the recorder's turns come whenever the kernel looks at its clock. */
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "../../devices/clock/virtual-clock.ts";
import { GuestStopped } from "../../guests/guest-kernel.ts";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import { EffectReleaser } from "../../machine/effect-releaser.ts";
import { RecorderLoop } from "../../machine/recorder-loop.ts";
import { ReleaseCursor } from "../../machine/release-cursor.ts";
import { RingLog } from "../../machine/ring-log.ts";
import { control, type SharedMemory } from "../../machine/shared-control.ts";
import type { Effect } from "../../reducers/effects/effect.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { EffectCollector } from "../../reducers/effects/effect-collector.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { eventsBetween, endOf } from "../../replay/log-reader.ts";
import { Recorder } from "../../replay/recorder.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import { StreamReader } from "../../replay/stream-reader.ts";
import type { Step } from "../model/call-spec.ts";
import { encodeCall } from "../model/encode-call.ts";
import { GuestDriver } from "../model/guest-driver.ts";
import { MemoryStore } from "../model/memory-store.ts";
import {
  descriptorOf,
  type Devices,
  modelDevices,
  modelKernel,
  PID,
  startGuest,
} from "../model/model-machine.ts";
import { demand, demandEqual } from "./law.ts";

/** When the recorder has its turns, and from which commit on its store fails. */
export interface Interleaving {
  readonly drains: readonly boolean[];
  readonly failsFrom: number;
  readonly spacing: number;
  /** The size of the ring of events; a decision that fits into half of it is held together. */
  readonly eventsBytes?: number;
}

/** Small rings, so that they are full now and then. */
const EVENTS_BYTES = 1 << 9;
const STREAM_BYTES = 1 << 14;

const newShared = (eventsBytes = EVENTS_BYTES): SharedMemory => ({
  control: new SharedArrayBuffer(control.size * 4),
  events: new SharedArrayBuffer(eventsBytes),
  stream: new SharedArrayBuffer(STREAM_BYTES),
});

class TickingClock extends VirtualClock {
  readonly #onTick: () => void;

  constructor(onTick: () => void) {
    super(0);
    this.#onTick = onTick;
  }

  override now(): number {
    this.#onTick();
    return super.now();
  }
}

/** Releases as the machine does, but for changes of the host's files, which go to a model; and looks whether it may. */
class WatchedReleaser extends EffectReleaser {
  readonly #store: MemoryStore;
  readonly #devices: Devices;

  constructor(
    cursor: ReleaseCursor,
    outputs: (stream: number) => number,
    store: MemoryStore,
    devices: Devices,
  ) {
    super(cursor, outputs);
    this.#store = store;
    this.#devices = devices;
  }

  override release(effects: readonly Effect[], bytes: ByteSource) {
    const { seq } = endOf(this.#store.asStore);
    for (const effect of effects) {
      demand(
        effect.endSeq <= seq,
        `the effect of event ${effect.seq} is released when ${seq} events are durable`,
      );
      if (effect.kind !== "print") this.#devices.host.carryOut(effect, bytes);
    }
    return super.release(
      effects.filter(({ kind }) => kind === "print"),
      bytes,
    );
  }
}

/** Takes down between which events a decision is not over. */
class HoldingLog extends RingLog {
  readonly #inside: Set<number>;
  #seqs: number[] = [];
  #holds = false;

  constructor(inside: Set<number>, ...parts: ConstructorParameters<typeof RingLog>) {
    super(...parts);
    this.#inside = inside;
  }

  override append(...parts: Parameters<RingLog["append"]>): KernelEvent {
    const event = super.append(...parts);
    if (this.#holds) this.#seqs.push(event.seq + 1);
    return event;
  }

  override hold(): void {
    this.#holds = true;
    super.hold();
  }

  override letGo(isUrgent: boolean): void {
    for (const seq of this.#seqs.slice(0, -1)) this.#inside.add(seq);
    this.#seqs = [];
    this.#holds = false;
    super.letGo(isUrgent);
  }
}

class PlayedMachine {
  readonly store: MemoryStore;
  /** The seqs at which a decision was half in the log. */
  readonly inside = new Set<number>();
  readonly #shared: SharedMemory;
  readonly #devices: Devices;
  readonly #loop: RecorderLoop;
  readonly #drains: readonly boolean[];
  #ticks = 0;
  #hasFailed = false;

  constructor(interleaving: Interleaving, cursor: ReleaseCursor, outputs: readonly number[]) {
    this.store = new MemoryStore(interleaving.failsFrom);
    this.#shared = newShared(interleaving.eventsBytes);
    this.#drains = interleaving.drains;
    this.#devices = modelDevices(new TickingClock(() => this.#tick()));
    this.#loop = new RecorderLoop({
      recorder: new Recorder({
        store: this.store.asStore,
        state: initialState(),
        keyframeEvents: interleaving.spacing,
      }),
      releaser: new WatchedReleaser(
        cursor,
        (stream) => outputs[stream - 1] as number,
        this.store,
        this.#devices,
      ),
      shared: this.#shared,
      images: null,
      onFailures: (failures) => demandEqual(failures, [], "effects that failed"),
      onStoreFailed: (error) => {
        this.#hasFailed = true;
        demandEqual((error as Error).message, "no space is left on the model's disk", "why the store failed");
      },
    });
  }

  #tick(): void {
    this.#ticks += 1;
    if (this.#drains[this.#ticks % this.#drains.length] === true) this.#drain();
  }

  #drain(): void {
    this.#loop.drain();
    if (this.#hasFailed) throw new GuestStopped("the store has failed");
  }

  run(steps: readonly Step[]): void {
    try {
      this.#live(steps);
    } catch (error) {
      if (!(error instanceof GuestStopped)) throw error;
    } finally {
      this.#loop.stop();
    }
  }

  #live(steps: readonly Step[]): void {
    const durable = new StreamReader(this.store.asStore);
    const log = new HoldingLog(this.inside, this.#shared, initialState(), () => this.#drain(), durable);
    const kernel = modelKernel(log, this.#devices, initialState());
    startGuest(kernel, this.#devices);
    const driver = new GuestDriver(kernel, PID);
    for (const step of steps) {
      if (driver.hasEnded) break;
      if (step.do === "call")
        driver.perform(encodeCall(step.call, (pick) => descriptorOf(kernel.state, pick)));
      else if (step.do === "release") log.waitUntilReleased();
    }
    if (!driver.hasEnded) kernel.end(PID, { kind: "returned" });
    kernel.record(0, { type: "machine/powered-off", reason: "halted" });
    this.#drain();
  }
}

/** What the durable log says was written to a stream of the console. */
function writtenTo(store: MemoryStore, stream: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const reader = new StreamReader(store.asStore);
  for (const event of eventsBetween(store.asStore, 0, endOf(store.asStore).seq)) {
    if (event.type !== "console/written" || event.stream !== stream) continue;
    const bytes = new Uint8Array(event.length);
    reader.copyTo(bytes, 0, event.position, event.length);
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

/** Releases what a machine that was powered on again would: all that is durable, but for what the cursor says is out. */
function releaseAgain({ asStore }: MemoryStore, cursor: ReleaseCursor, outputs: readonly number[]): void {
  const due = new EffectCollector();
  new StateLoader(asStore).foldFrom(initialState(), endOf(asStore).seq, (state, event) =>
    due.take(state, event),
  );
  const releaser = new EffectReleaser(cursor, (stream) => outputs[stream - 1] as number);
  const prints = due.effects.filter(({ kind }) => kind === "print");
  demandEqual(releaser.release(prints, new StreamReader(asStore)), [], "effects that failed");
  releaser.close();
}

/** Plays a machine whose console goes into files of a scratch directory. */
function played(
  steps: readonly Step[],
  interleaving: Interleaving,
  look: (
    machine: PlayedMachine,
    files: readonly string[],
    cursor: ReleaseCursor,
    outputs: readonly number[],
  ) => void,
): void {
  const scratch = mkdtempSync(join(tmpdir(), "foldos-law-"));
  const files = ["out", "error"].map((name) => join(scratch, name));
  const outputs = files.map((file) => openSync(file, "w"));
  const cursor = new ReleaseCursor(scratch);
  try {
    const machine = new PlayedMachine(interleaving, cursor, outputs);
    machine.run(steps);
    look(machine, files, cursor, outputs);
  } finally {
    cursor.close();
    for (const output of outputs) closeSync(output);
    rmSync(scratch, { recursive: true });
  }
}

export function failingStoreKeepsPromises(steps: readonly Step[], interleaving: Interleaving): void {
  played(steps, interleaving, ({ store }, files, cursor, outputs) => {
    files.forEach((file, index) => {
      const isShown = Buffer.compare(readFileSync(file), writtenTo(store, index + 1)) === 0;
      demand(isShown, `stream ${index + 1} shows what is durable, each byte once`);
    });
    demand(cursor.seq <= endOf(store.asStore).seq, "the cursor is not ahead of the log");
    const shown = files.map((file) => readFileSync(file).length);
    releaseAgain(store, cursor, outputs);
    demandEqual(
      files.map((file) => readFileSync(file).length),
      shown,
      "what is shown when all is released once more",
    );
  });
}

/**
 * Whenever the recorder has its turns: no commit ends within a decision, and no keyframe stands there. (Of a recorder that is more
 * than a thousand events behind the second is not said: it seals groups of so many, wherever they end, but in one commit.)
 */
export function cutsAreConsistent(steps: readonly Step[], interleaving: Interleaving): void {
  played(steps, interleaving, ({ store, inside }) => {
    for (let commits = 0; commits <= store.commits; commits += 1) {
      const { seq } = endOf(store.generation(commits).asStore);
      demand(!inside.has(seq), `${commits} commits end at event ${seq}, within a decision`);
    }
    for (const seq of store.keyframes.keys)
      demand(!inside.has(seq), `the keyframe at event ${seq} is of half a decision`);
  });
}
