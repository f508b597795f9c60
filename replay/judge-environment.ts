/**
 * Judges LMDB's file before LMDB maps it: a file that is shorter than its newest meta page says would end the process with
 * SIGBUS at the first read beyond. The layout is that of mdb.c: two meta pages, each with a page header of 24 bytes (lmdb-js), then
 * magic, version, address, map size, two databases of 48 bytes (the first begins with the page size), last page, transaction.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { RecordingRefused } from "./recording-refused.ts";

const MAGIC = 0xbeefc0de;
const META_START = 24;
const PAGE_SIZE_AT = META_START + 24;
const LAST_PAGE_AT = META_START + 24 + 2 * 48;
const TRANSACTION_AT = LAST_PAGE_AT + 8;
const META_END = TRANSACTION_AT + 8;
const DEFAULT_PAGE_BYTES = 4096;

interface Meta {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly transaction: number;
}

export function judgeEnvironment(directory: string): void {
  const path = join(directory, "data.mdb");
  const file = openSync(path, "r");
  try {
    const size = fstatSync(file).size;
    const first = readMeta(file, 0);
    const second = readMeta(file, first?.pageBytes ?? DEFAULT_PAGE_BYTES);
    const metas = [first, second].filter((meta) => meta !== null);
    const newest = metas.sort((left, right) => right.transaction - left.transaction)[0];
    if (newest === undefined)
      throw new RecordingRefused(
        directory,
        "data.mdb does not begin as a recording does",
        "it was overwritten or is no recording",
      );
    const needed = (newest.lastPage + 1) * newest.pageBytes;
    if (size < needed) {
      throw new RecordingRefused(
        directory,
        `data.mdb is cut off: it has ${size} bytes of ${needed}`,
        "copy it again from where it was made",
      );
    }
  } finally {
    closeSync(file);
  }
}

function readMeta(file: number, offset: number): Meta | null {
  const bytes = Buffer.alloc(META_END);
  if (readSync(file, bytes, 0, META_END, offset) < META_END || bytes.readUInt32LE(META_START) !== MAGIC)
    return null;
  return {
    pageBytes: bytes.readUInt32LE(PAGE_SIZE_AT),
    lastPage: Number(bytes.readBigUInt64LE(LAST_PAGE_AT)),
    transaction: Number(bytes.readBigUInt64LE(TRANSACTION_AT)),
  };
}
