import { existsSync, mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { isatty } from "node:tty";
import { errno, errnoName } from "../core/errno.ts";
import { rowsOf, sizeOf } from "../core/table.ts";
import type { ProgramSpec } from "../machine/boot.ts";
import type { MachineHost } from "../machine/machine-host.ts";
import { inputFile } from "../machine/machine-host.ts";
import { prepareKernelThread } from "../machine/start-kernel-thread.ts";
import { nameSeed } from "../machine/name-seed.ts";
import {
  compileProgram,
  loadProgram,
  type Preparation,
  type Program,
  type ProgramRefusal,
  turnsOf,
} from "../machine/program.ts";
import { discardRecording, resumeMachine, runMachine, type RunResult } from "../machine/run-machine.ts";
import { DEFAULT_KEYFRAME_EVENTS } from "../replay/recorder.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import { asStoreFailed, StoreFailed } from "../replay/store-failed.ts";
import { exitCode } from "./exit-codes.ts";
import { parseWords } from "./look-at.ts";
import { makeFolder } from "../replay/make-folder.ts";
import { tellStandstills } from "./tell-standstills.ts";
import { newRecordingPath, recordingPath } from "./recordings.ts";
import { parseRunFlags, type RunFlags } from "./run-flags.ts";
import { UsageError } from "./usage-error.ts";

/** Runs a program and records it; the exit code is the program's own. */
export async function run(words: readonly string[]): Promise<number> {
  const flags = parseRunFlags(words);
  prepareKernelThread();
  const program = sound(
    flags.program,
    await loadProgram(flags.program, flags.memoryPages, preparationFor(flags)),
  );
  const recording = placeFor(flags);
  try {
    const result = await runMachine({
      recording,
      programs: [program],
      boot: { kind: "program", program: specOf(flags, program) },
      note: {
        devices: { clock: flags.clock, seed: flags.seed, nameSeed: nameSeed(flags.seed) },
        durability: flags.isRecorded ? flags.durability : "none",
        keyframeEvents: flags.keyframeEvents ?? DEFAULT_KEYFRAME_EVENTS,
        inputFile: inputFile(),
        imageMebibytes: flags.isRecorded ? flags.imageMebibytes : 0,
        nans: flags.nans,
      },
      isKept: flags.isRecorded,
      onStarted: stopOnSignals,
    });
    return report(recording, result, flags.isRecorded);
  } finally {
    if (!flags.isRecorded) discardRecording(recording);
  }
}

const preparationFor = ({ turns, nans }: RunFlags): Preparation =>
  turns === null ? { kind: "alone" } : { kind: "turns", nans };

/** Goes on where a machine's power was cut. */
export async function resume(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "resume",
    options: { "allow-host": "boolean" },
    most: 1,
  });
  const recording = recordingPath(positionals[0], "resume");
  prepareKernelThread();
  const result = await resumeMachine({
    recording,
    mayTouchHost: values["allow-host"] === true,
    loadProgram: async (sha, bytes, pages, preparation) =>
      sound(`${sha.slice(0, 12)}.wasm`, await compileProgram(recording, bytes, pages, preparation)),
    onStarted: (host) => {
      stopOnSignals(host);
      tellStandstills(host, recording);
    },
    onBadImage: (seq, why) =>
      say(`${recording}: the image at event ${seq} is not used, but what lies before it (${why})`),
  }).catch((error: unknown) => {
    throw asStoreFailed(recording, error);
  });
  if (result.hadEnded)
    say(`${recording}: its program had ended, so there is nothing to go on with; \`foldos info\` says how`);
  return report(recording, result);
}

/** The program, or an error that says what is wrong with it and what to do. */
export function sound(
  path: string,
  loaded: { ok: true; value: Program } | { ok: false; error: ProgramRefusal },
): Program {
  if (loaded.ok) return loaded.value;
  const { what, offset, advice } = loaded.error;
  throw new UsageError(`${path}: ${what}${offset > 0 ? ` (at byte ${offset})` : ""}\n  ${advice}`);
}

type Place = Pick<RunFlags, "program" | "record" | "isRecorded" | "keep">;

/** Where a recording goes, which is made there. */
export function placeFor(flags: Place): string {
  if (!flags.isRecorded) return passingPlace();
  if (flags.record === null) return resolve(newRecordingPath(flags.program, flags.keep));
  const path = resolve(flags.record);
  const isFree = !existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0);
  if (!isFree)
    throw new UsageError(
      `--record ${flags.record}: something is there already; choose another, or remove it`,
    );
  const refused = makeFolder(path);
  if (refused === null) return path;
  throw new UsageError(
    `--record ${flags.record}: it cannot be made (${refused}); give another place, or --no-record`,
  );
}

/** Where a run that is not recorded is kept while it runs. */
function passingPlace(): string {
  try {
    return mkdtempSync(join(tmpdir(), "foldos-"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${tmpdir()}: nothing can be made there (${code}); set TMPDIR to a directory`,
      exitCode.failed,
    );
  }
}

function specOf(flags: RunFlags, program: Program): ProgramSpec {
  const { environment, directories, memoryPages } = flags;
  const terminals = [isatty(0), isatty(1), isatty(2)] as const;
  const name = basename(flags.program);
  return {
    sha: program.sha,
    name,
    args: [name, ...flags.args],
    environment,
    directories,
    memoryPages,
    terminals,
    turns: turnsOf(program, flags.turns),
  };
}

/** Signals that end the machine in good order, and the exit code of each: 128 and its number, as a shell has it. */
const endings = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export function stopOnSignals(host: MachineHost): void {
  for (const [signal, code] of Object.entries(endings)) process.on(signal, () => host.stop(signal, code));
}

const say = (text: string): void => {
  process.stderr.write(`foldos: ${text}\n`);
};

const streamNames = ["standard input", "standard output", "standard error"];

/** A reader that goes away, as `head` does, is no failure. */
const isQuiet = (code: number): boolean => code === errno.pipe;

/** More of them say no more: a full disk refuses everything. */
const SHOWN_FAILURES = 10;

function reportFailures(recording: string, failures: RunResult["failures"]): void {
  const loud = failures.filter(({ kind, errno: code }) => kind === "host" || !isQuiet(code));
  for (const { effect, errno: code } of loud.slice(0, SHOWN_FAILURES)) {
    const where = `(${errnoName(code)}, event ${effect.seq})`;
    if (effect.kind === "print") say(`${streamNames[effect.stream]} could not be written ${where}`);
    else say(`${effect.path}: the host refused to ${effect.kind} ${where}`);
  }
  if (loud.length > SHOWN_FAILURES)
    say(
      `and ${loud.length - SHOWN_FAILURES} more; what it wrote is in the recording: \`foldos cat ${recording} MOMENT FILE\``,
    );
}

const UNRECORDED_ADVICE =
  "what is not recorded is kept there while it runs; make room, or set TMPDIR, and run it again";

/** What to do about a recording that could not be written on. */
const adviceFor = (recording: string, { processes }: RunResult["state"]): string =>
  sizeOf(processes.rows) === 0
    ? "its program did not begin; make room, and run it again"
    : `all up to there is whole; make room, and \`foldos resume ${recording}\` goes on`;

export function report(
  recording: string,
  { outcome, failures, state, isDue }: RunResult,
  isKept = true,
): number {
  reportFailures(recording, failures);
  if (isDue && isKept && outcome.kind === "done")
    say(`not all that it printed was read; \`foldos resume ${recording}\` prints the rest`);
  switch (outcome.kind) {
    case "done":
      return reportEnd(
        state,
        failures.some((failure) => failure.kind === "host" || !isQuiet(failure.errno)),
      );
    case "diverged":
      say(
        `${recording}: event ${outcome.divergence.seq}: the program asked something else than it did (${outcome.divergence.got}); \`foldos replay\` shows more`,
      );
      return exitCode.divergence;
    case "refused":
      throw new RecordingRefused(outcome.path, outcome.what, outcome.advice);
    case "store-failed":
      if (!(outcome.error instanceof StoreFailed)) throw outcome.error;
      say(`${recording}: it could not be written (${outcome.error.why})`);
      say(isKept ? adviceFor(recording, state) : UNRECORDED_ADVICE);
      return exitCode.failed;
    case "bug":
      say(`this is our bug, at event ${outcome.seq} of ${recording}: ${outcome.message}`);
      return exitCode.bug;
  }
}

/** A machine of one program has the exit code of that; of several, it tells which of them failed. How those ended that were spawned is for who spawned them. */
function reportEnd({ processes }: RunResult["state"], hasFailed: boolean): number {
  const rows = [...rowsOf(processes.rows)].map(([, row]) => row);
  const last = new Map(rows.flatMap((row) => (row.spawner === 0 ? [[row.name, row] as const] : [])));
  const ended = [...last.values()];
  for (const { status, name, reason, stack } of [...ended, ...rows.filter(({ spawner }) => spawner !== 0)]) {
    if (status !== "trapped") continue;
    say(`${name}: trap: ${reason}`);
    for (const frame of stack) process.stderr.write(`    at ${frame}\n`);
  }
  const [first] = ended;
  if (ended.length === 1 && first !== undefined)
    return first.exitCode === 0 && hasFailed ? exitCode.failed : first.exitCode;
  for (const { name, status, exitCode: code, reason } of ended) {
    if (status === "exited" && code !== 0) say(`${name}: exited with ${code}`);
    if (status === "killed") say(`${name}: killed by ${reason}`);
  }
  return hasFailed || ended.some(({ exitCode: code }) => code !== 0) ? exitCode.failed : exitCode.done;
}
