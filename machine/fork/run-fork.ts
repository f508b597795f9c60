/** Runs a fork on a thread of its own: a guest that does nothing but compute can only be ended. */
import { KernelBug } from "../../core/assert.ts";
import { RecordingRefused } from "../../replay/recording-refused.ts";
import type { KernelReport, ThreadData, ThreadOutcome } from "../messages.ts";
import { startKernelThread } from "../start-kernel-thread.ts";
import type { ForkResult, ProofResult } from "./fork-spec.ts";

interface Forked {
  readonly outcome: ThreadOutcome;
  readonly result: ForkResult | null;
  readonly proof: ProofResult | null;
}

/** Throws RecordingRefused where it cannot run, or has told nothing after so many seconds. */
export async function runFork(data: ThreadData, seconds: number): Promise<Forked> {
  const worker = startKernelThread(data, null);
  let timer: NodeJS.Timeout | undefined;
  try {
    const forked = await new Promise<Forked>((resolve) => {
      let last: ForkResult | null = null;
      timer = setTimeout(() => resolve(late(data.path, seconds, last)), seconds * 1000);
      worker.on("message", (report: KernelReport) => {
        if (report.kind === "forked") last = report.fork;
        if (report.kind === "ended")
          resolve({ outcome: report.outcome, result: report.fork, proof: report.proof });
      });
      worker.on("error", (error) => {
        const message = error.stack ?? error.message;
        resolve({ outcome: { kind: "bug", message, seq: 0 }, result: null, proof: null });
      });
    });
    return forked.outcome.kind === "done" ? forked : refused(data.path, forked.outcome);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function late(path: string, seconds: number, last: ForkResult | null): Forked {
  const what = `the fork was still the same after ${seconds} s, and was ended`;
  const outcome: ThreadOutcome =
    last === null ? { kind: "refused", path, what, advice: "give it more --seconds" } : { kind: "done" };
  return { outcome, result: last, proof: null };
}

function refused(path: string, outcome: Exclude<ThreadOutcome, { readonly kind: "done" }>): never {
  switch (outcome.kind) {
    case "diverged":
      throw new RecordingRefused(
        path,
        `its guests do something else at event ${outcome.divergence.seq} than was recorded`,
        "`foldos replay` shows more",
      );
    case "refused":
      throw new RecordingRefused(outcome.path, outcome.what, outcome.advice);
    case "bug":
      throw new KernelBug(`in a fork of ${path}: ${outcome.message}`);
  }
}
