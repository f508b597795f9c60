/** At most one process writes a recording. The lock is a file with the writer's pid; one whose process is gone is void. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RecordingRefused } from "./recording-refused.ts";
import { nameOfProcess, processNamedIn } from "./running-process.ts";

const FILE = "writer";

export class WriterLock {
  readonly #path: string;

  constructor(recording: string) {
    this.#path = join(recording, FILE);
    if (tryLock(this.#path)) return;
    const holder = processNamedIn(this.#path);
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
export const writerOf = (recording: string): number | null => processNamedIn(join(recording, FILE));

/** The lock with our name in it, beside its place: it gets there whole, by one system call. */
function writeOwn(path: string): { readonly own: string; readonly text: string } {
  const text = nameOfProcess(process.pid);
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
