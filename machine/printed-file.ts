/**
 * What a regular file that output goes to says of output itself: a print and the note that it happened are two system calls, and a
 * process that is killed between them leaves a file that is longer than was noted, by the bytes that are noted to come next.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export interface FileSize {
  readonly inode: number;
  readonly size: number;
}

/** Which regular file a descriptor is of, and how long it is; null if it is of something else, or of nothing. */
export function fileSizeOf(descriptor: number): FileSize | null {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() ? { inode: stats.ino, size: stats.size } : null;
  } catch {
    return null;
  }
}

/** How many of the bytes stand in a descriptor's file from an offset on: all up to the file's end, or none. */
export function bytesThere(descriptor: number, offset: number, bytes: Uint8Array): number {
  let file = -1;
  try {
    // The descriptor itself is open for writing only.
    file = openSync(`/proc/self/fd/${descriptor}`, "r");
    const found = new Uint8Array(bytes.length);
    const count = readSync(file, found, 0, bytes.length, offset);
    return Buffer.compare(found.subarray(0, count), bytes.subarray(0, count)) === 0 ? count : 0;
  } catch {
    return 0;
  } finally {
    if (file >= 0) closeSync(file);
  }
}
