/** At most one process writes a recording. The lock is a file with the writer's pid; one whose process is gone is void. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RecordingRefused } from "./recording-refused.ts";

const FILE = "writer";

export class WriterLock {
  readonly #path: string;

  constructor(recording: string) {
    this.#path = join(recording, FILE);
    if (tryLock(this.#path)) return;
    const holder = holderOf(this.#path);
    if (holder !== null) {
      throw new RecordingRefused(
        recording,
        `process ${holder} is writing it`,
        "wait until it ends; reading is possible meanwhile",
      );
    }
    if (!tookOver(this.#path))
      throw new RecordingRefused(recording, "another process began to write it", "try again");
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}

/** The pid of the process that writes a recording; null if none does. */
export const writerOf = (recording: string): number | null => holderOf(join(recording, FILE));

/** The lock with our name in it, beside its place: it gets there whole, by one system call. */
function writeOwn(path: string): { readonly own: string; readonly text: string } {
  const text = `${process.pid} ${startTime(process.pid) ?? 0}`;
  const own = `${path}.${process.pid}`;
  writeFileSync(own, text);
  return { own, text };
}

function tryLock(path: string): boolean {
  const { own } = writeOwn(path);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** How long another process may take from seeing a void lock to taking it. */
const SETTLE_MILLIS = 50;

/** Takes a void lock. Of several that do so at once, the last one has it, and the others see that. */
function tookOver(path: string): boolean {
  const { own, text } = writeOwn(path);
  renameSync(own, path);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MILLIS);
  return readFileSync(path, "utf8") === text;
}

/** The process that holds the lock, if it still runs and is the same that took it. */
function holderOf(path: string): number | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return null;
  }
  const [pid = 0, started = 0] = text.split(" ").map(Number);
  const now = pid > 0 ? startTime(pid) : null;
  return now !== null && (now === started || started === 0) ? pid : null;
}

/**
 * When a process began, in the kernel's clock ticks since the host's boot; null if there is none, or if it has ended and only waits
 * for its parent to hear of it (`Z`, see proc(5)).
 */
function startTime(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : Number(fields[19]);
  } catch {
    return isAlive(pid) ? 0 : null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
