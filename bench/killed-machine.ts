/** Machines whose power is cut, and how long they take to live again. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endOf } from "../replay/log-reader.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { cliPath } from "./child-process.ts";
import { eventsFrom, readingLog } from "./recorded-log.ts";

/** Between two looks at a machine that runs. */
const LOOK_MILLIS = 25;
const TIMEOUT_MILLIS = 600_000;

export interface PowerCut {
  readonly machine: string;
  readonly recording: string;
  /** MiB of images a minute at most. */
  readonly imageMebibytes: number;
  /** Told after each look whether it is time. */
  readonly isTime: (store: RecordingStore) => boolean;
}

/** Boots a machine and kills it, by SIGKILL, when it is time. How many events it has then. */
export async function cutOff({ machine, recording, imageMebibytes, isTime }: PowerCut): Promise<number> {
  const words = ["boot", "--record", recording, "--image-mib", String(imageMebibytes), machine];
  const child = spawned(words);
  await looked(child, () => opened(recording), isTime);
  await killed(child, "SIGKILL");
  return readingLog(recording, endOf).seq;
}

/** Milliseconds from when the command starts until a copy of a recording's machine has its power on and goes on. */
export async function millisToLive(recording: string, folder: string): Promise<number> {
  const copy = join(folder, "resumed");
  cpSync(recording, copy, { recursive: true });
  // Opened before anybody writes in it.
  const store = RecordingStore.open(copy, { write: false });
  const before = endOf(store).seq;
  const start = performance.timeOrigin + performance.now();
  const child = spawned(["resume", copy]);
  await looked(
    child,
    () => store,
    () => endOf(store).seq > before + 1,
  );
  await killed(child, "SIGINT");
  const on = readingLog(copy, (store) => eventsFrom(store, before).next().value);
  rmSync(copy, { recursive: true });
  if (on?.type !== "machine/powered-on") throw new Error(`event ${before} is no powered-on`);
  return on.wall / 1000 - start;
}

const spawned = (words: readonly string[]): ChildProcess =>
  spawn(process.execPath, ["--no-warnings", cliPath, ...words], { stdio: ["ignore", "ignore", "pipe"] });

/** Looks at what a running command records until it is time. Throws if the command ends before. */
async function looked(
  child: ChildProcess,
  open: () => RecordingStore | null,
  isTime: (store: RecordingStore) => boolean,
): Promise<void> {
  const until = performance.now() + TIMEOUT_MILLIS;
  let errors = "";
  child.stderr?.on("data", (bytes: Buffer) => {
    errors += bytes.toString();
  });
  let store = open();
  try {
    while (store === null || !isTime(store)) {
      await lookLater(child, until, () => errors);
      store ??= open();
      store?.refresh();
    }
  } finally {
    store?.close();
  }
}

/** A recording that is being made, once it is there: it is opened once, and then looked at as it grows. */
function opened(recording: string): RecordingStore | null {
  if (!existsSync(join(recording, "released"))) return null;
  try {
    return RecordingStore.open(recording, { write: false });
  } catch (error) {
    // While its file grows it may look as if it were cut off.
    if (error instanceof RecordingRefused) return null;
    throw error;
  }
}

async function lookLater(child: ChildProcess, until: number, errors: () => string): Promise<void> {
  await sleep(LOOK_MILLIS);
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  if (!hasEnded && performance.now() < until) return;
  child.kill("SIGKILL");
  throw new Error(`foldos ${child.spawnargs.slice(3).join(" ")}: ${errors()}`);
}

async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill(signal);
  await ended;
}
