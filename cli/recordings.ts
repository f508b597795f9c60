/** Where recordings are kept when nobody says where: `.foldos/` in the current directory, the newest `keep` of them. */
import { existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { writerOf } from "../replay/writer-lock.ts";
import { makeFolder } from "../replay/make-folder.ts";
import { UsageError } from "./usage-error.ts";

export const HOME = ".foldos";
const LAST = "last";
const NAME = /^\d{8}-\d{6}-\d{3}-.+$/;

/** A new place for a recording of a program; older ones beyond `keep` are taken away, unless somebody writes them. */
export function newRecordingPath(program: string, keep: number): string {
  makeHome();
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
  if (!reserve(path)) return newRecordingPath(program, keep);
  // Under another name first: whoever starts at the same time finds a `last` at every moment.
  const link = join(HOME, `.${name}-${process.pid}`);
  symlinkSync(name, link);
  try {
    renameSync(link, join(HOME, LAST));
  } catch (error) {
    rmSync(link);
    rmSync(path, { recursive: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${join(HOME, LAST)} is no link that can be moved (${code}); remove it, or give --record PATH`,
    );
  }
  return path;
}

function makeHome(): void {
  const refused = makeFolder(HOME);
  if (refused === null) return;
  const why = refused === "ENOTDIR" ? "it is no directory" : refused;
  throw new UsageError(`${HOME}/ cannot be used for recordings (${why}); give --record PATH or --no-record`);
}

/** Makes the directory of a recording; false if there is one of that name. */
function reserve(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
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
