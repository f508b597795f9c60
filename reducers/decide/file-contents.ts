/** Deciders of reading and writing what an open file contains. */
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import { get, peek } from "../../core/table.ts";
import { pieceCount } from "../files/chunk.ts";
import {
  CHUNK_BYTES,
  type FilesState,
  type Inode,
  MAX_CHUNK_PIECES,
  MAX_FILE_BYTES,
} from "../files/file-state.ts";
import { fileType } from "../hosts/host-event.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { type Decision, facts, type Needs, needs, type Refused, refuse } from "./decision.ts";
import { fileBehind, type HeldFile } from "./held.ts";
import { fdflag } from "./open-path.ts";

/** Bytes of one call: a longer write is cut short, as POSIX allows; what reads and writes loops. */
export const MAX_TRANSFER_BYTES = 1 << 23;

export interface Transfer {
  readonly size: number;
  /** For pread and pwrite; without it, the open file's own position. */
  readonly offset?: number;
}

/** WASI preview 1 fd_read and fd_pread on a file. */
export function readFile(state: KernelState, capability: Capability, transfer: Transfer): Decision {
  const held = fileBehind(state, capability);
  if (held.inode.kind !== fileType.regular) return refuse(errno.badf, "wrong-kind");
  const denied = judgeTransfer(capability, right.fdRead, transfer);
  if (denied !== null) return denied;
  if (held.inode.fault !== 0) return refuse(held.inode.fault as Refused["errno"]);
  const offset = transfer.offset ?? held.open.position;
  // Of a host's file that is larger than any of the machine's own, what is beyond cannot be had.
  const left = Math.min(held.inode.size, MAX_FILE_BYTES) - offset;
  const length = Math.max(0, Math.min(transfer.size, left, MAX_TRANSFER_BYTES));
  const unknown = firstUnknown(held, offset, length);
  if (unknown !== null) return unknown;
  const type = transfer.offset === undefined ? "file/read" : "file/read-at";
  return facts({ type, by: capability.id, open: capability.target, offset, length });
}

function judgeTransfer(capability: Capability, needed: number, transfer: Transfer): Refused | null {
  const missing = (needed | (transfer.offset === undefined ? 0 : right.fdSeek)) & ~capability.rights;
  return missing === 0 ? null : refuse(errno.notcapable, "lacks-right", missing);
}

/** WASI preview 1 fd_write and fd_pwrite on a file. */
export function writeFile(state: KernelState, capability: Capability, transfer: Transfer): Decision {
  const held = fileBehind(state, capability);
  if (held.inode.kind !== fileType.regular) return refuse(errno.badf, "wrong-kind");
  const denied = judgeTransfer(capability, right.fdWrite, transfer);
  if (denied !== null) return denied;
  if (held.inode.fault !== 0) return refuse(held.inode.fault as Refused["errno"]);
  // A positioned write goes where it is told, as POSIX has it; only Linux appends there too.
  const appends = (held.open.flags & fdflag.append) !== 0 && transfer.size > 0;
  const offset = transfer.offset ?? (appends ? held.inode.size : held.open.position);
  if (offset >= MAX_FILE_BYTES && transfer.size > 0) return refuse(errno.fbig);
  const length = Math.max(0, Math.min(transfer.size, MAX_FILE_BYTES - offset, MAX_TRANSFER_BYTES));
  const unknown = unknownEdges(held, offset, length);
  if (unknown !== null) return unknown;
  const consolidated = consolidations(held, offset, length, state.head);
  // Looking at a place before the first is slow, and nearly every write consolidates nothing.
  const before = consolidated.length === 0 ? undefined : consolidated[consolidated.length - 1];
  const position = before === undefined ? state.head : before.position + before.length;
  const type = transfer.offset === undefined ? "file/written" : "file/written-at";
  const written: KernelFact = { type, by: capability.id, open: capability.target, offset, position, length };
  return before === undefined ? facts(written) : facts(...consolidated, written);
}

/** The host's contents are asked for in stretches of this size: enough to make the asking cheap. */
const READ_AHEAD_BYTES = 64 * CHUNK_BYTES;

/** The first chunk of a stretch whose contents only the host knows yet, and those like it that follow. */
function firstUnknown(
  held: Pick<HeldFile, "inodeId" | "inode">,
  offset: number,
  length: number,
): Needs | null {
  const { chunks, hostSize } = held.inode;
  const end = Math.min(offset + length, hostSize);
  for (let at = offset - (offset % CHUNK_BYTES); at < end; at += CHUNK_BYTES) {
    if (peek(chunks, at / CHUNK_BYTES) !== null) continue;
    const ahead = Math.min(Math.max(READ_AHEAD_BYTES, end - at), hostSize - at, MAX_TRANSFER_BYTES);
    return needs({
      need: "content",
      inode: held.inodeId,
      offset: at,
      length: unknownBytes(held.inode, at, ahead),
    });
  }
  return null;
}

/**
 * How far the unknown goes. What the machine knows is not asked for again: it may have been changed here, and then the host's
 * answer would hang on whether that has reached it by now.
 */
function unknownBytes({ chunks }: Inode, offset: number, most: number): number {
  for (let length = CHUNK_BYTES; length < most; length += CHUNK_BYTES)
    if (peek(chunks, (offset + length) / CHUNK_BYTES) !== null) return length;
  return most;
}

/**
 * What must be known of a file before its last name goes while somebody has it open: the host will not have it any more. Where
 * changes stay in the machine, it will.
 */
export function unknownToKeep(files: FilesState, inodeId: number): Needs | null {
  const inode = get(files.inodes, inodeId);
  if (inode.opens === 0 || inode.names.length > 1 || inode.hostSize === 0 || inode.fault !== 0) return null;
  if (get(files.mounts, inode.mount).mode === "copy") return null;
  return firstUnknown({ inodeId, inode }, 0, inode.hostSize);
}

/** A chunk that is written in part must be known first. */
function unknownEdges(held: HeldFile, offset: number, length: number): Needs | null {
  if (length === 0 || held.inode.hostSize === 0) return null;
  const last = offset + length - 1;
  for (const at of [offset, last]) {
    const start = at - (at % CHUNK_BYTES);
    const end = Math.min(start + CHUNK_BYTES, held.inode.hostSize);
    const isWhole = offset <= start && offset + length >= end;
    const unknown = isWhole ? null : firstUnknown(held, start, end - start);
    if (unknown !== null) return unknown;
  }
  return null;
}

/** The facts that the chunks in which a write begins and ends are put into one place each, if they are in too many. */
function consolidations(
  held: HeldFile,
  offset: number,
  length: number,
  head: number,
): readonly ConsolidatedFact[] {
  if (length === 0) return NONE;
  const first = Math.floor(offset / CHUNK_BYTES);
  const last = Math.floor((offset + length - 1) / CHUNK_BYTES);
  const begin = consolidation(held, first, head);
  const end = last === first ? null : consolidation(held, last, begin === null ? head : head + begin.length);
  if (begin === null) return end === null ? NONE : [end];
  return end === null ? [begin] : [begin, end];
}

function consolidation(held: HeldFile, chunk: number, position: number): ConsolidatedFact | null {
  const known = peek(held.inode.chunks, chunk);
  if (known === null || pieceCount(known.pieces) <= MAX_CHUNK_PIECES) return null;
  const length = Math.min(CHUNK_BYTES, held.inode.size - chunk * CHUNK_BYTES);
  return { type: "file/chunk-consolidated", inode: held.inodeId, chunk, position, length };
}

type ConsolidatedFact = Extract<KernelFact, { type: "file/chunk-consolidated" }>;

const NONE: readonly ConsolidatedFact[] = [];

/** Whether an inode is a regular file, for calls that know no other. */
const isRegular = (inode: Inode): boolean => inode.kind === fileType.regular;

/** WASI preview 1 fd_allocate: space for a stretch of the file, zeros where there was nothing. */
export function allocate(state: KernelState, capability: Capability, offset: number, size: number): Decision {
  const held = fileBehind(state, capability);
  if (held.inode.kind !== fileType.regular) return refuse(errno.badf, "wrong-kind");
  if ((capability.rights & right.fdAllocate) === 0)
    return refuse(errno.notcapable, "lacks-right", right.fdAllocate);
  if (size === 0) return refuse(errno.inval);
  if (offset + size > MAX_FILE_BYTES) return refuse(errno.fbig);
  const grown = Math.max(held.inode.size, offset + size);
  return facts({ type: "file/resized", by: capability.id, inode: held.inodeId, size: grown });
}

export function setFileSize(state: KernelState, capability: Capability, size: number): Decision {
  const open = get(state.files.opens, capability.target);
  const inode = get(state.files.inodes, open.inode);
  if (inode.kind === fileType.directory) return refuse(errno.badf, "wrong-kind");
  if (!isRegular(inode)) return refuse(errno.inval);
  if ((capability.rights & right.fdFilestatSetSize) === 0)
    return refuse(errno.notcapable, "lacks-right", right.fdFilestatSetSize);
  if (size > MAX_FILE_BYTES) return refuse(errno.fbig);
  return facts({ type: "file/resized", by: capability.id, inode: open.inode, size });
}
