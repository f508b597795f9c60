import type { GuestLook, KernelReport, LookSpec, ThreadData, ThreadOutcome } from "./messages.ts";
import { guestOf } from "./programs-of.ts";
import type { Program } from "./program.ts";
import { control, newSharedMemory } from "./shared-control.ts";
import { startKernelThread } from "./start-kernel-thread.ts";

export interface ReplayOptions {
  readonly recording: string;
  readonly programs: readonly Program[];
  readonly onProgress: (seq: number) => void;
  /** A moment to look into guests at, instead of comparing all that there is. */
  readonly look?: LookSpec & { readonly imageSeq: number | null };
}

export interface ReplayResult {
  readonly outcome: ThreadOutcome;
  /** Events that were folded, and compared where a guest asked for them. */
  readonly seq: number;
  readonly look: GuestLook | null;
}

const PROGRESS_MILLIS = 200;

/** Re-runs the guest over its log and compares every step. No device is there, and nothing leaves. */
export async function replayMachine({
  recording,
  programs,
  onProgress,
  look,
}: ReplayOptions): Promise<ReplayResult> {
  const shared = newSharedMemory();
  const data: ThreadData = {
    ...(look === undefined ? ({ mode: "replay" } as const) : ({ mode: "look", ...look } as const)),
    path: recording,
    shared,
    guest: guestOf(programs),
    everyEventDurable: false,
    devices: { clock: "virtual", seed: 0, nameSeed: 0 },
    images: { everyEvents: 0, mebibytes: 0 },
  };
  const worker = startKernelThread(data, null);
  const words = new Int32Array(shared.control);
  const timer = setInterval(() => onProgress(Atomics.load(words, control.progress) >>> 0), PROGRESS_MILLIS);
  try {
    return await new Promise<ReplayResult>((resolve) => {
      worker.on("message", (report: KernelReport) => {
        if (report.kind === "ended") resolve(report);
      });
      worker.on("error", (error) => {
        resolve({
          outcome: { kind: "bug", message: error.stack ?? error.message, seq: 0 },
          seq: 0,
          look: null,
        });
      });
    });
  } finally {
    clearInterval(timer);
    await worker.terminate();
  }
}
