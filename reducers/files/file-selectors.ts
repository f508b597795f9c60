import { get, lowestFree, peek, sizeOf } from "../../core/table.ts";
import { CHUNK_BYTES, type FilesState, type Inode, ROOT_INODE } from "./file-state.ts";

/** The id that the next open file gets: the lowest that is free, so that the table stays as small as what is open. */
export const freeOpen = (files: FilesState): number => lowestFree(files.opens);

/** No bytes stand for this stretch: it is zeros. */
export const ZEROS = -1;

/** Where a stretch of a file's contents stands: position in the byte stream (or ZEROS) and length, in turns. */
export function contentRuns(inode: Inode, offset: number, length: number): number[] {
  const end = Math.min(offset + length, inode.size);
  const whole = wholePiece(inode, offset, end);
  if (whole >= 0) return [whole, end - offset];
  const runs: number[] = [];
  for (let at = offset; at < end; ) {
    const number = Math.floor(at / CHUNK_BYTES);
    const chunkStart = number * CHUNK_BYTES;
    const stop = Math.min(end, chunkStart + CHUNK_BYTES);
    const chunk = peek(inode.chunks, number);
    if (chunk !== null) at = addPieces(runs, chunk.pieces, at - chunkStart, stop - chunkStart) + chunkStart;
    addRun(runs, ZEROS, stop - at);
    at = stop;
  }
  return runs;
}

/** Where a stretch stands that lies within one piece, as nearly all do; -1 if it does not. */
function wholePiece(inode: Inode, offset: number, end: number): number {
  const number = Math.floor(offset / CHUNK_BYTES);
  const from = offset - number * CHUNK_BYTES;
  const to = end - number * CHUNK_BYTES;
  if (to <= from || to > CHUNK_BYTES) return -1;
  const pieces = peek(inode.chunks, number)?.pieces ?? NO_PIECES;
  for (let index = 0; index < pieces.length; index += 3) {
    const start = pieces[index] as number;
    if (start > from) return -1;
    if (to <= start + (pieces[index + 2] as number)) return (pieces[index + 1] as number) + (from - start);
  }
  return -1;
}

const NO_PIECES: readonly number[] = [];

/** Adds a chunk's pieces between two places within it; the place behind the last. */
function addPieces(runs: number[], pieces: readonly number[], from: number, to: number): number {
  let at = from;
  for (let index = 0; index < pieces.length && at < to; index += 3) {
    const start = pieces[index] as number;
    const end = Math.min(to, start + (pieces[index + 2] as number));
    if (end <= at) continue;
    if (start >= to) break;
    if (start > at) {
      addRun(runs, ZEROS, start - at);
      at = start;
    }
    addRun(runs, (pieces[index + 1] as number) + (at - start), end - at);
    at = end;
  }
  return at;
}

function addRun(runs: number[], position: number, length: number): void {
  if (length <= 0) return;
  const last = runs.length - 2;
  if (last >= 0) {
    const before = runs[last] as number;
    const size = runs[last + 1] as number;
    if (position === ZEROS ? before === ZEROS : before !== ZEROS && before + size === position) {
      runs[last + 1] = size + length;
      return;
    }
  }
  runs.push(position, length);
}

/** A path of the inode below its mount's root, "" for the root itself; null for one without a name. */
export function pathOf(files: FilesState, inodeId: number): string | null {
  const names: string[] = [];
  for (let at = inodeId; !isMountRoot(files, at); ) {
    const link = peek(files.inodes, at)?.names[0];
    // A log from outside may hold a ring of directories, which no machine of ours makes.
    if (link === undefined || names.length > sizeOf(files.inodes)) return null;
    names.push(link.name);
    at = link.directory;
  }
  return names.reverse().join("/");
}

/** Whether a directory was taken away while somebody has it open: nothing can be made in it any more. */
export function isUnlinked(files: FilesState, inodeId: number): boolean {
  return get(files.inodes, inodeId).names.length === 0 && !isMountRoot(files, inodeId);
}

/** Whether it is the root of a directory of the host, or of the machine's own file system. */
export function isMountRoot(files: FilesState, inodeId: number): boolean {
  const inode = peek(files.inodes, inodeId);
  if (inode === null) return false;
  return inode.mount === 0 ? inodeId === ROOT_INODE : get(files.mounts, inode.mount).inode === inodeId;
}
