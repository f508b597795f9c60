/** Runs a machine on two threads: the kernel and its guest on their own, the recorder, the terminal and signals on this one. */
import { fstatSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { MessageChannel, type Worker } from "node:worker_threads";
import { Subject } from "rxjs";
import { hostInput } from "../devices/console/host-input.ts";
import type { Standing } from "../reducers/decide/standstill.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { get } from "../core/table.ts";
import type { Recorder } from "../replay/recorder.ts";
import type { EffectFailure, EffectReleaser } from "./effect-releaser.ts";
import { endOfMachine } from "./end-of-machine.ts";
import type { KernelNews, KernelReport, ThreadData, ThreadOutcome } from "./messages.ts";
import { RecorderLoop } from "./recorder-loop.ts";
import { tellKernel } from "./shared-control.ts";
import { startKernelThread } from "./start-kernel-thread.ts";

/** How long a machine may take to stop in good order before its thread is ended. */
const STOP_MILLIS = 300;

export interface HostOptions {
  readonly recorder: Recorder;
  readonly releaser: EffectReleaser;
  readonly data: ThreadData;
  /** Bytes of standard input that the machine has had before, where it is a file that is read again. */
  readonly skipInputBytes: number;
}

export type HostOutcome = ThreadOutcome | { readonly kind: "store-failed"; readonly error: unknown };

export interface HostResult {
  readonly outcome: HostOutcome;
  readonly failures: readonly EffectFailure[];
  /** Whether effects are left that a resume will release: nobody read what was printed. */
  readonly isDue: boolean;
}

export class MachineHost {
  /** Who waits for whom, each time that all who live wait for each other. */
  readonly standstills = new Subject<readonly Standing[]>();
  readonly #options: HostOptions;
  readonly #words: Int32Array;
  readonly #worker: Worker;
  readonly #loop: RecorderLoop;
  readonly #failures: EffectFailure[] = [];
  readonly #inputRequests = new Subject<void>();
  readonly #images = new MessageChannel();
  #skip: number;
  #stopping: NodeJS.Timeout | null = null;
  #settle: (outcome: HostOutcome) => void = () => {};

  constructor(options: HostOptions) {
    this.#options = options;
    this.#words = new Int32Array(options.data.shared.control);
    this.#skip = options.skipInputBytes;
    this.#loop = new RecorderLoop({
      recorder: options.recorder,
      releaser: options.releaser,
      shared: options.data.shared,
      images: this.#images.port1,
      onFailures: (failures) => this.#tellFailures(failures),
      onStoreFailed: (error) => this.#settle({ kind: "store-failed", error }),
    });
    this.#worker = startKernelThread(options.data, this.#images.port2);
  }

  /** Runs the machine until it is off. */
  async run(): Promise<HostResult> {
    const outcome = await this.#untilSettled();
    this.#loop.stop();
    if (this.#stopping !== null) clearTimeout(this.#stopping);
    await this.#worker.terminate();
    this.#loop.recordRest();
    this.#images.port1.close();
    const lost = await this.#untilReleased();
    const error = this.#loop.failure ?? lost;
    const failed: HostOutcome = { kind: "store-failed", error };
    const isDue = !this.#options.releaser.isIdle;
    return { outcome: error === null ? outcome : failed, failures: this.#failures, isDue };
  }

  /**
   * Until all effects are out. A machine that was stopped by a signal waits no longer than it is read what was printed: the rest is
   * due, and a resume prints it. Returns why effects will not be released, or null.
   */
  async #untilReleased(): Promise<unknown> {
    const { releaser } = this.#options;
    const out = releaser.untilIdle().then(
      () => null,
      (error: unknown) => error,
    );
    for (let answers = -1; this.#stopping === null || releaser.answers !== answers; ) {
      answers = this.#stopping === null ? -1 : releaser.answers;
      const ended = await Promise.race([out, pause(STOP_MILLIS, "still", { ref: false })]);
      if (ended !== "still") return ended;
    }
    return null;
  }

  #untilSettled(): Promise<HostOutcome> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#worker.on("message", (report: KernelReport) => this.#hear(report));
      this.#worker.on("error", (error) => {
        resolve({
          kind: "bug",
          message: error.stack ?? error.message,
          seq: this.#options.recorder.state.seq,
        });
      });
      const input = hostInput(process.stdin, this.#inputRequests);
      input.subscribe((piece) => this.#giveInput(piece));
    });
  }

  /** Asks the machine to stop; a guest that does not listen is ended, and the recorder says so in its stead. */
  stop(signal: string, code: number): void {
    this.#tell({ kind: "stop", signal, code });
    this.#stopping ??= setTimeout(() => void this.#end(signal, code), STOP_MILLIS);
  }

  async #end(signal: string, code: number): Promise<void> {
    await this.#worker.terminate();
    this.#loop.recordRest();
    const { recorder, releaser } = this.#options;
    if (this.#loop.failure !== null || !recorder.state.clock.isOn) return this.#settle({ kind: "done" });
    const facts = endOfMachine(recorder.state, { type: "process/killed", signal, code });
    try {
      releaser.release(recorder.appendFacts(facts), { copyTo: () => {} });
      this.#settle({ kind: "done" });
    } catch (error) {
      this.#settle({ kind: "store-failed", error });
    }
  }

  #hear(report: KernelReport): void {
    switch (report.kind) {
      case "wake":
        return this.#loop.drainSoon();
      case "want-input":
        return this.#inputRequests.next();
      case "live":
      case "forked":
        return;
      case "stands-still":
        return this.standstills.next(report.standing);
      case "ended":
        this.#settle(report.outcome);
    }
  }

  #giveInput(
    piece: { readonly kind: "bytes"; readonly bytes: Uint8Array } | { readonly kind: "ended" } | null,
  ): void {
    if (piece === null) return;
    if (piece.kind === "ended") return this.#tell({ kind: "input-ended" });
    const bytes = piece.bytes.subarray(Math.min(this.#skip, piece.bytes.length));
    this.#skip -= piece.bytes.length - bytes.length;
    if (bytes.length === 0) return this.#inputRequests.next();
    this.#tell({ kind: "input", bytes });
  }

  #tell(news: KernelNews): void {
    this.#worker.postMessage(news);
    tellKernel(this.#words);
  }

  #tellFailures(failures: readonly EffectFailure[]): void {
    for (const failure of failures) {
      this.#failures.push(failure);
      const { effect } = failure;
      if (effect.kind === "print") this.#tell({ kind: "output-closed", stream: effect.stream });
      else this.#tell({ kind: "effect-failed", inode: effect.inode, errno: failure.errno, seq: effect.seq });
    }
  }
}

/** Which file standard input is, as device and inode; null if it is no regular file. */
export function inputFile(): string | null {
  try {
    const stats = fstatSync(0);
    return stats.isFile() ? `${stats.dev}:${stats.ino}` : null;
  } catch {
    return null;
  }
}

/** The exit code and status of the machine's first process. */
export const firstProcess = (state: KernelState) => get(state.processes.rows, 1);
