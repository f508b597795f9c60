import type { Own } from "../../core/own.ts";
import { edit, get, peek } from "../../core/table.ts";
import { addName, findEntry, removeName, replaceEntry } from "./directory.ts";
import type { FilesState, NameLink } from "./file-state.ts";
import { dropIfGone } from "./nodes.ts";
import { touchChanged, touchModified } from "./times.ts";
import { inodesOf, directoryOf } from "./owned.ts";

interface NameEvent {
  readonly at: number;
  readonly directory: number;
  readonly name: string;
  readonly inode: number;
}

const isNot = (directory: number, name: string) => (link: NameLink) =>
  link.directory !== directory || link.name !== name;

/** An inode got one more name. */
export function linkName(files: Own<FilesState>, event: NameEvent): void {
  const micros = files.wallBase + event.at;
  const inode = edit(inodesOf(files), event.inode);
  inode.names = [...inode.names, { directory: event.directory, name: event.name }];
  touchChanged(inode, micros);
  const parent = edit(inodesOf(files), event.directory);
  addName(directoryOf(parent), { name: event.name, inode: event.inode, kind: inode.kind }, files.nameSeed);
  touchModified(parent, micros);
}

/** A name was taken away, and with the last one, unless it is open, the inode. */
export function unlinkName(files: Own<FilesState>, event: NameEvent): void {
  const micros = files.wallBase + event.at;
  const parent = edit(inodesOf(files), event.directory);
  removeName(directoryOf(parent), event.name, files.nameSeed);
  touchModified(parent, micros);
  loseName(files, event.inode, event.directory, event.name, micros);
}

function loseName(
  files: Own<FilesState>,
  inodeId: number,
  directory: number,
  name: string,
  micros: number,
): void {
  if (peek(files.inodes, inodeId) === null) return;
  const inode = edit(inodesOf(files), inodeId);
  inode.names = inode.names.filter(isNot(directory, name));
  touchChanged(inode, micros);
  dropIfGone(files, inodeId);
}

interface RenameEvent extends NameEvent {
  readonly toDirectory: number;
  readonly toName: string;
  readonly replaced: number;
}

/** A name moved; what had the new name before lost it in the same moment. */
export function moveName(files: Own<FilesState>, event: RenameEvent): void {
  const micros = files.wallBase + event.at;
  const seed = files.nameSeed;
  const source = edit(inodesOf(files), event.directory);
  removeName(directoryOf(source), event.name, seed);
  touchModified(source, micros);
  const target = edit(inodesOf(files), event.toDirectory);
  const kind = get(files.inodes, event.inode).kind;
  const entries = directoryOf(target);
  if (findEntry(get(files.inodes, event.toDirectory).entries as never, event.toName, seed) !== null) {
    replaceEntry(entries, event.toName, event.inode, kind, seed);
  } else addName(entries, { name: event.toName, inode: event.inode, kind }, seed);
  touchModified(target, micros);
  const inode = edit(inodesOf(files), event.inode);
  const kept = inode.names.filter(isNot(event.directory, event.name));
  inode.names = [...kept, { directory: event.toDirectory, name: event.toName }];
  touchChanged(inode, micros);
  if (event.replaced !== 0) loseName(files, event.replaced, event.toDirectory, event.toName, micros);
}
