/** The thread of the kernel and its guest. All that it does goes into shared memory; the main thread records it. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { invariant, KernelBug } from "../core/assert.ts";
import { rowsOf } from "../core/table.ts";
import type { ClockDevice } from "../devices/device.ts";
import { HostClock } from "../devices/clock/host-clock.ts";
import { VirtualClock } from "../devices/clock/virtual-clock.ts";
import { hostEntropy, seededEntropy } from "../devices/entropy/entropy-devices.ts";
import { hostDirectory } from "../devices/host-directory/host-directory.ts";
import type { GuestKernel, GuestStopped } from "../guests/guest-kernel.ts";
import type { GuestImage } from "../guests/pauses.ts";
import { MAX_TRAP_FRAMES } from "../guests/module/wasm-frames.ts";
import { type GuestProgram, runGuest } from "../guests/run-guest.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { DurableBytes } from "../replay/durable-bytes.ts";
import { ImageReader } from "../replay/image-reader.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { Diverged, ReplayKernel } from "../replay/replay-kernel.ts";
import { StateLoader } from "../replay/state-loader.ts";
import { StreamReader } from "../replay/stream-reader.ts";
import { powerOn, startProgram } from "./boot.ts";
import { Fork, ForkKernel } from "./fork/fork.ts";
import type { ForkResult, ProofResult } from "./fork/fork-spec.ts";
import { ImageTaker } from "./image-taker.ts";
import { KernelPort, MachineStopped } from "./kernel-port.ts";
import { LiveKernel } from "./live-kernel.ts";
import type { BootSpec, KernelReport, GuestLook, ThreadData, ThreadOutcome } from "./messages.ts";
import { ResumingKernel } from "./resuming-kernel.ts";
import { RingLog } from "./ring-log.ts";
import { control } from "./shared-control.ts";
import type { ThreadStart } from "./start-kernel-thread.ts";
import type { ThreadParts } from "./turning-thread.ts";

const FIRST_PID = 1;
// V8 keeps so many frames of a trap, and 10 if it is not told.
Error.stackTraceLimit = MAX_TRAP_FRAMES;

class KernelThread implements ThreadParts {
  readonly #data: ThreadData;
  readonly #imagePort: MessagePort | null;
  readonly #port: MessagePort;
  readonly #words: Int32Array;
  #kernel: { readonly state: KernelState } | null = null;
  #ticks: () => number = () => 0;
  #look: GuestLook | null = null;
  #fork: ForkResult | null = null;
  #proof: ProofResult | null = null;

  constructor({ data, imagePort }: ThreadStart, port: MessagePort) {
    this.#data = data;
    this.#imagePort = imagePort;
    this.#port = port;
    this.#words = new Int32Array(data.shared.control);
  }

  async run(): Promise<void> {
    const outcome = await this.#outcome();
    this.#report({
      kind: "ended",
      seq: this.#kernel?.state.seq ?? 0,
      outcome,
      look: this.#look,
      fork: this.#fork,
      proof: this.#proof,
    });
  }

  #report(report: KernelReport): void {
    this.#port.postMessage(report);
  }

  async #outcome(): Promise<ThreadOutcome> {
    try {
      await this.#runInMode();
      return { kind: "done" };
    } catch (error) {
      if (error instanceof Diverged) return { kind: "diverged", divergence: error.divergence };
      if (error instanceof RecordingRefused) {
        const { path, what, advice } = error;
        return { kind: "refused", path, what, advice };
      }
      const message = error instanceof KernelBug ? error.message : ((error as Error).stack ?? String(error));
      return { kind: "bug", message, seq: this.#kernel?.state.seq ?? 0 };
    }
  }

  async #runInMode(): Promise<void> {
    const data = this.#data;
    const { guest } = data;
    if (guest.kind === "turns") {
      const { takeTurns } = await import("./turning-thread.ts");
      this.#look = takeTurns(guest.guests, this.#data, this);
      return;
    }
    switch (data.mode) {
      case "run": {
        const { live } = this.goLive(initialState());
        this.#kernel = live;
        const pid = live.together(() =>
          startProgram(live, (data.boot as Extract<BootSpec, { kind: "program" }>).program),
        );
        this.#runLive(live, () => live, pid);
        return;
      }
      case "resume": {
        const resuming = new ResumingKernel(this.replayKernel(), (state) => this.goLive(state).live);
        this.#kernel = resuming;
        this.#runLive(resuming, () => resuming.live(), FIRST_PID);
        return;
      }
      case "replay": {
        const replay = this.replayKernel();
        this.#kernel = replay;
        const stopped = runGuest(replay, FIRST_PID, guest);
        if (stopped instanceof Diverged) throw stopped;
        replay.drain();
        return;
      }
      case "fork": {
        const replay = this.replayKernel();
        const resuming = new ResumingKernel(replay, (state) => {
          const fork = this.forkOf(replay);
          return new ForkKernel(
            fork.goLive(state, () => 0),
            fork,
          );
        });
        this.#kernel = resuming;
        const stopped = runGuest(resuming, FIRST_PID, guest);
        if (stopped instanceof Diverged) throw stopped;
        this.forked(resuming.live().fork.result(stopped));
        return;
      }
      case "look":
      case "prove":
        throw new KernelBug("guests that are looked into, or run again narrowed, are transformed");
    }
  }

  /** Runs a guest that lives, sooner or later, and powers the machine off behind it. */
  #runLive(kernel: GuestKernel, live: () => LiveKernel, pid: number): void {
    const stopped = runGuest(kernel, pid, this.#data.guest as GuestProgram);
    if (stopped instanceof Diverged) throw stopped;
    this.powerOff(live(), stopped);
  }

  /** Ends whoever lives, where the machine was stopped, and switches it off. */
  powerOff(live: LiveKernel, stopped: GuestStopped | null): void {
    if (stopped instanceof MachineStopped) {
      const { signal, code } = stopped;
      for (const [pid, { exitCode }] of rowsOf(live.state.processes.rows))
        if (exitCode === -1) live.recordEnd(pid, { type: "process/killed", signal, code });
    }
    live.record(0, { type: "machine/powered-off", reason: stopped === null ? "halted" : "interrupted" });
  }

  replayKernel(): ReplayKernel {
    return this.replayFrom(null).replay;
  }

  replayFrom(seq: number | null): { replay: ReplayKernel; images: Map<number, GuestImage> } {
    const store = RecordingStore.open(this.#data.path, { write: false });
    if (seq === null) return { replay: this.#replay(store, initialState()), images: new Map() };
    const keyframe = store.keyframeAt(seq);
    invariant(keyframe?.seq === seq, "an image that was judged is there");
    const images = [...new ImageReader(store).read(keyframe)].map(
      ([pid, { image }]) => [pid, image] as const,
    );
    return {
      replay: this.#replay(store, new StateLoader(store).keyframeState(seq)),
      images: new Map(images),
    };
  }

  #replay(store: RecordingStore, from: KernelState): ReplayKernel {
    const tell = (seq: number): void => void Atomics.store(this.#words, control.progress, seq | 0);
    const { mode } = this.#data;
    const isVisited = mode === "look";
    const until = mode === "fork" ? this.#data.fork.event + 1 : Number.POSITIVE_INFINITY;
    return new ReplayKernel(store, new StreamReader(store), tell, { from, isVisited, until });
  }

  forkOf(replay: ReplayKernel): Fork {
    const { fork } = this.#data as Extract<ThreadData, { mode: "fork" }>;
    const onDiffers = (result: ForkResult): void => this.#report({ kind: "forked", fork: result });
    return new Fork(replay.store, fork, replay.state, { onDiffers });
  }

  forked(result: ForkResult): void {
    this.#fork = result;
  }

  narrowed(): Fork {
    const { fork } = this.#data as Extract<ThreadData, { mode: "prove" }>;
    return new Fork(RecordingStore.open(this.#data.path, { write: false }), fork, initialState());
  }

  proved(result: ProofResult): void {
    this.#proof = result;
  }

  imageTaker(seq: () => number): ImageTaker | null {
    const { images } = this.#data;
    if (this.#imagePort === null || images.mebibytes === 0) return null;
    return new ImageTaker({ words: this.#words, port: this.#imagePort, seq, ...images });
  }

  /** What is followed: a kernel, and the ticks that its guest has used in its turn. */
  follow(kernel: { readonly state: KernelState }, ticks: () => number): void {
    this.#kernel = kernel;
    this.#ticks = ticks;
  }

  goLive(state: KernelState): { live: LiveKernel; port: KernelPort; clock: ClockDevice } {
    const { devices, path, shared } = this.#data;
    const clock = devices.clock === "virtual" ? new VirtualClock(state.at) : new HostClock(state.at);
    const entropy =
      devices.seed === null ? hostEntropy : seededEntropy(devices.seed, state.entropy.drawnBytes);
    const port = new KernelPort(this.#port, this.#words, clock, (report) => this.#report(report));
    const durable = new DurableBytes(path);
    const ring = new RingLog(shared, state, () => this.#report({ kind: "wake" }), durable);
    const live = new LiveKernel({
      state,
      log: ring,
      devices: { clock, entropy, directories: hostDirectory, console: port },
      waiter: port,
      everyEventDurable: this.#data.everyEventDurable,
      ticks: () => this.#ticks(),
    });
    powerOn(live, devices.clock, clock.wall(), devices.nameSeed);
    this.#report({ kind: "live" });
    return { live, port, clock };
  }
}

if (parentPort !== null) {
  // Until the main thread ends this one: a loop with nothing to wait for waits for V8's threads, and may wait forever (see
  // compile-module.ts).
  setInterval(() => {}, 2 ** 30);
  Atomics.wait(workerData as Int32Array, 0, 0);
  const start = receiveMessageOnPort(parentPort);
  invariant(start !== undefined, "a thread is sent its work before it is told to begin");
  void new KernelThread(start.message as ThreadStart, parentPort).run();
}
