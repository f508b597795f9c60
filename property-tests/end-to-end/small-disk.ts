import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { inFreshDirectory } from "./foldos-command.ts";

const mount = (...words: readonly string[]): boolean =>
  spawnSync("mount", words, { stdio: "ignore" }).status === 0;

const PIECE_BYTES = 4096;

/** A disk of its own that is full after so many bytes, until it is given more. */
export class SmallDisk {
  readonly #path: string;

  constructor(path: string, size: string) {
    mkdirSync(path, { recursive: true });
    this.#path = path;
    if (!mount("-t", "tmpfs", "-o", `size=${size}`, "none", path))
      throw new Error(`no disk can be mounted at ${path}`);
  }

  /** Lets somebody else have all that is left. */
  fill(): void {
    const filler = openSync(join(this.#path, "filler"), "w");
    try {
      for (;;) writeSync(filler, new Uint8Array(PIECE_BYTES));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(filler);
    }
  }

  grow(size: string): void {
    if (!mount("-o", `remount,size=${size}`, this.#path)) throw new Error(`${this.#path} does not grow`);
  }

  remove(): void {
    spawnSync("umount", ["-l", this.#path], { stdio: "ignore" });
  }
}

/** Whether this user may mount a disk: root may, mostly. */
export const mayMount = (): Promise<boolean> =>
  inFreshDirectory(async (directory) => {
    try {
      new SmallDisk(directory, "64k").remove();
      return true;
    } catch {
      return false;
    }
  });
