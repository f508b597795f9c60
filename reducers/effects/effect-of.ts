import { get, peek } from "../../core/table.ts";
import type { FilesState } from "../files/file-state.ts";
import { pathOf } from "../files/file-selectors.ts";
import type { KernelEvent } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import type { Effect } from "./effect.ts";

/** The effect of an event, from the state after it; null for most. */
export function effectOf(state: KernelState, event: KernelEvent): Effect | null {
  const { files } = state;
  const { seq } = event;
  const endSeq = seq + 1;
  switch (event.type) {
    case "console/written":
      return {
        seq,
        endSeq,
        kind: "print",
        stream: event.stream,
        position: event.position,
        length: event.length,
      };
    case "file/written":
    case "file/written-at": {
      const inode = get(files.opens, event.open).inode;
      const { offset, position, length } = event;
      return onFile(files, inode, (path) => ({
        seq,
        endSeq,
        kind: "write",
        inode,
        path,
        offset,
        position,
        length,
      }));
    }
    case "file/resized":
      return onFile(files, event.inode, (path) => ({
        seq,
        endSeq,
        kind: "resize",
        inode: event.inode,
        path,
        size: event.size,
      }));
    case "file/synced": {
      const inode = get(files.opens, event.open).inode;
      return onFile(files, inode, (path) => ({ seq, endSeq, kind: "sync", inode, path }));
    }
    case "file/times-set": {
      const accessed = event.setAccessed ? event.accessedSeconds + event.accessedNanos / 1e9 : null;
      const modified = event.setModified ? event.modifiedSeconds + event.modifiedNanos / 1e9 : null;
      const { inode } = event;
      return onFile(files, inode, (path) => ({
        seq,
        endSeq,
        kind: "set-times",
        inode,
        path,
        accessed,
        modified,
      }));
    }
    default:
      return effectOnName(files, event);
  }
}

function effectOnName(files: FilesState, event: KernelEvent): Effect | null {
  const { seq } = event;
  const endSeq = seq + 1;
  switch (event.type) {
    case "file/created":
      return onName(files, event, (path) => ({ seq, endSeq, kind: "create-file", inode: event.inode, path }));
    case "directory/created":
      return onName(files, event, (path) => ({
        seq,
        endSeq,
        kind: "create-directory",
        inode: event.inode,
        path,
      }));
    case "directory/removed":
      return onName(files, event, (path) => ({
        seq,
        endSeq,
        kind: "remove-directory",
        inode: event.inode,
        path,
      }));
    case "name/unlinked":
      return onName(files, event, (path) => ({ seq, endSeq, kind: "remove-file", inode: event.inode, path }));
    case "symlink/created":
      return onName(files, event, (path) => ({
        seq,
        endSeq,
        kind: "create-symlink",
        inode: event.inode,
        path,
        target: event.target,
      }));
    case "name/linked":
      return onName(files, event, (path) => {
        const existing = onFile(files, event.inode, (found) => found) ?? path;
        return { seq, endSeq, kind: "link", inode: event.inode, path, existing };
      });
    case "name/renamed":
      return onName(files, { directory: event.toDirectory, name: event.toName }, (path) => {
        const from = onName(files, event, (found) => found) ?? path;
        return { seq, endSeq, kind: "rename", inode: event.inode, path, from };
      });
    default:
      return null;
  }
}

/** The host's path of an inode whose changes go to the host; null if they do not, or it has no name any more. */
function onFile<Made>(files: FilesState, inodeId: number, make: (path: string) => Made): Made | null {
  const inode = peek(files.inodes, inodeId);
  if (inode === null || inode.mount === 0) return null;
  const mount = get(files.mounts, inode.mount);
  if (mount.mode !== "write-through") return null;
  const path = pathOf(files, inodeId);
  return path === null ? null : make(path === "" ? mount.path : `${mount.path}/${path}`);
}

function onName<Made>(
  files: FilesState,
  named: { readonly directory: number; readonly name: string },
  make: (path: string) => Made,
): Made | null {
  return onFile(files, named.directory, (directory) => make(`${directory}/${named.name}`));
}
