import { event, type EventOf, flag, length, position, text, uint, use } from "../../core/event-schema.ts";

/**
 * What happened to files, directories and their names. `by` is the capability that was used; a `directory` is an inode;
 * an `open` is an open file with its position, as POSIX's open file description.
 */
export const fileEvents = {
  "file/read": event(70, { by: use, open: uint, offset: uint, length: uint }),
  "file/written": event(71, { by: use, open: uint, offset: uint, position, length }),
  /** Read or written at an offset of the call; the open file's own position stays. */
  "file/read-at": event(72, { by: use, open: uint, offset: uint, length: uint }),
  "file/written-at": event(73, { by: use, open: uint, offset: uint, position, length }),
  /** `from` is the slot of the directory that it was opened through, which is `by`. */
  "file/opened": event(74, {
    by: use,
    from: uint,
    slot: uint,
    inode: uint,
    open: uint,
    rights: uint,
    inheriting: uint,
    flags: uint,
  }),
  "file/seeked": event(75, { by: use, open: uint, offset: uint }),
  "file/created": event(76, { by: use, directory: uint, name: text, inode: uint }),
  "file/resized": event(77, { by: use, inode: uint, size: uint }),
  "file/times-set": event(78, {
    by: use,
    inode: uint,
    setAccessed: flag,
    accessedSeconds: uint,
    accessedNanos: uint,
    setModified: flag,
    modifiedSeconds: uint,
    modifiedNanos: uint,
  }),
  "file/flags-set": event(79, { by: use, open: uint, flags: uint }),
  /** A guest asked what a file is: by its descriptor, or by a path below the capability. */
  "file/examined": event(80, { by: use, inode: uint }),
  "file/position-told": event(81, { by: use, open: uint }),
  "file/synced": event(82, { by: use, open: uint }),
  "file/advised": event(83, { by: use, open: uint, advice: uint }),
  /** The bytes of a chunk that was in too many pieces now stand in one place. */
  "file/chunk-consolidated": event(84, { inode: uint, chunk: uint, position, length }),
  "directory/created": event(85, { by: use, directory: uint, name: text, inode: uint }),
  "directory/removed": event(86, { by: use, directory: uint, name: text, inode: uint }),
  "directory/read": event(87, { by: use, open: uint, cookie: uint }),
  "symlink/created": event(88, { by: use, directory: uint, name: text, inode: uint, target: text }),
  "symlink/read": event(89, { by: use, inode: uint }),
  "name/linked": event(90, { by: use, directory: uint, name: text, inode: uint }),
  "name/unlinked": event(91, { by: use, directory: uint, name: text, inode: uint }),
  /** `replaced` is the inode that had the new name before; 0 if none had. */
  "name/renamed": event(92, {
    by: use,
    directory: uint,
    name: text,
    toDirectory: uint,
    toName: text,
    inode: uint,
    replaced: uint,
  }),
  /** A preopened directory was opened at boot. */
  "file/preopened": event(93, { inode: uint, open: uint }),
} as const;

export type FileEvent = EventOf<typeof fileEvents>;
