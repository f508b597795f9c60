/**
 * Walks the trees of LMDB's file before LMDB maps it. LMDB believes its pages: a changed byte in one may lead it out of the page,
 * or out of the file, and then the process ends with SIGSEGV or SIGBUS and no word of explanation. Here every page that the newest
 * state reaches is looked at once: whether it lies in the file, is what its parent takes it for, and keeps its nodes within itself.
 * What the nodes contain is not judged here; the recording's own hashes do that.
 *
 * Layout of mdb.c as lmdb-js has it (64 bits, little endian): a page begins with number (8 bytes), transaction (8), padding (2),
 * flags (2), and lower and upper bound of its free space (2 each, from the header's end on), or the count of an overflow page (4);
 * then, 2 bytes each, where its nodes are, from the header's end on. A node: size or page number in low and high half (2 each),
 * flags (2), size of the key (2), key, data.
 */
import { readSync } from "node:fs";

export const PAGE_HEADER_BYTES = 24;
const NODE_HEADER_BYTES = 8;
const TREE_BYTES = 48;
const OVERFLOW_BYTES = 24;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
const MAX_DEPTH = 32;

const pageFlag = { branch: 1, leaf: 2, overflow: 4 } as const;
const nodeFlag = { overflow: 1, tree: 2 } as const;

/** One tree: where its descriptor of 48 bytes says that it begins, and how deep it is. */
export interface TreePlace {
  readonly root: bigint;
  readonly depth: number;
  readonly flags: number;
}

export function readTree(bytes: Buffer, at: number): TreePlace {
  return {
    flags: bytes.readUInt16LE(at + 4),
    depth: bytes.readUInt16LE(at + 6),
    root: bytes.readBigUInt64LE(at + 40),
  };
}

interface PagedFile {
  readonly file: number;
  readonly sizeBytes: number;
  readonly pageBytes: number;
  readonly lastPage: number;
}

class DamagedPage extends Error {}

/** What is wrong with the trees; null if nothing is. */
export function findDamage(paged: PagedFile, trees: readonly TreePlace[]): string | null {
  const walk = new TreeWalk(paged);
  try {
    for (const tree of trees) walk.tree(tree);
    return null;
  } catch (error) {
    if (error instanceof DamagedPage) return error.message;
    throw error;
  }
}

class TreeWalk {
  readonly #paged: PagedFile;
  readonly #seen: Uint8Array;

  constructor(paged: PagedFile) {
    this.#paged = paged;
    this.#seen = new Uint8Array(Math.min(paged.lastPage + 1, Math.ceil(paged.sizeBytes / paged.pageBytes)));
  }

  tree({ root, depth }: TreePlace): void {
    if (root === NO_PAGE) return;
    if (depth === 0 || depth > MAX_DEPTH) throw new DamagedPage(`a tree is ${depth} pages deep`);
    this.#page(Number(root), depth);
  }

  #page(number: number, depth: number): void {
    const page = this.#read(number);
    const wanted = depth === 1 ? pageFlag.leaf : pageFlag.branch;
    if (page.readUInt16LE(18) !== wanted) throw new DamagedPage(`page ${number} is of another kind`);
    const lower = page.readUInt16LE(20);
    const upper = page.readUInt16LE(22);
    const room = this.#paged.pageBytes - PAGE_HEADER_BYTES;
    const isSound = lower % 2 === 0 && lower <= upper && upper <= room && (lower > 0 || depth === 1);
    if (!isSound) throw new DamagedPage(`page ${number} has impossible bounds`);
    for (let at = 0; at < lower; at += 2) {
      const node = page.readUInt16LE(PAGE_HEADER_BYTES + at);
      if (node < upper || node + NODE_HEADER_BYTES > room)
        throw new DamagedPage(`page ${number} points beside its nodes`);
      this.#node(page.subarray(PAGE_HEADER_BYTES + node), number, depth);
    }
  }

  #node(node: Buffer, number: number, depth: number): void {
    const low = node.readUInt16LE(0) + node.readUInt16LE(2) * 0x1_0000;
    const flags = node.readUInt16LE(4);
    const data = NODE_HEADER_BYTES + node.readUInt16LE(6);
    if (depth > 1) {
      if (data > node.length) throw new DamagedPage(`a key of page ${number} is cut off`);
      return this.#page(low + flags * 0x1_0000_0000, depth - 1);
    }
    const size = (flags & nodeFlag.overflow) === 0 ? low : OVERFLOW_BYTES;
    if (data + size > node.length) throw new DamagedPage(`a node of page ${number} is cut off`);
    if (flags === nodeFlag.overflow) this.#overflow(node.subarray(data), low);
    else if (flags === nodeFlag.tree && size === TREE_BYTES) this.tree(readTree(node, data));
    else if (flags !== 0) throw new DamagedPage(`a node of page ${number} is of no known kind`);
  }

  #overflow(place: Buffer, size: number): void {
    const number = Number(place.readBigUInt64LE(0));
    const count = Number(place.readBigUInt64LE(16));
    const page = this.#read(number);
    const isSound = page.readUInt16LE(18) === pageFlag.overflow && page.readUInt32LE(20) === count;
    const needed = Math.ceil((PAGE_HEADER_BYTES + size) / this.#paged.pageBytes);
    const isWithin =
      number + count - 1 <= this.#paged.lastPage &&
      (number + needed) * this.#paged.pageBytes <= this.#paged.sizeBytes;
    if (!isSound || needed > count || !isWithin)
      throw new DamagedPage(`the bytes at page ${number} are cut off`);
  }

  #read(number: number): Buffer {
    const { file, pageBytes } = this.#paged;
    if (number < 2 || number >= this.#seen.length) throw new DamagedPage(`page ${number} is not in the file`);
    if (this.#seen[number] === 1) throw new DamagedPage(`page ${number} is used twice`);
    this.#seen[number] = 1;
    const page = Buffer.alloc(pageBytes);
    const count = readSync(file, page, 0, pageBytes, number * pageBytes);
    if (count < pageBytes || Number(page.readBigUInt64LE(0)) !== number) {
      throw new DamagedPage(`page ${number} is not where it should be`);
    }
    return page;
  }
}
