import { type Epochal, FRESH } from "../../core/own.ts";
import { emptyTable, set, type Table } from "../../core/table.ts";
import type { Own } from "../../core/own.ts";
import { fileType } from "../hosts/host-event.ts";
import { type Directory, emptyDirectory } from "./directory.ts";

/** 4 KiB of a file, as the pieces that it is made of: start within the chunk, position, length, in turns, by start. */
export interface Chunk extends Epochal {
  readonly pieces: readonly number[];
}

/** One name of an inode. */
export interface NameLink {
  readonly directory: number;
  readonly name: string;
}

export interface Inode extends Epochal {
  /** WASI `filetype`. */
  readonly kind: number;
  readonly names: readonly NameLink[];
  /** Open files on it. With no name and no open file left, it is gone. */
  readonly opens: number;
  readonly size: number;
  readonly accessedSeconds: number;
  readonly accessedNanos: number;
  readonly modifiedSeconds: number;
  readonly modifiedNanos: number;
  readonly changedSeconds: number;
  readonly changedNanos: number;
  /** A regular file's contents; a chunk that is not there is zeros, or still unknown (see `hostSize`). */
  readonly chunks: Table<Chunk>;
  /** What a directory names. */
  readonly entries: Directory | null;
  /** Where a symbolic link points. */
  readonly target: string;
  /** The mount it belongs to; 0 is the machine's own file system. */
  readonly mount: number;
  /** Bytes below this offset are the host's until their chunk has been read or written. */
  readonly hostSize: number;
  /** In a mount whose changes stay in the machine: where the host has it, below the mount's directory; else "". */
  readonly origin: string;
  readonly readable: boolean;
  /** Whether the host lets anybody write it; `denyWriting` says why not. */
  readonly writable: boolean | "read-only";
  /** The errno of a host that failed on it; 0 if none did. */
  readonly fault: number;
}

export interface OpenFile extends Epochal {
  readonly inode: number;
  /** How many capabilities there are to it: it is closed with the last. */
  readonly holders: number;
  readonly position: number;
  /** WASI `fdflags`. */
  readonly flags: number;
}

export interface Mount extends Epochal {
  readonly inode: number;
  /** The host's directory. */
  readonly path: string;
  readonly mode: "write-through" | "read-only" | "copy";
}

export interface FilesState extends Epochal {
  readonly inodes: Table<Inode>;
  readonly opens: Table<OpenFile>;
  readonly mounts: Table<Mount>;
  /** Ids of inodes are never used twice, so a stale one names nothing. (Those of open files are: their capabilities go with them.) */
  readonly nextInode: number;
  readonly wallBase: number;
  /** What keeps a guest from choosing names that all hash alike. */
  readonly nameSeed: number;
}

export const CHUNK_BYTES = 4096;
/** Chunk numbers are 31-bit keys: 8 TiB. */
export const MAX_FILE_BYTES = CHUNK_BYTES * 2 ** 31;
/** A chunk in more pieces is consolidated before the next write into it. */
export const MAX_CHUNK_PIECES = 24;
/** Names of one inode. A directory has one. */
export const MAX_LINKS = 1000;
/** The root of the machine's own file system. */
export const ROOT_INODE = 1;

/** An inode that the fold of an epoch makes: what hangs below is that epoch's too, so that its first write copies nothing. */
export const newInode = (kind: number, mount: number, epoch: number = FRESH): Inode => ({
  epoch,
  kind,
  names: [],
  opens: 0,
  size: 0,
  accessedSeconds: 0,
  accessedNanos: 0,
  modifiedSeconds: 0,
  modifiedNanos: 0,
  changedSeconds: 0,
  changedNanos: 0,
  chunks: emptyTable(epoch),
  entries: kind === fileType.directory ? emptyDirectory(mount === 0, epoch) : null,
  target: "",
  mount,
  hostSize: 0,
  origin: "",
  readable: true,
  writable: true,
  fault: 0,
});

export function initialFiles(): FilesState {
  const inodes = emptyTable<Inode>();
  set(inodes as Own<Table<Inode>>, ROOT_INODE, newInode(fileType.directory, 0));
  return {
    epoch: FRESH,
    inodes,
    opens: emptyTable(),
    mounts: emptyTable(),
    nextInode: ROOT_INODE + 1,
    wallBase: 0,
    nameSeed: 0,
  };
}
