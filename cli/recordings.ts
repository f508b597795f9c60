/** Where recordings are kept when nobody says where: `.foldos/` in the current directory, the newest `keep` of them. */
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { writerOf } from "../replay/writer-lock.ts";
import { UsageError } from "./usage-error.ts";

export const HOME = ".foldos";
const LAST = "last";
const NAME = /^\d{8}-\d{6}-\d{3}-.+$/;

/** A new place for a recording of a program; older ones beyond `keep` are taken away, unless somebody writes them. */
export function newRecordingPath(program: string, keep: number): string {
  mkdirSync(HOME, { recursive: true });
  const kept = readdirSync(HOME)
    .filter((name) => NAME.test(name))
    .sort();
  for (const name of kept.slice(0, Math.max(0, kept.length - keep + 1))) {
    const path = join(HOME, name);
    if (writerOf(path) === null) rmSync(path, { recursive: true, force: true });
  }
  const now = new Date().toISOString();
  const stamp = `${now.slice(0, 10).replaceAll("-", "")}-${now.slice(11, 19).replaceAll(":", "")}-${now.slice(20, 23)}`;
  const name = `${stamp}-${basename(program)
    .replace(/\.wasm$/, "")
    .replaceAll(/[^\w.-]/g, "_")}`;
  const path = join(HOME, name);
  if (existsSync(path)) return newRecordingPath(program, keep);
  rmSync(join(HOME, LAST), { force: true });
  symlinkSync(name, join(HOME, LAST));
  return path;
}

/** A recording by its path; `last` for the newest of this directory. */
export function recordingPath(word: string | undefined, command: string): string {
  if (word === undefined)
    throw new UsageError(`which recording? foldos ${command} REC; \`last\` is the newest in ${HOME}/`);
  if (word !== LAST || existsSync(word)) return resolve(word);
  const link = join(HOME, LAST);
  try {
    return resolve(HOME, readlinkSync(link));
  } catch {
    throw new UsageError(`there is no ${link}: \`foldos run PROGRAM.wasm\` makes a recording`);
  }
}
