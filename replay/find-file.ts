/** Finds a file of a state by the path that a guest would give, or says how far the path leads. */
import { peek } from "../core/table.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { findEntry } from "../reducers/files/directory.ts";
import type { FilesState, Inode } from "../reducers/files/file-state.ts";
import { fileType } from "../reducers/hosts/host-event.ts";
import { joinPath, plainPath, type Preopen } from "./guest-paths.ts";

interface FoundFile {
  readonly id: number;
  readonly inode: Inode;
}

/** Symbolic links followed on one path, as many as Linux follows. */
const MAX_SYMLINKS = 40;

/** `inode:N`, or a path below a preopen's label. Symbolic links are followed. */
export function findFile(
  files: FilesState,
  preopens: readonly Preopen[],
  word: string,
): Result<FoundFile, string> {
  const number = /^inode:(\d{1,10})$/.exec(word);
  if (number !== null) {
    const id = Number(number[1]);
    const inode = id <= MAX_INODE ? peek(files.inodes, id) : null;
    return inode === null ? fail(`${word}: there is no such inode at that moment`) : ok({ id, inode });
  }
  const preopen = preopenOf(preopens, word);
  if (preopen === null)
    return fail(`${word}: not below a directory that was granted (${labelsOf(preopens)})`);
  const below = plainPath(word).slice(plainPath(preopen.label).length);
  return walk(files, { word, label: preopen.label, root: preopen.inode, names: wordsOf(below) });
}

const MAX_INODE = 2 ** 31 - 1;

const wordsOf = (path: string): string[] => path.split("/").filter((name) => name !== "" && name !== ".");

/** The preopen with the longest label above a path. */
function preopenOf(preopens: readonly Preopen[], word: string): Preopen | null {
  const path = plainPath(word);
  let best: Preopen | null = null;
  for (const preopen of preopens) {
    const label = plainPath(preopen.label);
    const isAbove = label === "" || path === label || path.startsWith(`${label}/`);
    if (isAbove && (best === null || label.length > plainPath(best.label).length)) best = preopen;
  }
  return best;
}

const labelsOf = (preopens: readonly Preopen[]): string =>
  preopens.length === 0
    ? "none was; name it as inode:N"
    : preopens.map(({ label }) => JSON.stringify(label)).join(", ");

interface Walk {
  readonly word: string;
  readonly label: string;
  readonly root: number;
  /** Names that are still to be gone through, in order. */
  readonly names: string[];
}

function walk(files: FilesState, { word, label, root, names }: Walk): Result<FoundFile, string> {
  const trail = [root];
  let path = label;
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const directory = trail[trail.length - 1] as number;
    if (name === "..") {
      if (trail.length === 1) return fail(`${word}: it leads out of ${JSON.stringify(label)}`);
      trail.pop();
      continue;
    }
    const child = childIn(files, { directory, name, path });
    if (!child.ok) return child;
    const target = peek(files.inodes, child.value)?.target ?? "";
    if (peek(files.inodes, child.value)?.kind !== fileType.symlink) {
      trail.push(child.value);
      path = joinPath(path, name);
      continue;
    }
    links += 1;
    if (links > MAX_SYMLINKS) return fail(`${word}: more than ${MAX_SYMLINKS} symbolic links`);
    if (target.startsWith("/"))
      return fail(`${joinPath(path, name)}: a symbolic link to ${target}, which no guest can follow`);
    names.unshift(...wordsOf(target));
  }
  return reached(files, trail[trail.length - 1] as number, word);
}

interface Step {
  readonly directory: number;
  readonly name: string;
  readonly path: string;
}

function childIn(files: FilesState, { directory, name, path }: Step): Result<number, string> {
  const entries = peek(files.inodes, directory)?.entries ?? null;
  if (entries === null) return fail(`${path}: no directory, or none that was looked into by then`);
  const entry = findEntry(entries, name, files.nameSeed);
  if (entry !== null) return ok(entry.inode);
  const why = entries.isListed
    ? "there is no such file at that moment"
    : "nobody had looked into the host's directory by then";
  return fail(`${joinPath(path, name)}: ${why}`);
}

function reached(files: FilesState, id: number, word: string): Result<FoundFile, string> {
  const inode = peek(files.inodes, id);
  if (inode !== null) return ok({ id, inode });
  return fail(`${word}: it was there, but nobody had looked at it by then`);
}
