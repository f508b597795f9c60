import { get } from "../../core/table.ts";
import type { TimesRequest } from "../../reducers/decide/request.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { i32, type RawArguments } from "./wasi-call.ts";

/** WASI preview 1 `filestat`: dev, ino, filetype, nlink, size, atim, mtim, ctim. */
export const FILESTAT_BYTES = 64;

const NANOS_PER_SECOND = 1_000_000_000n;

export function writeFilestat(memory: GuestMemory, at: number, state: KernelState, inodeId: number): void {
  const inode = get(state.files.inodes, inodeId);
  memory.bytes.fill(0, at, at + FILESTAT_BYTES);
  memory.setU64(at, inode.mount + 1);
  memory.setU64(at + 8, inodeId);
  memory.bytes[at + 16] = inode.kind;
  memory.setU64(at + 24, inode.kind === fileType.directory ? 1 : inode.names.length);
  memory.setU64(at + 32, sizeOf(inode.kind, inode.size, inode.target));
  setTimestamp(memory, at + 40, inode.accessedSeconds, inode.accessedNanos);
  setTimestamp(memory, at + 48, inode.modifiedSeconds, inode.modifiedNanos);
  setTimestamp(memory, at + 56, inode.changedSeconds, inode.changedNanos);
}

/** A symbolic link is as long as what it points to, as POSIX has it. */
const sizeOf = (kind: number, size: number, target: string): number =>
  kind === fileType.symlink && size === 0 ? new TextEncoder().encode(target).length : size;

/** What there is to say of a console or a pipe. */
export function writeFilestatOfStream(memory: GuestMemory, at: number, type: number): void {
  memory.bytes.fill(0, at, at + FILESTAT_BYTES);
  memory.bytes[at + 16] = type;
  memory.setU64(at + 24, 1);
}

function setTimestamp(memory: GuestMemory, at: number, seconds: number, nanos: number): void {
  memory.view.setBigUint64(at, BigInt(seconds) * NANOS_PER_SECOND + BigInt(nanos), true);
}

/** atim, mtim and fst_flags, in this order from an argument on. */
export function parseTimes(args: RawArguments, from: number): TimesRequest {
  const accessed = BigInt.asUintN(64, args[from] as bigint);
  const modified = BigInt.asUintN(64, args[from + 1] as bigint);
  return {
    accessedSeconds: Number(accessed / NANOS_PER_SECOND),
    accessedNanos: Number(accessed % NANOS_PER_SECOND),
    modifiedSeconds: Number(modified / NANOS_PER_SECOND),
    modifiedNanos: Number(modified % NANOS_PER_SECOND),
    fstflags: i32(args, from + 2) & 0xffff,
  };
}
