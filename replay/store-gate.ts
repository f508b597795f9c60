/**
 * Commits to a recording's store, and its opening by other processes, take turns. LMDB sets the number of the last transaction back
 * to what it read before while a store is opened, for reading too (mdb_env_open2): a commit that ends in between would be lost.
 *
 * Each says what it is about to do, and then looks at the other (Dekker's mutual exclusion, with files): a writer in the first byte
 * of `committing`, which names it; who opens by a file of its own name in `opening`. A writer gives way; who opens waits. What a
 * process has left that does not run any more is void.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { RecordingRefused } from "./recording-refused.ts";
import { nameOfProcess, runningPid } from "./running-process.ts";

const COMMITTING = "committing";
const OPENING = "opening";
/** Pid, when it began, thread. */
const ANNOUNCEMENT = /^\d+-\d+-\d+$/;
const YES = Buffer.from("1");
const NO = Buffer.from("0");
/** Between two looks at the other. */
const LOOK_MILLIS = 1;
/** An opening takes a millisecond or two: one that takes so long was stopped by somebody, and is not waited for. */
const LONGEST_OPENING_MILLIS = 1000;
/** A commit may wait for a slow disk. */
const LONGEST_COMMIT_MILLIS = 10_000;

const sleeping = new Int32Array(new SharedArrayBuffer(4));
const sleep = (): void => void Atomics.wait(sleeping, 0, 0, LOOK_MILLIS);

/** Sleeps until a condition holds. False if it does not within so many milliseconds. */
function holdsWithin(millis: number, condition: () => boolean): boolean {
  const until = performance.now() + millis;
  while (!condition()) {
    if (performance.now() > until) return false;
    sleep();
  }
  return true;
}

/** A writer's side. */
export class CommitGate {
  readonly #file: number;
  readonly #opening: string;
  /** Who was waited for once and did not end. */
  readonly #passedOver = new Set<string>();

  /** Throws a system error if the recording cannot be written. */
  constructor(recording: string) {
    this.#opening = join(recording, OPENING);
    const { O_CREAT, O_WRONLY, O_TRUNC, O_NOFOLLOW } = constants;
    // Not through a link: where that leads to is nobody's business here.
    this.#file = openSync(
      join(recording, COMMITTING),
      O_CREAT | O_WRONLY | O_TRUNC | (O_NOFOLLOW ?? 0),
      0o644,
    );
    // A copy of the file says nothing of its own recording.
    writeSync(this.#file, `0 ${nameOfProcess(process.pid)} ${fstatSync(this.#file).ino}`);
  }

  /** Does a commit while nobody opens the store. */
  pass<T>(commit: () => T): T {
    this.#say(YES);
    try {
      if (this.#openers().length > 0) this.#giveWay();
      return commit();
    } finally {
      this.#say(NO);
    }
  }

  #giveWay(): void {
    const isAlone = holdsWithin(LONGEST_OPENING_MILLIS, () => {
      this.#say(NO);
      if (this.#openers().length > 0) return false;
      this.#say(YES);
      return this.#openers().length === 0;
    });
    if (!isAlone) for (const name of this.#openers()) this.#passedOver.add(name);
    this.#say(YES);
  }

  /** Those who have said that they open the store, and run. What others have left is removed. */
  #openers(): readonly string[] {
    return namesIn(this.#opening).filter((name) => {
      if (!ANNOUNCEMENT.test(name) || this.#passedOver.has(name)) return false;
      if (runningPid(name.replaceAll("-", " ")) !== null) return true;
      rmSync(join(this.#opening, name), { force: true });
      return false;
    });
  }

  #say(word: Buffer): void {
    writeSync(this.#file, word, 0, 1, 0);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Opens a store while its writer does not commit. Throws RecordingRefused if a commit does not end. */
export function openBetweenCommits<T>(recording: string, open: () => T): T {
  const announced = announce(recording);
  try {
    if (!holdsWithin(LONGEST_COMMIT_MILLIS, () => !isCommitting(recording)))
      throw new RecordingRefused(
        recording,
        `the process that writes it has not ended a commit for ${LONGEST_COMMIT_MILLIS / 1000} s`,
        "look whether it was stopped or its disk hangs, and try again",
      );
    return open();
  } finally {
    if (announced !== null) rmSync(announced, { force: true });
  }
}

/** Says that this thread opens a store. Null where nothing can be written: then nobody on this host may write there either. */
function announce(recording: string): string | null {
  const opening = join(recording, OPENING);
  const own = join(opening, `${nameOfProcess(process.pid).replace(" ", "-")}-${threadId}`);
  try {
    mkdirSync(opening, { recursive: true });
    writeFileSync(own, "");
    return own;
  } catch {
    return null;
  }
}

/** Whether another process is committing. Within one, all threads share what LMDB has opened. */
function isCommitting(recording: string): boolean {
  const path = join(recording, COMMITTING);
  try {
    const [word, pid, began, inode] = readFileSync(path, "latin1").split(" ");
    if (word !== "1" || Number(inode) !== lstatSync(path).ino) return false;
    const running = runningPid(`${pid} ${began}`);
    return running !== null && running !== process.pid;
  } catch {
    return false;
  }
}
