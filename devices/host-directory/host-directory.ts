/** Directories of the host, read when the machine first touches them. Never written here: changes are effects. */
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  accessSync,
} from "node:fs";
import { errno } from "../../core/errno.ts";
import { get } from "../../core/table.ts";
import { readUtf8 } from "../../core/utf8.ts";
import type { Demand } from "../../reducers/decide/decision.ts";
import type { FilesState, Mount } from "../../reducers/files/file-state.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { DeviceFact, DirectoryDevice } from "../device.ts";
import { hostPath, type ListedEntry, listingFacts, withoutBytes } from "./directory-facts.ts";
import { hostErrno } from "./host-errno.ts";
import { atName, inDirectory } from "./host-place.ts";

/** What stands there now, even if it is a link or a pipe by now. */
const AS_IT_IS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const NANOS_PER_SECOND = 1_000_000_000n;

export const hostDirectory: DirectoryDevice = {
  answer(state, demand) {
    switch (demand.need) {
      case "listing":
        return listing(state.files, demand.inode);
      case "node":
        return [node(state.files, demand)];
      case "content":
        return [content(state, demand)];
    }
  },
};

function listing(files: FilesState, inode: number): readonly DeviceFact[] {
  try {
    return listingFacts(files, inode, inDirectory(hostPath(files, inode), entriesOf));
  } catch (error) {
    return [withoutBytes({ type: "host/read-failed", inode, errno: hostErrno(error) })];
  }
}

/** A directory's names by their bytes; those that are no UTF-8 cannot be said in WASI and are left out. */
function entriesOf(path: string): readonly ListedEntry[] {
  const entries: ListedEntry[] = [];
  for (const entry of readdirSync(path, { withFileTypes: true, encoding: "buffer" })) {
    const bytes = entry.name as unknown as Buffer;
    const name = readUtf8(bytes, 0, bytes.length);
    if (name !== null) entries.push({ name, kind: kindOf(entry) });
  }
  return entries;
}

interface Kinded {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isBlockDevice(): boolean;
  isCharacterDevice(): boolean;
  isSocket(): boolean;
}

function kindOf(entry: Kinded): number {
  if (entry.isFile()) return fileType.regular;
  if (entry.isDirectory()) return fileType.directory;
  if (entry.isSymbolicLink()) return fileType.symlink;
  if (entry.isBlockDevice()) return fileType.blockDevice;
  if (entry.isCharacterDevice()) return fileType.characterDevice;
  return entry.isSocket() ? fileType.socketStream : fileType.unknown;
}

function node(files: FilesState, demand: Extract<Demand, { need: "node" }>): DeviceFact {
  const directory = hostPath(files, demand.directory);
  try {
    const { mode } = get(files.mounts, get(files.inodes, demand.directory).mount);
    const place = { ...demand, mode };
    return withoutBytes(inDirectory(directory, (above) => examined(`${above}/${demand.name}`, place)));
  } catch {
    return withoutBytes({ type: "host/node-vanished", directory: demand.directory, name: demand.name });
  }
}

/**
 * The fact that says what stands at a path of the host; `directory` 0 and no name for the root of a mount. What is changed in a
 * copy is never written to the host, so it does not matter there whether the host would let us.
 */
export function examined(
  path: string,
  place: {
    readonly inode: number;
    readonly directory: number;
    readonly name: string;
    readonly mode: Mount["mode"];
  },
): Extract<KernelFact, { type: "host/node-examined" }> {
  const stats = lstatSync(path, { bigint: true });
  const kind = kindOf(stats);
  return {
    type: "host/node-examined",
    inode: place.inode,
    directory: place.directory,
    name: place.name,
    kind,
    size: Number(stats.size),
    readable: kind === fileType.symlink || refusalOf(path, constants.R_OK) === 0,
    writable: kind === fileType.symlink || place.mode === "copy" ? "yes" : writability(path),
    ...timesOf(stats),
    target: kind === fileType.symlink ? readlinkSync(path) : "",
  };
}

const seconds = (nanos: bigint): number => Number((nanos < 0n ? 0n : nanos) / NANOS_PER_SECOND);
const nanosOf = (nanos: bigint): number => Number((nanos < 0n ? 0n : nanos) % NANOS_PER_SECOND);

const timesOf = (stats: BigIntStats) => ({
  accessedSeconds: seconds(stats.atimeNs),
  accessedNanos: nanosOf(stats.atimeNs),
  modifiedSeconds: seconds(stats.mtimeNs),
  modifiedNanos: nanosOf(stats.mtimeNs),
  changedSeconds: seconds(stats.ctimeNs),
  changedNanos: nanosOf(stats.ctimeNs),
});

function writability(path: string): Extract<KernelFact, { type: "host/node-examined" }>["writable"] {
  const refusal = refusalOf(path, constants.W_OK);
  if (refusal === 0) return "yes";
  return refusal === errno.rofs ? "read-only" : "no";
}

/** The errno of why the host does not allow it; 0 if it does. */
function refusalOf(path: string, mode: number): number {
  try {
    accessSync(path, mode);
    return 0;
  } catch (error) {
    return hostErrno(error);
  }
}

/** A stretch of a file's contents. Where the file has become shorter meanwhile, zeros stand for what is gone. */
function content(state: KernelState, demand: Extract<Demand, { need: "content" }>): DeviceFact {
  const bytes = new Uint8Array(demand.length);
  try {
    const file = atName(hostPath(state.files, demand.inode), (path) => openSync(path, AS_IT_IS));
    try {
      if (!fstatSync(file).isFile())
        return withoutBytes({ type: "host/read-failed", inode: demand.inode, errno: errno.io });
      for (let done = 0; done < demand.length; ) {
        const count = readSync(file, bytes, done, demand.length - done, demand.offset + done);
        if (count === 0) break;
        done += count;
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return withoutBytes({ type: "host/read-failed", inode: demand.inode, errno: hostErrno(error) });
  }
  const { inode, offset, length } = demand;
  return { fact: { type: "host/content-read", inode, offset, position: state.head, length }, bytes };
}
