import { unreachable } from "../../core/assert.ts";
import { FRESH, own, type Own } from "../../core/own.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, get, peek, set } from "../../core/table.ts";
import { fileType, type HostEvent } from "../hosts/host-event.ts";
import { addName, type Directory, findEntry, removeName, replaceEntry } from "./directory.ts";
import { type FilesState, newInode } from "./file-state.ts";
import { fillFromHost } from "./write-contents.ts";
import { inodesOf, directoryOf } from "./owned.ts";

/** What the host's directories said when they were first touched. */
export const reduceHostFacts: Reducer<FilesState, HostEvent> = (files, event) => {
  switch (event.type) {
    case "host/mounted":
      set(own(files, "mounts"), event.mount, {
        epoch: FRESH,
        inode: event.inode,
        path: event.path,
        mode: event.mode,
      });
      set(inodesOf(files), event.inode, newInode(fileType.directory, event.mount, files.epoch));
      files.nextInode = Math.max(files.nextInode, event.inode + 1);
      return;
    case "host/directory-listed":
      listNames(files, event);
      return;
    case "host/node-examined":
      learnNode(files, event);
      return;
    case "host/node-vanished":
      removeName(directoryOf(edit(inodesOf(files), event.directory)), event.name, files.nameSeed);
      return;
    case "host/content-read":
      fillFromHost(edit(inodesOf(files), event.inode), event.offset, event.position, event.length);
      return;
    case "host/read-failed":
    case "host/effect-failed":
      if (peek(files.inodes, event.inode) !== null) edit(inodesOf(files), event.inode).fault = event.errno;
      return;
    default:
      unreachable(event);
  }
};

function listNames(
  files: Own<FilesState>,
  event: Extract<HostEvent, { type: "host/directory-listed" }>,
): void {
  const inode = edit(inodesOf(files), event.inode);
  const entries = directoryOf(inode);
  event.names.forEach((name, index) => {
    if (findEntry(entries as unknown as Directory, name, files.nameSeed) !== null) return;
    const kind = event.kinds[index] ?? fileType.unknown;
    addName(entries, { name, inode: event.firstInode + index, kind }, files.nameSeed);
  });
  entries.isListed = event.complete;
  files.nextInode = Math.max(files.nextInode, event.firstInode + event.names.length);
}

function learnNode(files: Own<FilesState>, event: Extract<HostEvent, { type: "host/node-examined" }>): void {
  const inodes = inodesOf(files);
  const isRoot = event.directory === 0;
  if (!isRoot)
    set(inodes, event.inode, newInode(event.kind, get(files.inodes, event.directory).mount, files.epoch));
  if (!isRoot) correctKind(files, event);
  const inode = edit(inodes, event.inode);
  if (!isRoot) inode.names = [{ directory: event.directory, name: event.name }];
  if (!isRoot) inode.origin = originOf(files, event);
  inode.size = event.size;
  inode.hostSize = event.kind === fileType.regular ? event.size : 0;
  inode.readable = event.readable;
  inode.writable = event.writable === "read-only" ? event.writable : event.writable === "yes";
  inode.accessedSeconds = event.accessedSeconds;
  inode.accessedNanos = event.accessedNanos;
  inode.modifiedSeconds = event.modifiedSeconds;
  inode.modifiedNanos = event.modifiedNanos;
  inode.changedSeconds = event.changedSeconds;
  inode.changedNanos = event.changedNanos;
  inode.target = event.target;
}

/** On the host something else may have taken the name since the directory was listed. */
function correctKind(
  files: Own<FilesState>,
  { directory, name, inode, kind }: Extract<HostEvent, { type: "host/node-examined" }>,
): void {
  const entry = findEntry(get(files.inodes, directory).entries as Directory, name, files.nameSeed);
  if (entry === null || entry.kind === kind) return;
  replaceEntry(directoryOf(edit(inodesOf(files), directory)), name, inode, kind, files.nameSeed);
}

function originOf(
  files: Own<FilesState>,
  named: { readonly directory: number; readonly name: string },
): string {
  const { origin, mount } = get(files.inodes, named.directory);
  if (get(files.mounts, mount).mode !== "copy") return "";
  return origin === "" ? named.name : `${origin}/${named.name}`;
}
