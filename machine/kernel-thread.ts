/** The thread of the kernel and its guest. All that it does goes into shared memory; the main thread records it. */
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { KernelBug } from "../core/assert.ts";
import { HostClock } from "../devices/clock/host-clock.ts";
import { VirtualClock } from "../devices/clock/virtual-clock.ts";
import { hostEntropy, seededEntropy } from "../devices/entropy/entropy-devices.ts";
import { hostDirectory } from "../devices/host-directory/host-directory.ts";
import type { GuestKernel } from "../guests/guest-kernel.ts";
import { MAX_TRAP_FRAMES } from "../guests/module/wasm-frames.ts";
import { runGuest } from "../guests/run-guest.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { DurableBytes } from "../replay/durable-bytes.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { Diverged, ReplayKernel } from "../replay/replay-kernel.ts";
import { StreamReader } from "../replay/stream-reader.ts";
import { powerOn, startProgram } from "./boot.ts";
import { KernelPort, MachineStopped } from "./kernel-port.ts";
import { LiveKernel } from "./live-kernel.ts";
import type { KernelReport, ThreadData, ThreadOutcome } from "./messages.ts";
import { ResumingKernel } from "./resuming-kernel.ts";
import { RingLog } from "./ring-log.ts";
import { control } from "./shared-control.ts";

const FIRST_PID = 1;
// V8 keeps so many frames of a trap, and 10 if it is not told.
Error.stackTraceLimit = MAX_TRAP_FRAMES;

class KernelThread {
  readonly #data: ThreadData;
  readonly #port: MessagePort;
  readonly #words: Int32Array;
  #kernel: GuestKernel | null = null;

  constructor(data: ThreadData, port: MessagePort) {
    this.#data = data;
    this.#port = port;
    this.#words = new Int32Array(data.shared.control);
  }

  run(): void {
    const outcome = this.#outcome();
    this.#report({ kind: "ended", seq: this.#kernel?.state.seq ?? 0, outcome });
  }

  #report(report: KernelReport): void {
    this.#port.postMessage(report);
  }

  #outcome(): ThreadOutcome {
    try {
      this.#runInMode();
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

  #runInMode(): void {
    const data = this.#data;
    switch (data.mode) {
      case "run": {
        const live = this.#goLive(initialState());
        this.#kernel = live;
        const pid = live.together(() => startProgram(live, data.program));
        this.#runLive(live, () => live, pid);
        return;
      }
      case "resume": {
        const resuming = new ResumingKernel(this.#replayKernel(), (state) => this.#goLive(state));
        this.#kernel = resuming;
        this.#runLive(resuming, () => resuming.live(), FIRST_PID);
        return;
      }
      case "replay": {
        const replay = this.#replayKernel();
        this.#kernel = replay;
        const stopped = runGuest(replay, FIRST_PID, data.guest);
        if (stopped instanceof Diverged) throw stopped;
        replay.drain();
      }
    }
  }

  /** Runs a guest that lives, sooner or later, and powers the machine off behind it. */
  #runLive(kernel: GuestKernel, live: () => LiveKernel, pid: number): void {
    const stopped = runGuest(kernel, pid, this.#data.guest);
    if (stopped instanceof Diverged) throw stopped;
    if (stopped instanceof MachineStopped) {
      live().recordEnd(pid, { type: "process/killed", signal: stopped.signal, code: stopped.code });
    }
    live().record(0, { type: "machine/powered-off", reason: stopped === null ? "halted" : "interrupted" });
  }

  #replayKernel(): ReplayKernel {
    const store = RecordingStore.open(this.#data.path, { write: false });
    return new ReplayKernel(store, new StreamReader(store), (seq) =>
      Atomics.store(this.#words, control.progress, seq | 0),
    );
  }

  #goLive(state: KernelState): LiveKernel {
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
    });
    powerOn(live, devices.clock, clock.wall(), devices.nameSeed);
    this.#report({ kind: "live" });
    return live;
  }
}

if (parentPort !== null) {
  // Until the main thread ends this one: a loop with nothing to wait for waits for V8's threads, and may wait forever (see
  // compile-module.ts).
  setInterval(() => {}, 2 ** 30);
  new KernelThread(workerData as ThreadData, parentPort).run();
}
