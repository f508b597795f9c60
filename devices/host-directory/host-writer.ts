/**
 * Carries out changes on the host's files. Each can be carried out again: after a crash the last one may have been, and then
 * what is there already counts as done.
 */
import {
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  lutimesSync,
  writeSync,
  existsSync,
} from "node:fs";
import { errno } from "../../core/errno.ts";
import { hostErrno } from "./host-errno.ts";

/** Files kept open between writes. */
const MAX_OPEN = 64;
const WRITE_BYTES = 1 << 20;

export interface HostWrite {
  readonly path: string;
  readonly offset: number;
  readonly position: number;
  readonly length: number;
}

interface Bytes {
  copyTo(target: Uint8Array, targetOffset: number, position: number, length: number): void;
}

/** Tries; an error with this code means that it was done before. */
function unlessDone(change: () => void, doneErrno: number): void {
  try {
    change();
  } catch (error) {
    if (hostErrno(error) !== doneErrno) throw error;
  }
}

export class HostWriter {
  readonly #open = new Map<string, number>();

  createFile(path: string): void {
    unlessDone(
      () => closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o666)),
      errno.exist,
    );
  }

  createDirectory(path: string): void {
    unlessDone(() => mkdirSync(path), errno.exist);
  }

  createSymlink(path: string, target: string): void {
    unlessDone(() => symlinkSync(target, path), errno.exist);
  }

  link(existing: string, path: string): void {
    unlessDone(() => linkSync(existing, path), errno.exist);
  }

  removeFile(path: string): void {
    this.#forget();
    unlessDone(() => unlinkSync(path), errno.noent);
  }

  removeDirectory(path: string): void {
    unlessDone(() => rmdirSync(path), errno.noent);
  }

  rename(from: string, path: string): void {
    this.#forget();
    try {
      renameSync(from, path);
    } catch (error) {
      if (hostErrno(error) !== errno.noent || !existsSync(path)) throw error;
    }
  }

  write(effect: HostWrite, bytes: Bytes): void {
    const file = this.#fileAt(effect.path);
    const buffer = new Uint8Array(Math.min(effect.length, WRITE_BYTES));
    for (let done = 0; done < effect.length; ) {
      const part = Math.min(effect.length - done, WRITE_BYTES);
      bytes.copyTo(buffer, 0, effect.position + done, part);
      let written = 0;
      while (written < part)
        written += writeSync(file, buffer, written, part - written, effect.offset + done + written);
      done += part;
    }
  }

  resize(path: string, size: number): void {
    ftruncateSync(this.#fileAt(path), size);
  }

  setTimes(path: string, accessed: number | null, modified: number | null): void {
    const stats = lstatSync(path);
    const set = stats.isSymbolicLink() ? lutimesSync : utimesSync;
    set(path, accessed ?? stats.atimeMs / 1000, modified ?? stats.mtimeMs / 1000);
  }

  sync(path: string): void {
    if (lstatSync(path).isDirectory()) return;
    fsyncSync(this.#fileAt(path));
  }

  close(): void {
    this.#forget();
  }

  #fileAt(path: string): number {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    if (this.#open.size >= MAX_OPEN) this.#forget();
    // Never through a link that somebody put there meanwhile: the machine knows this path as a regular file.
    const file = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
    this.#open.set(path, file);
    return file;
  }

  #forget(): void {
    for (const file of this.#open.values()) closeSync(file);
    this.#open.clear();
  }
}
