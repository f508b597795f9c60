/** Prints that this process writes itself: to regular files, which tell afterwards what was printed, and to where nobody reads. */
import { writeSync } from "node:fs";
import { hostErrno } from "../devices/host-directory/host-errno.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import { errno } from "../core/errno.ts";
import type { Effect } from "../reducers/effects/effect.ts";
import { bytesThere, fileSizeOf } from "./printed-file.ts";
import { PIPE_BUF } from "./printer-wire.ts";
import type { ReleaseCursor } from "./release-cursor.ts";

const BUSY_RETRY_MILLIS = 2;

/** Where bytes printed by the machine go: file descriptors for streams 1 and 2, or nothing, for a run that only catches up. */
export type Outputs = (stream: number) => number;

export type PrintEffect = Extract<Effect, { kind: "print" }>;

export class DirectOutput {
  readonly #cursor: ReleaseCursor;
  readonly #outputs: Outputs;
  /** Streams that go to regular files. */
  readonly #files = new Set<number>();
  /** Until the first effect is released: what left before a kill may not be noted. */
  #isFirst = true;

  constructor(cursor: ReleaseCursor, outputs: Outputs) {
    this.#cursor = cursor;
    this.#outputs = outputs;
    for (const stream of [1, 2]) this.#beginOutput(stream);
    cursor.move(cursor.seq, cursor.done);
  }

  #beginOutput(stream: number): void {
    const file = fileSizeOf(this.#outputs(stream));
    if (file === null) return;
    this.#files.add(stream);
    const noted = this.#cursor.outputOf(stream);
    if (noted.inode !== file.inode || noted.size > file.size) this.#cursor.noteOutput(stream, file);
  }

  /** An effect was released, here or elsewhere. */
  goOn(): void {
    this.#isFirst = false;
  }

  /** Prints what is left of an effect, and moves the cursor behind each piece; fails with the host's error. */
  print(effect: PrintEffect, from: number, bytes: ByteSource): void {
    const buffer = new Uint8Array(Math.min(PIPE_BUF, effect.length - from));
    for (let done = from; done < effect.length; ) {
      const part = Math.min(PIPE_BUF, effect.length - done);
      bytes.copyTo(buffer, 0, effect.position + done, part);
      const file = this.#outputs(effect.stream);
      const there = this.#isFirst ? this.#unnoted(effect.stream, buffer.subarray(0, part)) : 0;
      this.#isFirst = false;
      done += there + writeWhole(file, buffer.subarray(there, part));
      this.#noteOutput(effect.stream);
      this.#cursor.move(effect.seq, done);
    }
  }

  /** How many of the bytes that are next the stream's file has already: a kill came before that was noted. */
  #unnoted(stream: number, bytes: Uint8Array): number {
    return this.#files.has(stream)
      ? bytesThere(this.#outputs(stream), this.#cursor.outputOf(stream).size, bytes)
      : 0;
  }

  #noteOutput(stream: number): void {
    const file = this.#files.has(stream) ? fileSizeOf(this.#outputs(stream)) : null;
    if (file !== null) this.#cursor.noteOutput(stream, file);
  }
}

/** Writes all of the bytes, waiting while the reader is busy. */
function writeWhole(file: number, bytes: Uint8Array): number {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(file, bytes, done);
    } catch (error) {
      if (hostErrno(error) !== errno.again) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_RETRY_MILLIS);
    }
  }
  return bytes.length;
}
