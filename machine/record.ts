import { basename, resolve } from "node:path";
import { isatty } from "node:tty";
import { KernelBug } from "../core/assert.ts";
import { DEFAULT_KEYFRAME_EVENTS } from "../replay/recorder.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import type { DirectoryGrant } from "./boot.ts";
import { type JudgedOptions, judgeRecordOptions } from "./judge-record-options.ts";
import { firstProcess, inputFile } from "./machine-host.ts";
import { nameSeed } from "./name-seed.ts";
import { loadProgram, turnsOf } from "./program.ts";
import { type RunNote, type RunResult, runMachine } from "./run-machine.ts";

/** A program to run and record, and all that it is given. */
export interface RecordOptions {
  /** The path of a WASI preview 1 module. */
  readonly program: string;
  /** Where the recording goes; nothing may be there yet. */
  readonly recording: string;
  /** Arguments behind the program's name. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Directories of the host, each under the guest's name; `write-through` unless it says `read-only` or `copy`. */
  readonly directories?: readonly {
    readonly host: string;
    readonly guest: string;
    readonly mode?: DirectoryGrant["mode"];
  }[];
  /** Random numbers follow from it; without, they are the host's. */
  readonly seed?: number;
  readonly clock?: "host" | "virtual";
  readonly durability?: "group" | "event" | "none";
  /** The most memory that the program may have, in pages of 64 KiB. */
  readonly memoryPages?: number;
  /** Ends the machine in good order. */
  readonly signal?: AbortSignal;
}

export interface RecordResult {
  readonly recording: string;
  readonly events: number;
  readonly status: "running" | "waiting" | "exited" | "trapped" | "killed";
  readonly exitCode: number;
  /** Why it trapped or was killed, and the trap's stack, innermost frame first. */
  readonly reason: string;
  readonly stack: readonly string[];
  /** Changes that the host refused. */
  readonly failures: number;
}

const TERMINATED = { name: "SIGTERM", code: 143 } as const;

/**
 * Runs a program and records it. Its standard streams are this process's own. Options that are not allowed are a TypeError or a
 * RangeError, and a program that cannot run is a TypeError that says why; a recording that cannot be made is refused with
 * RecordingRefused.
 */
export async function record(options: RecordOptions): Promise<RecordResult> {
  const judged = judgeRecordOptions(options);
  const { memoryPages, signal } = judged;
  const loaded = await loadProgram(judged.program, memoryPages);
  if (!loaded.ok) throw new TypeError(`${judged.program}: ${loaded.error.what}; ${loaded.error.advice}`);
  const name = basename(judged.program);
  const recording = resolve(judged.recording);
  const result = await runMachine({
    recording,
    programs: [loaded.value],
    boot: {
      kind: "program",
      program: {
        sha: loaded.value.sha,
        name,
        args: [name, ...judged.args],
        environment: judged.environment,
        directories: judged.directories,
        memoryPages,
        terminals: [isatty(0), isatty(1), isatty(2)],
        turns: turnsOf(loaded.value, null),
      },
    },
    note: noteOf(judged),
    isKept: true,
    onStarted: (host) => {
      const stop = (): void => host.stop(TERMINATED.name, TERMINATED.code);
      if (signal?.aborted === true) stop();
      else signal?.addEventListener("abort", stop, { once: true });
    },
  });
  return resultOf(recording, result);
}

const noteOf = ({ clock, seed, durability }: JudgedOptions): RunNote => ({
  devices: { clock, seed, nameSeed: nameSeed(seed) },
  durability,
  keyframeEvents: DEFAULT_KEYFRAME_EVENTS,
  inputFile: inputFile(),
});

function resultOf(recording: string, { outcome, failures, state }: RunResult): RecordResult {
  switch (outcome.kind) {
    case "done": {
      const { status, exitCode, reason, stack } = firstProcess(state);
      return { recording, events: state.seq, status, exitCode, reason, stack, failures: failures.length };
    }
    case "store-failed":
      throw outcome.error;
    case "refused":
      throw new RecordingRefused(outcome.path, outcome.what, outcome.advice);
    case "diverged":
      throw new KernelBug(
        `a first run cannot diverge, and did at event ${outcome.divergence.seq} of ${recording}`,
      );
    case "bug":
      throw new KernelBug(`at event ${outcome.seq} of ${recording}: ${outcome.message}`);
  }
}
