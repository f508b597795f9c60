import { FRESH, type Own } from "../../core/own.ts";
import { edit, editIf, get, peek, removeFrom, set } from "../../core/table.ts";
import { cutChunk, overlay } from "./chunk.ts";
import { CHUNK_BYTES, type FilesState, type Inode } from "./file-state.ts";
import { chunksOf, inodesOf } from "./owned.ts";

interface Placed {
  readonly open: number;
  readonly offset: number;
  readonly position: number;
  readonly length: number;
}

/** Bytes took their place in the open file's contents; the inode, to write. */
export function placeBytes(files: Own<FilesState>, placed: Placed): Own<Inode> {
  const inode = edit(inodesOf(files), get(files.opens, placed.open).inode);
  placeInChunks(inode, placed.offset, placed.position, placed.length);
  if (placed.length > 0) inode.size = Math.max(inode.size, placed.offset + placed.length);
  return inode;
}

function placeInChunks(inode: Own<Inode>, offset: number, position: number, length: number): void {
  const chunks = chunksOf(inode);
  for (let done = 0; done < length; ) {
    const number = Math.floor((offset + done) / CHUNK_BYTES);
    const start = offset + done - number * CHUNK_BYTES;
    const part = Math.min(length - done, CHUNK_BYTES - start);
    const chunk = editIf(chunks, number);
    if (chunk === null) set(chunks, number, { epoch: FRESH, pieces: [start, position + done, part] });
    else chunk.pieces = overlay(chunk.pieces, start, position + done, part);
    done += part;
  }
}

/** Contents that the host gave: only where nothing is known yet. */
export function fillFromHost(inode: Own<Inode>, offset: number, position: number, length: number): void {
  for (let done = 0; done < length; done += CHUNK_BYTES) {
    const number = Math.floor((offset + done) / CHUNK_BYTES);
    if (peek(inode.chunks, number) !== null) continue;
    const size = Math.min(CHUNK_BYTES, length - done);
    set(chunksOf(inode), number, { epoch: FRESH, pieces: [0, position + done, size] });
  }
}

export function resize(inode: Own<Inode>, size: number): void {
  if (size < inode.size) {
    const whole = Math.floor(size / CHUNK_BYTES);
    const rest = size - whole * CHUNK_BYTES;
    removeFrom(chunksOf(inode), rest === 0 ? whole : whole + 1);
    const last = rest === 0 ? null : peek(inode.chunks, whole);
    if (last !== null) edit(chunksOf(inode), whole).pieces = cutChunk(last.pieces, rest);
    inode.hostSize = Math.min(inode.hostSize, size);
  }
  inode.size = size;
}

export function consolidateChunk(
  inode: Own<Inode>,
  event: { readonly chunk: number; readonly position: number; readonly length: number },
): void {
  edit(chunksOf(inode), event.chunk).pieces = [0, event.position, event.length];
}
