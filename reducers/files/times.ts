import type { Own } from "../../core/own.ts";
import { edit, get } from "../../core/table.ts";
import { MICROS_PER_SECOND } from "../clock/clock-selectors.ts";
import type { FilesState, Inode } from "./file-state.ts";
import { inodesOf } from "./owned.ts";

const SECONDS_PER_DAY = 86_400;

const secondsOf = (micros: number): number => Math.floor(micros / MICROS_PER_SECOND);
/** Below 10^9, and said to be an integer, which the engine otherwise keeps in a box. */
const nanosOf = (micros: number, seconds: number): number =>
  ((micros - seconds * MICROS_PER_SECOND) * 1000) | 0;

/** Contents changed at a wall-clock time, in microseconds. */
export function touchModified(inode: Own<Inode>, micros: number): void {
  const seconds = secondsOf(micros);
  inode.modifiedSeconds = seconds;
  inode.modifiedNanos = nanosOf(micros, seconds);
  inode.changedSeconds = seconds;
  inode.changedNanos = inode.modifiedNanos;
}

/** What is said of the file changed, and not its contents: POSIX's ctime. */
export function touchChanged(inode: Own<Inode>, micros: number): void {
  const seconds = secondsOf(micros);
  inode.changedSeconds = seconds;
  inode.changedNanos = nanosOf(micros, seconds);
}

export function touchAll(inode: Own<Inode>, micros: number): void {
  touchModified(inode, micros);
  inode.accessedSeconds = inode.modifiedSeconds;
  inode.accessedNanos = inode.modifiedNanos;
}

/** The file was read. As with Linux's relatime, noted once after each change and once a day. */
export function touchAccessed(files: Own<FilesState>, inodeId: number, at: number): void {
  const inode = get(files.inodes, inodeId);
  const micros = files.wallBase + at;
  const seconds = secondsOf(micros);
  const isStale =
    inode.accessedSeconds < inode.modifiedSeconds ||
    (inode.accessedSeconds === inode.modifiedSeconds && inode.accessedNanos <= inode.modifiedNanos) ||
    seconds - inode.accessedSeconds >= SECONDS_PER_DAY;
  if (!isStale) return;
  const edited = edit(inodesOf(files), inodeId);
  edited.accessedSeconds = seconds;
  edited.accessedNanos = nanosOf(micros, seconds);
}

interface TimesToSet {
  readonly setAccessed: boolean;
  readonly accessedSeconds: number;
  readonly accessedNanos: number;
  readonly setModified: boolean;
  readonly modifiedSeconds: number;
  readonly modifiedNanos: number;
}

export function setTimes(inode: Own<Inode>, times: TimesToSet, micros: number): void {
  if (times.setAccessed) {
    inode.accessedSeconds = times.accessedSeconds;
    inode.accessedNanos = times.accessedNanos;
  }
  if (times.setModified) {
    inode.modifiedSeconds = times.modifiedSeconds;
    inode.modifiedNanos = times.modifiedNanos;
  }
  touchChanged(inode, micros);
}
