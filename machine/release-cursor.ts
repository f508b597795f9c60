/**
 * How far effects have been released, in a small file beside the log: the seq of the next effect, how many bytes of it are out
 * already, and which regular files streams 1 and 2 went to and how long those were then. It is written behind each piece that
 * leaves the machine, by one small pwrite that SIGKILL does not lose, so after a crash nothing is released again
 * (docs/decisions/0005). While a printer has pieces that it did not acknowledge, its first two words are the printer's to write.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { FileSize } from "./printed-file.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";

const FILE = "released";
const WORDS = 6;
const BYTES = WORDS * 8;

const isPlace = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

export class ReleaseCursor {
  readonly #file: number;
  readonly #words = new Float64Array(WORDS);
  readonly #bytes = Buffer.from(this.#words.buffer);

  constructor(recording: string) {
    const path = join(recording, FILE);
    const isNew = !existsSync(path);
    this.#file = openSync(path, isNew ? "w+" : "r+");
    // Its room is taken at once, so that a disk that fills up later never keeps it from being moved.
    if (isNew) writeSync(this.#file, this.#bytes, 0, BYTES, 0);
    readSync(this.#file, this.#bytes, 0, BYTES, 0);
    if (isPlace(this.seq) && isPlace(this.done)) return;
    throw new RecordingRefused(recording, `its file "${FILE}" is damaged`, "use a copy that was not changed");
  }

  /** Effects of events below this seq are released. */
  get seq(): number {
    return this.#words[0] as number;
  }

  /** Bytes of the effect at `seq` that are released. */
  get done(): number {
    return this.#words[1] as number;
  }

  /** The regular file that a stream's output went to, when this was last noted; its inode is 0 if there was none. */
  outputOf(stream: number): FileSize {
    return { inode: this.#words[stream * 2] as number, size: this.#words[stream * 2 + 1] as number };
  }

  /** Notes it, with the next move. */
  noteOutput(stream: number, { inode, size }: FileSize): void {
    this.#words[stream * 2] = inode;
    this.#words[stream * 2 + 1] = size;
  }

  move(seq: number, done: number): void {
    this.follow(seq, done);
    writeSync(this.#file, this.#bytes, 0, BYTES, 0);
  }

  /** Takes down where the printer has moved it. */
  follow(seq: number, done: number): void {
    this.#words[0] = seq;
    this.#words[1] = done;
  }

  /** The open file, for a printer: the words `seq` and `done` are its first bytes. */
  get descriptor(): number {
    return this.#file;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** What a recording's file says, for those who look whether it moves; nothing if there is none. */
export function noteIn(recording: string): string {
  try {
    return readFileSync(join(recording, FILE), "latin1");
  } catch {
    return "";
  }
}
