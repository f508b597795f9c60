/** Releases effects: what has become durable leaves the machine, in order, each once. */
import { writeSync } from "node:fs";
import { unreachable } from "../core/assert.ts";
import type { Effect, HostEffect } from "../reducers/effects/effect.ts";
import { hostErrno } from "../devices/host-directory/host-errno.ts";
import { HostWriter } from "../devices/host-directory/host-writer.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import { errno } from "../core/errno.ts";
import { bytesThere, fileSizeOf } from "./printed-file.ts";
import type { ReleaseCursor } from "./release-cursor.ts";

/** What a pipe takes whole or not at all: POSIX's PIPE_BUF on Linux. A kill never finds more half-written. */
const PIPE_BUF = 4096;
const BUSY_RETRY_MILLIS = 2;

export interface EffectFailure {
  readonly kind: "output-closed" | "host";
  readonly effect: Effect;
  readonly errno: number;
}

/** Where bytes printed by the machine go: file descriptors for streams 1 and 2, or nothing, for a run that only catches up. */
export type Outputs = (stream: number) => number;

type PrintEffect = Extract<Effect, { kind: "print" }>;

export class EffectReleaser {
  readonly #cursor: ReleaseCursor;
  readonly #outputs: Outputs;
  readonly #host = new HostWriter();
  readonly #closed = new Set<number>();
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

  /** Releases effects whose events are durable; those that were released before a crash are passed over. */
  release(effects: readonly Effect[], bytes: ByteSource): readonly EffectFailure[] {
    const failures: EffectFailure[] = [];
    for (const effect of effects) {
      if (effect.seq < this.#cursor.seq) continue;
      if (effect.kind === "print") this.#print(effect, bytes, failures);
      else this.#change(effect, bytes, failures);
      this.#isFirst = false;
      this.#cursor.move(effect.endSeq, 0);
    }
    return failures;
  }

  #print(effect: PrintEffect, bytes: ByteSource, failures: EffectFailure[]): void {
    let done = effect.seq === this.#cursor.seq ? this.#cursor.done : 0;
    if (this.#closed.has(effect.stream)) done = effect.length;
    const buffer = new Uint8Array(Math.min(PIPE_BUF, effect.length - done));
    while (done < effect.length) {
      const part = Math.min(PIPE_BUF, effect.length - done);
      bytes.copyTo(buffer, 0, effect.position + done, part);
      try {
        const file = this.#outputs(effect.stream);
        const there = this.#isFirst ? this.#unnoted(effect.stream, buffer.subarray(0, part)) : 0;
        this.#isFirst = false;
        done += there + writeWhole(file, buffer.subarray(there, part));
      } catch (error) {
        this.#closed.add(effect.stream);
        failures.push({ kind: "output-closed", effect, errno: hostErrno(error) });
        return;
      }
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

  #change(effect: Exclude<Effect, PrintEffect>, bytes: ByteSource, failures: EffectFailure[]): void {
    try {
      this.#carryOut(effect, bytes);
    } catch (error) {
      failures.push({ kind: "host", effect, errno: hostErrno(error) });
    }
  }

  #carryOut(effect: HostEffect, bytes: ByteSource): void {
    const host = this.#host;
    switch (effect.kind) {
      case "create-file":
        return host.createFile(effect.path);
      case "create-directory":
        return host.createDirectory(effect.path);
      case "remove-file":
        return host.removeFile(effect.path);
      case "remove-directory":
        return host.removeDirectory(effect.path);
      case "create-symlink":
        return host.createSymlink(effect.path, effect.target);
      case "link":
        return host.link(effect.existing, effect.path);
      case "rename":
        return host.rename(effect.from, effect.path);
      case "write":
        return host.write(effect, bytes);
      case "resize":
        return host.resize(effect.path, effect.size);
      case "set-times":
        return host.setTimes(effect.path, effect.accessed, effect.modified);
      case "sync":
        return host.sync(effect.path);
      default:
        return unreachable(effect);
    }
  }

  close(): void {
    this.#host.close();
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
