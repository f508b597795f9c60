import { resolve } from "node:path";
import { KernelBug } from "../core/assert.ts";
import { endOf } from "../replay/log-reader.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import type { Divergence } from "../replay/replay-kernel.ts";
import { StateLoader } from "../replay/state-loader.ts";
import { preparationOf } from "./preparation-of.ts";
import { recordedPrograms } from "./recorded-programs.ts";
import { replayMachine, type ReplayResult } from "./replay-machine.ts";

/** What came of running a recorded program again. */
export interface ReplayOutcome {
  readonly events: number;
  /** Events that were folded, and compared where the program asked for them. */
  readonly equal: number;
  /** The first event where the run was not what was recorded, what was expected and what came; null if all was equal. */
  readonly divergence: Divergence | null;
}

/** Runs a recorded program again, without any device, and compares every step. */
export async function replay(path: string): Promise<ReplayOutcome> {
  const recording = resolve(path);
  const store = RecordingStore.open(recording, { write: false });
  try {
    const events = endOf(store).seq;
    const state = new StateLoader(store).stateAt(events);
    const programs = await recordedPrograms(store, state, preparationOf(store, state));
    return outcomeOf(recording, events, await replayMachine({ recording, programs, onProgress: () => {} }));
  } finally {
    store.close();
  }
}

function outcomeOf(recording: string, events: number, { outcome, seq }: ReplayResult): ReplayOutcome {
  switch (outcome.kind) {
    case "done":
      return { events, equal: seq, divergence: null };
    case "diverged":
      return { events, equal: outcome.divergence.seq, divergence: outcome.divergence };
    case "refused":
      throw new RecordingRefused(outcome.path, outcome.what, outcome.advice);
    case "bug":
      throw new KernelBug(`at event ${outcome.seq} of ${recording}: ${outcome.message}`);
  }
}
