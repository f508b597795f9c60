import {
  choice,
  event,
  type EventOf,
  flag,
  length,
  position,
  text,
  texts,
  uint,
  uints,
} from "../../core/event-schema.ts";

/** Kinds of what a directory names, as numbers: WASI preview 1 `filetype`. */
export const fileType = {
  unknown: 0,
  blockDevice: 1,
  characterDevice: 2,
  directory: 3,
  regular: 4,
  socketDgram: 5,
  socketStream: 6,
  symlink: 7,
} as const;

/** What entered from directories of the host, when it was first touched. Never asked for again. */
export const hostEvents = {
  /** A directory of the host became the root of a mount: `mode` says where changes go. */
  "host/mounted": event(60, {
    mount: uint,
    inode: uint,
    path: text,
    mode: choice("write-through", "read-only", "copy"),
  }),
  /** Names of a directory, some or, with `complete`, the last of them. Their inodes count up from `firstInode`. */
  "host/directory-listed": event(61, {
    inode: uint,
    firstInode: uint,
    names: texts,
    kinds: uints,
    complete: flag,
  }),
  "host/node-examined": event(62, {
    inode: uint,
    directory: uint,
    name: text,
    kind: uint,
    size: uint,
    readable: flag,
    /** `read-only` where the file system that it is on is. */
    writable: choice("no", "yes", "read-only"),
    accessedSeconds: uint,
    accessedNanos: uint,
    modifiedSeconds: uint,
    modifiedNanos: uint,
    changedSeconds: uint,
    changedNanos: uint,
    target: text,
  }),
  /** The name was listed and is no longer there. */
  "host/node-vanished": event(63, { directory: uint, name: text }),
  /** Contents from `offset`, which is a multiple of the chunk's size, on. */
  "host/content-read": event(64, { inode: uint, offset: uint, position, length }),
  /** The host refused; the inode answers with this errno from now on. */
  "host/read-failed": event(65, { inode: uint, errno: uint }),
  /** A change could not be carried out on the host; the inode answers with this errno from now on. */
  "host/effect-failed": event(66, { inode: uint, errno: uint, effect: uint }),
} as const;

export type HostEvent = EventOf<typeof hostEvents>;
