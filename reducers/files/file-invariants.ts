/** What is true of the files after every event. Each is a statement, for tests, fuzzing and a running machine alike. */
import { get, peek, rowsOf, sizeOf } from "../../core/table.ts";
import { tableCountsAreRight } from "../../core/table-invariants.ts";
import { fileType } from "../hosts/host-event.ts";
import { pieceCount } from "./chunk.ts";
import { type Directory, nameCount, serialOf } from "./directory.ts";
import { CHUNK_BYTES, type FilesState, type Inode, MAX_LINKS, ROOT_INODE } from "./file-state.ts";

type Statement = (files: FilesState) => boolean;

const everyInode =
  (holds: (inode: Inode, id: number, files: FilesState) => boolean): Statement =>
  (files) =>
    [...rowsOf(files.inodes)].every(([id, inode]) => holds(inode, id, files));

export const isRoot = (files: FilesState, id: number): boolean =>
  id === ROOT_INODE || [...rowsOf(files.mounts)].some(([, mount]) => mount.inode === id);

/** Every name in a directory is a name of its inode, where that is known. */
export const entriesAreNames: Statement = everyInode((inode, id, files) => {
  if (inode.entries === null) return true;
  return [...rowsOf(inode.entries.entries)].every(([, entry]) => {
    const named = peek(files.inodes, entry.inode);
    if (named === null) return inode.mount !== 0;
    const isNamed = named.names.some((link) => link.directory === id && link.name === entry.name);
    return isNamed && named.kind === entry.kind && named.mount === inode.mount;
  });
});

/** Every name of an inode is in its directory, and leads to it: link counts match names. */
export const linkCountsMatchNames: Statement = everyInode((inode, id, files) =>
  inode.names.every(({ directory, name }, index) => {
    const entries = peek(files.inodes, directory)?.entries ?? null;
    if (entries === null) return false;
    const serial = serialOf(entries, name, files.nameSeed);
    const isOnce =
      inode.names.findIndex((link) => link.directory === directory && link.name === name) === index;
    return isOnce && serial >= 0 && get(entries.entries, serial).inode === id;
  }),
);

/** A directory has one name at most, and all have at most as many as there may be. */
export const directoriesHaveOneName: Statement = everyInode(
  (inode) => inode.names.length <= (inode.entries === null ? MAX_LINKS : 1),
);

export const openFilesPointToInodes: Statement = (files) => {
  const opens = new Map<number, number>();
  for (const [, open] of rowsOf(files.opens)) {
    if (peek(files.inodes, open.inode) === null) return false;
    opens.set(open.inode, (opens.get(open.inode) ?? 0) + 1);
  }
  return [...rowsOf(files.inodes)].every(([id, inode]) => inode.opens === (opens.get(id) ?? 0));
};

/** An inode that has no name and is not open is a root, or is gone. */
export const inodesAreSomebodys: Statement = everyInode(
  (inode, id, files) => inode.names.length > 0 || inode.opens > 0 || isRoot(files, id),
);

/** From every directory that has a name the way up ends in a root. */
export const directoriesFormATree: Statement = everyInode((inode, id, files) => {
  if (inode.kind !== fileType.directory) return inode.entries === null;
  const way = new Set<number>();
  for (let at = id; !isRoot(files, at); ) {
    const above = get(files.inodes, at).names[0]?.directory;
    if (above === undefined) return true;
    if (way.has(at)) return false;
    way.add(at);
    at = above;
  }
  return true;
});

/** Every name is found by its hash, and nothing else is in the buckets. */
export const bucketsHoldAllNames: Statement = everyInode((inode, _, files) => {
  const directory: Directory | null = inode.entries;
  if (directory === null) return true;
  const { bits, split } = directory;
  const entries = [...rowsOf(directory.entries)];
  const buckets = [...rowsOf(directory.buckets)];
  const held = buckets.reduce((sum, [, bucket]) => sum + bucket.names.length / 2, 0);
  return (
    held === nameCount(directory) &&
    split < 2 ** bits &&
    buckets.every(([index, bucket]) => index < 2 ** bits + split && bucket.names.length % 2 === 0) &&
    entries.every(
      ([serial, { name }]) =>
        serial < directory.nextSerial && serialOf(directory, name, files.nameSeed) === serial,
    )
  );
});

export const fileTablesCountRight: Statement = (files) =>
  [files.inodes, files.opens, files.mounts].every(tableCountsAreRight) &&
  everyInode(
    ({ chunks, entries }) =>
      tableCountsAreRight(chunks) &&
      (entries === null || (tableCountsAreRight(entries.entries) && tableCountsAreRight(entries.buckets))),
  )(files);

/** Chunks are of regular files, end where the file does, and their pieces lie in order, apart from each other. */
export const chunksAreWithinTheFile: Statement = everyInode((inode) => {
  if (inode.kind !== fileType.regular) return sizeOf(inode.chunks) === 0;
  return [...rowsOf(inode.chunks)].every(([number, { pieces }]) => {
    let at = 0;
    for (let index = 0; index < pieceCount(pieces); index += 1) {
      const [start = -1, position = -1, length = 0] = pieces.slice(index * 3, index * 3 + 3);
      if (start < at || position < 0 || length <= 0) return false;
      at = start + length;
    }
    return at <= CHUNK_BYTES && number * CHUNK_BYTES + at <= inode.size;
  });
});

/** What only the host knows lies within the file, and on a mount. */
export const hostContentsAreWithinTheFile: Statement = everyInode(
  (inode) =>
    inode.hostSize >= 0 && inode.hostSize <= inode.size && (inode.hostSize === 0 || inode.mount !== 0),
);

/** Nanoseconds are a part of a second; ids that are to come are above those that are. */
export const timesAndIdsAreInRange: Statement = everyInode(
  (inode, id, files) =>
    id < files.nextInode &&
    [inode.accessedNanos, inode.modifiedNanos, inode.changedNanos].every(
      (nanos) => nanos >= 0 && nanos < 1e9,
    ),
);

export const fileInvariants: Readonly<Record<string, Statement>> = {
  entriesAreNames,
  linkCountsMatchNames,
  directoriesHaveOneName,
  openFilesPointToInodes,
  inodesAreSomebodys,
  directoriesFormATree,
  bucketsHoldAllNames,
  fileTablesCountRight,
  chunksAreWithinTheFile,
  hostContentsAreWithinTheFile,
  timesAndIdsAreInRange,
};
