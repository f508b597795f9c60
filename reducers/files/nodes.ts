import { FRESH, type Own } from "../../core/own.ts";
import { edit, get, remove, set } from "../../core/table.ts";
import { fileType } from "../hosts/host-event.ts";
import { addName } from "./directory.ts";
import { type FilesState, type Inode, newInode } from "./file-state.ts";
import { touchAll, touchModified } from "./times.ts";
import { inodesOf, directoryOf, opensOf } from "./owned.ts";

const kindOf = {
  "file/created": fileType.regular,
  "directory/created": fileType.directory,
  "symlink/created": fileType.symlink,
} as const;

interface NodeCreated {
  readonly type: keyof typeof kindOf;
  readonly at: number;
  readonly directory: number;
  readonly name: string;
  readonly inode: number;
  readonly target?: string;
}

/** A file, directory or symbolic link was made under a name that was free. */
export function createNode(files: Own<FilesState>, event: NodeCreated): void {
  const inodes = inodesOf(files);
  const micros = files.wallBase + event.at;
  const kind = kindOf[event.type];
  const parent = edit(inodes, event.directory);
  // Nobody else has the inode yet, so it is written before it takes its place.
  const inode = newInode(kind, parent.mount, files.epoch) as Own<Inode>;
  inode.names = [{ directory: event.directory, name: event.name }];
  // What the machine itself made is known through and through, wherever it is mounted.
  if (inode.entries !== null) inode.entries = { ...inode.entries, isListed: true };
  inode.target = event.target ?? "";
  touchAll(inode, micros);
  set(inodes, event.inode, inode);
  addName(directoryOf(parent), { name: event.name, inode: event.inode, kind }, files.nameSeed);
  touchModified(parent, micros);
  files.nextInode = Math.max(files.nextInode, event.inode + 1);
}

export function openInode(files: Own<FilesState>, open: number, inode: number, flags: number): void {
  set(opensOf(files), open, { epoch: FRESH, inode, holders: 1, position: 0, flags });
  edit(inodesOf(files), inode).opens += 1;
}

/** There is one capability more to an open file. */
export function holdFile(files: Own<FilesState>, open: number): void {
  edit(opensOf(files), open).holders += 1;
}

/** There is one capability fewer to an open file: with the last it is closed. */
export function letGoOfFile(files: Own<FilesState>, open: number): void {
  const { inode, holders } = get(files.opens, open);
  if (holders > 1) {
    edit(opensOf(files), open).holders = holders - 1;
    return;
  }
  remove(opensOf(files), open);
  edit(inodesOf(files), inode).opens -= 1;
  dropIfGone(files, inode);
}

/** An inode without a name and without an open file is nobody's. The roots of mounts have no names and stay. */
export function dropIfGone(files: Own<FilesState>, inodeId: number): void {
  const inode = get(files.inodes, inodeId);
  if (inode.names.length > 0 || inode.opens > 0 || isRoot(files, inodeId)) return;
  remove(inodesOf(files), inodeId);
}

function isRoot(files: Own<FilesState>, inodeId: number): boolean {
  const mount = get(files.inodes, inodeId).mount;
  return mount === 0 ? inodeId === 1 : get(files.mounts, mount).inode === inodeId;
}
