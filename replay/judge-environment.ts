/**
 * Judges LMDB's file before LMDB maps it: one that is shorter than its newest meta page says, or whose pages lead astray, would end
 * the process with SIGBUS or SIGSEGV. The layout is that of mdb.c: two meta pages, each with a page header of 24 bytes (lmdb-js),
 * then magic, version, address, map size, two databases of 48 bytes (free pages, and the main one; the first begins with the page
 * size), last page, transaction.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { findDamage, PAGE_HEADER_BYTES, readTree, type TreePlace } from "./judge-pages.ts";
import { RecordingRefused } from "./recording-refused.ts";
import { writerOf } from "./writer-lock.ts";

const MAGIC = 0xbeefc0de;
const FREE_TREE_AT = PAGE_HEADER_BYTES + 24;
const MAIN_TREE_AT = FREE_TREE_AT + 48;
const LAST_PAGE_AT = MAIN_TREE_AT + 48;
const TRANSACTION_AT = LAST_PAGE_AT + 8;
const META_END = TRANSACTION_AT + 8;
const PAGE_SIZES = [4096, 8192, 16_384, 32_768, 65_536];
/** Up to this size a walk over all pages costs a few milliseconds; beyond, only whoever reads all of it anyway asks for one. */
const SMALL_BYTES = 1 << 24;

interface Meta {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly transaction: bigint;
  readonly trees: readonly TreePlace[];
}

/** Refuses a damaged file; `thorough` looks at every page of a large one too. */
export function judgeEnvironment(directory: string, thorough = false): void {
  const file = openSync(join(directory, "data.mdb"), "r");
  try {
    // In this order: somebody may write at this moment, and then the file is at least as large as its newest meta page says.
    const newest = newestMeta(file);
    const sizeBytes = fstatSync(file).size;
    if (newest === null)
      throw new RecordingRefused(
        directory,
        "data.mdb does not begin as a recording does",
        "it was overwritten or is no recording",
      );
    const needed = (newest.lastPage + 1) * newest.pageBytes;
    // Somebody who writes at this moment may use a page anew while it is looked at.
    const isQuiet = writerOf(directory) === null;
    if (sizeBytes >= needed && (!isQuiet || (sizeBytes > SMALL_BYTES && !thorough))) return;
    const damage = findDamage({ file, sizeBytes, ...newest }, newest.trees);
    if (damage === null) return;
    // Pages at the end that nothing leads to need not be there.
    const what =
      sizeBytes < needed ? `cut off: it has ${sizeBytes} bytes of ${needed}` : `damaged: ${damage}`;
    throw new RecordingRefused(directory, `data.mdb is ${what}`, "copy it again from where it was made");
  } finally {
    closeSync(file);
  }
}

function newestMeta(file: number): Meta | null {
  let newest = readMeta(file, 0);
  for (const offset of newest === null ? PAGE_SIZES : [newest.pageBytes]) {
    const second = readMeta(file, offset);
    if (second !== null && (newest === null || second.transaction > newest.transaction)) newest = second;
  }
  return newest;
}

function readMeta(file: number, offset: number): Meta | null {
  const bytes = Buffer.alloc(META_END);
  if (readSync(file, bytes, 0, META_END, offset) < META_END) return null;
  const pageBytes = bytes.readUInt32LE(FREE_TREE_AT);
  if (bytes.readUInt32LE(PAGE_HEADER_BYTES) !== MAGIC || !PAGE_SIZES.includes(pageBytes)) return null;
  return {
    pageBytes,
    lastPage: Number(bytes.readBigUInt64LE(LAST_PAGE_AT)),
    transaction: bytes.readBigUInt64LE(TRANSACTION_AT),
    trees: [readTree(bytes, FREE_TREE_AT), readTree(bytes, MAIN_TREE_AT)],
  };
}
