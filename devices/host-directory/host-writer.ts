/**
 * Carries out changes on the host's files. Each can be carried out again: after a crash the last one may have been, and then
 * what is there already counts as done.
 */
import {
  closeSync,
  constants,
  fstatSync,
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
  lutimesSync,
  writeSync,
} from "node:fs";
import { errno } from "../../core/errno.ts";
import { hostErrno } from "./host-errno.ts";
import { atName } from "./host-place.ts";

/** Files kept open between writes. */
const MAX_OPEN = 64;
const WRITE_BYTES = 1 << 20;
const NEW_FILE = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
/** Never through a link, and never waiting for a pipe, that somebody put there meanwhile. */
const AS_IT_IS = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

interface HostWrite {
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

function isThere(path: string): boolean {
  try {
    atName(path, (place) => lstatSync(place));
    return true;
  } catch {
    return false;
  }
}

export class HostWriter {
  readonly #open = new Map<string, number>();

  createFile(path: string): void {
    unlessDone(() => closeSync(atName(path, (place) => openSync(place, NEW_FILE, 0o666))), errno.exist);
  }

  createDirectory(path: string): void {
    unlessDone(() => atName(path, (place) => mkdirSync(place)), errno.exist);
  }

  createSymlink(path: string, target: string): void {
    unlessDone(() => atName(path, (place) => symlinkSync(target, place)), errno.exist);
  }

  link(existing: string, path: string): void {
    unlessDone(() => atName(existing, (from) => atName(path, (to) => linkSync(from, to))), errno.exist);
  }

  removeFile(path: string): void {
    this.#forget();
    unlessDone(() => atName(path, unlinkSync), errno.noent);
  }

  removeDirectory(path: string): void {
    unlessDone(() => atName(path, (place) => rmdirSync(place)), errno.noent);
  }

  rename(from: string, path: string): void {
    this.#forget();
    try {
      atName(from, (source) => atName(path, (target) => renameSync(source, target)));
    } catch (error) {
      if (hostErrno(error) !== errno.noent || !isThere(path)) throw error;
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
    atName(path, (place) => {
      const stats = lstatSync(place);
      lutimesSync(place, accessed ?? stats.atimeMs / 1000, modified ?? stats.mtimeMs / 1000);
    });
  }

  sync(path: string): void {
    if (atName(path, (place) => lstatSync(place)).isDirectory()) return;
    fsyncSync(this.#fileAt(path));
  }

  close(): void {
    this.#forget();
  }

  #fileAt(path: string): number {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    if (this.#open.size >= MAX_OPEN) this.#forget();
    const file = atName(path, (place) => openSync(place, AS_IT_IS));
    this.#open.set(path, file);
    // The machine knows this path as a regular file.
    if (fstatSync(file).isFile()) return file;
    this.#forget();
    throw Object.assign(new Error(`${path} is no file any more`), { code: "EIO" });
  }

  #forget(): void {
    for (const file of this.#open.values()) closeSync(file);
    this.#open.clear();
  }
}
