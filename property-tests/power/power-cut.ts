/**
 * Runs a workload with its power cut at chosen moments: the process gets SIGKILL, `foldos resume` goes on and may be killed again,
 * until one comes to the end. What all of them printed, one after the other, and what they left on the host is then compared
 * with a run that nobody disturbed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Random } from "../../core/random.ts";
import { endOf } from "../../replay/log-reader.ts";
import { RecordingRefused } from "../../replay/recording-refused.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import { FOLDOS, showsOurStack } from "../end-to-end/foldos-command.ts";
import type { Workload } from "./workloads.ts";

/** What can be seen of a run from outside. */
export interface Seen {
  readonly out: string;
  readonly code: number | null;
  /** Every path below the host's directory, with a digest of what is there. */
  readonly files: readonly string[];
}

export interface Undisturbed {
  readonly seen: Seen;
  readonly millis: number;
}

export interface CutRun {
  readonly seen: Seen;
  readonly kills: number;
  /** How many of the kills came before the program began, so that it was run anew. */
  readonly early: number;
  readonly err: string;
}

const RECORDING = "rec";
const LIMIT_MILLIS = 120_000;
const WATCH_MILLIS = 2;

/** Sees to it that a process that was just started gets SIGKILL some time; what it returns calls that off. */
export type Cut = (child: ChildProcess) => () => void;

/** Somewhere in so many milliseconds. */
export const atSomeTime =
  (random: Random, millis: number): Cut =>
  (child) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), random.below(Math.ceil(millis)));
    return () => clearTimeout(timer);
  };

/** As soon as its recording has so many events. */
export const atEvents =
  (recording: string, events: number): Cut =>
  (child) => {
    const watch = new EventWatch(recording);
    const timer = setInterval(() => {
      if (watch.events() >= events) child.kill("SIGKILL");
    }, WATCH_MILLIS);
    return () => {
      clearInterval(timer);
      watch.close();
    };
  };

/** Looks at a recording again and again; it stays open, because LMDB's lock suffers from opening and closing in a hurry. */
class EventWatch {
  readonly #recording: string;
  #store: RecordingStore | null = null;

  constructor(recording: string) {
    this.#recording = recording;
  }

  events(): number {
    try {
      this.#store ??= RecordingStore.open(this.#recording, { write: false });
    } catch {
      return 0;
    }
    this.#store.refresh();
    return endOf(this.#store).seq;
  }

  close(): void {
    this.#store?.close();
  }
}

/** A process of `foldos` under way, and how it will have ended. */
interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** A place for one workload: its files, its recording, and what it prints. */
export class Bench {
  readonly #workload: Workload;
  readonly #home: string;

  constructor(workload: Workload, home: string) {
    this.#workload = workload;
    this.#home = home;
    mkdirSync(join(home, "files"), { recursive: true });
    workload.prepare(join(home, "files"));
    if (workload.input?.as === "file") writeFileSync(join(home, "input"), workload.input.text);
  }

  async undisturbed(): Promise<Undisturbed> {
    const from = performance.now();
    const { code } = await this.#start(["run", "--record", RECORDING, ...this.#workload.words]).ended;
    return { seen: this.#seen(code), millis: performance.now() - from };
  }

  /** The recording of whoever runs here. */
  get recording(): string {
    return join(this.#home, RECORDING);
  }

  /** The power is cut once by each of the cuts, unless the run is quicker, and then the machine may come to its end. */
  async cut(cuts: readonly Cut[]): Promise<CutRun> {
    let done = 0;
    let early = 0;
    for (;;) {
      const isBegun = existsSync(join(this.recording, "data.mdb"));
      const words = isBegun ? ["resume", RECORDING] : ["run", "--record", RECORDING, ...this.#workload.words];
      if (!isBegun) rmSync(this.recording, { recursive: true, force: true });
      const { child, ended } = this.#start(words);
      const disarm = cuts[done]?.(child);
      const { code, signal } = await ended;
      disarm?.();
      if (signal === "SIGKILL" && done < cuts.length) {
        done += 1;
        continue;
      }
      if (code === 3 && this.#err().includes("before its program began")) {
        early += 1;
        rmSync(this.recording, { recursive: true, force: true });
        writeFileSync(join(this.#home, "err"), "");
        continue;
      }
      return { seen: this.#seen(code), kills: done, early, err: this.#err() };
    }
  }

  /** Whether the recording replays equal, from its first event to its last. */
  async replays(): Promise<boolean> {
    const { code } = await this.#start(["replay", RECORDING], "replay-out").ended;
    return code === 0;
  }

  #start(words: readonly string[], into = "out"): Started {
    const { input } = this.#workload;
    const out = openSync(join(this.#home, into), "a");
    const err = openSync(join(this.#home, "err"), "a");
    const stdin = input?.as === "file" ? openSync(join(this.#home, "input"), "r") : null;
    const child = spawn(process.execPath, [FOLDOS, ...words], {
      cwd: this.#home,
      stdio: [stdin ?? (input === undefined ? "ignore" : "pipe"), out, err],
      timeout: LIMIT_MILLIS,
      killSignal: "SIGKILL",
    });
    for (const file of [out, err, ...(stdin === null ? [] : [stdin])]) closeSync(file);
    if (input?.as === "pipe" && words[0] !== "replay") type(child, input.text.slice(this.#arrivedBytes()));
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.on("close", (code, signal) => resolve({ code, signal }));
    });
    return { child, ended };
  }

  /** How much of the input the machine has had, as far as it remembers: the rest is typed again. */
  #arrivedBytes(): number {
    const store = openIfBegun(this.recording);
    if (store === null) return 0;
    try {
      return new StateLoader(store).stateAt(endOf(store).seq).console.arrivedBytes;
    } finally {
      store.close();
    }
  }

  #err(): string {
    return readFileSync(join(this.#home, "err"), "utf8");
  }

  #seen(code: number | null): Seen {
    const out = readFileSync(join(this.#home, "out"), "utf8");
    return { out, code, files: digests(join(this.#home, "files")) };
  }
}

/** A recording's store; null if its power was cut before anything was in it. */
function openIfBegun(recording: string): RecordingStore | null {
  try {
    return RecordingStore.open(recording, { write: false });
  } catch (error) {
    if (error instanceof RecordingRefused) return null;
    throw error;
  }
}

/** Types a text into a process, a line every few milliseconds. */
function type(child: ChildProcess, text: string): void {
  const lines = text.split(/(?<=\n)/);
  child.stdin?.on("error", () => {});
  const timer = setInterval(() => {
    const line = lines.shift();
    if (line !== undefined && line !== "") child.stdin?.write(line);
    else {
      clearInterval(timer);
      child.stdin?.end();
    }
  }, 8);
  child.on("exit", () => clearInterval(timer));
}

/** Every path below a directory, with a digest of what is there. */
export function digests(directory: string, below = ""): readonly string[] {
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      const stats = lstatSync(path);
      const label = `${below}/${name}`;
      if (stats.isDirectory()) return [`${label}/`, ...digests(path, label)];
      if (stats.isSymbolicLink()) return [`${label} -> ${readlinkSync(path)}`];
      return [`${label} ${createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16)}`];
    });
}

/** What is not as it was without the cuts; nothing if all is. */
export function differences(expected: Seen, { seen, err }: CutRun): readonly string[] {
  const found: string[] = [];
  if (seen.code !== expected.code)
    found.push(`exit code ${seen.code} instead of ${expected.code}: ${err.slice(-300)}`);
  if (seen.out !== expected.out) found.push(describeOutput(expected.out, seen.out));
  const missing = expected.files.filter((file) => !seen.files.includes(file));
  const extra = seen.files.filter((file) => !expected.files.includes(file));
  if (missing.length > 0) found.push(`files missing or different: ${missing.slice(0, 3).join(", ")}`);
  if (extra.length > 0) found.push(`files that should not be: ${extra.slice(0, 3).join(", ")}`);
  if (showsOurStack(err)) found.push(`a stack of ours: ${err.slice(-300)}`);
  return found;
}

function describeOutput(expected: string, got: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === got[at]) at += 1;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 20), at + 40));
  return `${got.length} bytes printed instead of ${expected.length}; from ${at} on ${around(got)} instead of ${around(expected)}`;
}
