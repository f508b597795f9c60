import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  readSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from "node:fs";
import type { TransformedModule } from "../transform/transform-module.ts";
import { decodeHeader, entrySize, fits, HASH_BYTES, HEADER_BYTES } from "./entry-format.ts";
import { decodeLayout } from "./layout-codec.ts";
import { isPrivate } from "./private-folder.ts";
import { unlessRefused } from "./unless-refused.ts";

/** The time of use is written down at most once a minute: eviction need not know better. */
const TOUCH_MILLIS = 60_000;

export interface EntryPlace {
  readonly path: string;
  readonly key: Uint8Array;
  /** Of the whole cache: a larger entry is not used. */
  readonly maxBytes: number;
}

/**
 * The module that an entry holds, or null if there is none. What stands in its place and is not, to the byte, what was
 * written for this key is removed: a symlink itself, a directory only if it is empty.
 */
export function loadEntry(place: EntryPlace): TransformedModule | null {
  return unlessRefused(() => {
    const stats = lstatSync(place.path);
    // Not even opened: that may do something to a device.
    const module = isUsable(stats, place) ? readEntry(place) : null;
    if (module === null) remove(place.path, stats.isDirectory());
    return module;
  });
}

function remove(path: string, isDirectory: boolean): void {
  unlessRefused(() => (isDirectory ? rmdirSync(path) : unlinkSync(path)));
}

const isUsable = (stats: Stats, { maxBytes }: EntryPlace): boolean =>
  stats.isFile() && isPrivate(stats) && stats.size >= HEADER_BYTES + HASH_BYTES && fits(stats.size, maxBytes);

function readEntry(place: EntryPlace): TransformedModule | null {
  // Something else may stand there by now: no link is followed, no pipe waited for.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = openSync(place.path, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    const module = isUsable(stats, place) ? readModule(file, stats.size, place.key) : null;
    if (module !== null) touch(file, stats);
    return module;
  } finally {
    closeSync(file);
  }
}

/** Each part into an array of its own: nothing of a module stays in memory for the sake of another. */
function readModule(file: number, size: number, key: Uint8Array): TransformedModule | null {
  const hash = createHash("sha256");
  const next = (length: number): Uint8Array => {
    const part = readPart(file, length);
    hash.update(part);
    return part;
  };
  const sizes = decodeHeader(next(HEADER_BYTES), key);
  if (sizes === null || entrySize(sizes) !== size) return null;
  const fast = next(sizes.fast);
  const slow = next(sizes.slow);
  const layoutBytes = next(sizes.layout);
  if (Buffer.compare(hash.digest(), readPart(file, HASH_BYTES)) !== 0) return null;
  const layout = decodeLayout(layoutBytes);
  return layout === null ? null : { fast, slow, layout };
}

/** The next bytes. What a file lacks that is cut off meanwhile is 0, and not what was hashed. */
function readPart(file: number, length: number): Uint8Array {
  const part = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const count = readSync(file, part, done, length - done, null);
    if (count === 0) break;
    done += count;
  }
  return part;
}

function touch(file: number, { mtimeMs }: Stats): void {
  const now = Date.now();
  // A time to come is a clock's that was wrong: it would never be the oldest.
  if (Math.abs(now - mtimeMs) > TOUCH_MILLIS) unlessRefused(() => futimesSync(file, now / 1000, now / 1000));
}
