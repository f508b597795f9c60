import { get } from "../../core/table.ts";
import { encodeUtf8 } from "../../core/utf8.ts";
import { entryFrom } from "../../reducers/files/directory.ts";
import type { FilesState } from "../../reducers/files/file-state.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { type Answer, i32, type RawArguments } from "./wasi-call.ts";

/** WASI preview 1 `dirent`: d_next, d_ino, d_namlen, d_type. */
const DIRENT_BYTES = 24;
/** Cookie 0 is before `.`, 1 before `..`, and serial s of a name has cookie s + 2. */
const OWN_NAMES = 2;

interface Dirent {
  readonly next: number;
  readonly inode: number;
  readonly type: number;
  readonly name: string;
}

/** The entry at or behind a cookie; null at the end. `.` and `..` come first. */
function direntFrom(files: FilesState, inodeId: number, cookie: number): Dirent | null {
  const inode = get(files.inodes, inodeId);
  if (cookie === 0) return { next: 1, inode: inodeId, type: fileType.directory, name: "." };
  if (cookie === 1) {
    const parent = inode.names[0]?.directory ?? inodeId;
    return { next: OWN_NAMES, inode: parent, type: fileType.directory, name: ".." };
  }
  const found = inode.entries === null ? null : entryFrom(inode.entries, cookie - OWN_NAMES);
  if (found === null) return null;
  const { entry, serial } = found;
  return { next: serial + OWN_NAMES + 1, inode: entry.inode, type: entry.kind, name: entry.name };
}

/** Fills the buffer; the last entry is cut off where the buffer ends, which tells the guest that there are more. */
export function readdirReply(memory: GuestMemory, args: RawArguments, answer: Answer): void {
  if (answer.event.type !== "directory/read") return;
  const inodeId = get(answer.state.files.opens, answer.event.open).inode;
  const buffer = memory.bytes.subarray(i32(args, 1), i32(args, 1) + i32(args, 2));
  let used = 0;
  for (let cookie = answer.event.cookie; used < buffer.length; ) {
    const dirent = direntFrom(answer.state.files, inodeId, cookie);
    if (dirent === null) break;
    const bytes = encodeDirent(dirent);
    const part = bytes.subarray(0, buffer.length - used);
    buffer.set(part, used);
    used += part.length;
    cookie = dirent.next;
  }
  memory.setU32(i32(args, 4), used);
}

function encodeDirent(dirent: Dirent): Uint8Array {
  const name = encodeUtf8(dirent.name);
  const bytes = new Uint8Array(DIRENT_BYTES + name.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(dirent.next), true);
  view.setBigUint64(8, BigInt(dirent.inode), true);
  view.setUint32(16, name.length, true);
  bytes[20] = dirent.type;
  bytes.set(name, DIRENT_BYTES);
  return bytes;
}
