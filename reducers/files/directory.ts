/**
 * A directory's names, at any size: entries under serial numbers, in the order in which they were made, and a linear hash
 * table (Litwin 1980) from name to serial. Growing splits one bucket at a time, so adding, finding and removing a name cost
 * the same with ten names and with a million, and a write copies a few short arrays. A serial is also the cookie of
 * `fd_readdir`: it stays valid while names come and go, and never names two.
 */
import { type Epochal, FRESH, own, type Own } from "../../core/own.ts";
import { edit, emptyTable, get, nextKey, peek, remove, set, sizeOf, type Table } from "../../core/table.ts";

export interface Entry extends Epochal {
  readonly name: string;
  readonly inode: number;
  /** WASI `filetype`: of a host's file it is known before the inode is. */
  readonly kind: number;
}

interface Bucket extends Epochal {
  readonly hashes: readonly number[];
  readonly serials: readonly number[];
}

export interface Directory extends Epochal {
  readonly entries: Table<Entry>;
  readonly buckets: Table<Bucket>;
  /** There are 2^bits + split buckets; those below `split` are already split by one more bit. */
  readonly bits: number;
  readonly split: number;
  readonly nextSerial: number;
  /** Whether all names are known. Of the host's directories they are once they have been listed. */
  readonly isListed: boolean;
}

const NAMES_PER_BUCKET = 8;

export const emptyDirectory = (isListed: boolean): Directory => ({
  epoch: FRESH,
  entries: emptyTable(),
  buckets: emptyTable(),
  bits: 0,
  split: 0,
  nextSerial: 0,
  isListed,
});

export const nameCount = (directory: Directory): number => sizeOf(directory.entries);

/** A name's 31-bit hash (MurmurHash3's mixing), under the machine's seed so that guests cannot choose collisions. */
export function hashName(name: string, seed: number): number {
  let hash = seed | 0;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ Math.imul(name.charCodeAt(index), 0xcc9e2d51), 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
  }
  hash ^= name.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 1;
}

function bucketOf(directory: { bits: number; split: number }, hash: number): number {
  const low = hash & ((1 << directory.bits) - 1);
  return low < directory.split ? hash & ((2 << directory.bits) - 1) : low;
}

/** The serial of a name; -1 if the directory does not have it. */
export const serialOf = (directory: Directory, name: string, seed: number): number =>
  serialUnder(directory, name, hashName(name, seed));

function serialUnder(directory: Directory, name: string, hash: number): number {
  const bucket = peek(directory.buckets, bucketOf(directory, hash));
  if (bucket === null) return -1;
  for (let index = 0; index < bucket.hashes.length; index += 1) {
    if (bucket.hashes[index] !== hash) continue;
    const serial = bucket.serials[index] as number;
    if (get(directory.entries, serial).name === name) return serial;
  }
  return -1;
}

export function findEntry(directory: Directory, name: string, seed: number): Entry | null {
  const serial = serialOf(directory, name, seed);
  return serial < 0 ? null : get(directory.entries, serial);
}

/** The first entry whose serial is at or above `from`, with that serial; null behind the last. */
export function entryFrom(directory: Directory, from: number): { serial: number; entry: Entry } | null {
  const serial = nextKey(directory.entries, from);
  return serial < 0 ? null : { serial, entry: get(directory.entries, serial) };
}

/** Adds a name that the directory does not have. */
export function addName(directory: Own<Directory>, entry: Omit<Entry, "epoch">, seed: number): void {
  const serial = directory.nextSerial;
  directory.nextSerial += 1;
  set(own(directory, "entries"), serial, {
    epoch: FRESH,
    name: entry.name,
    inode: entry.inode,
    kind: entry.kind,
  });
  addToBucket(directory, hashName(entry.name, seed), serial);
  if (nameCount(directory) > NAMES_PER_BUCKET * (2 ** directory.bits + directory.split))
    splitBucket(directory);
}

/** Takes away a name that the directory has. */
export function removeName(directory: Own<Directory>, name: string, seed: number): void {
  const hash = hashName(name, seed);
  const serial = serialUnder(directory, name, hash);
  remove(own(directory, "entries"), serial);
  const buckets = own(directory, "buckets");
  const index = bucketOf(directory, hash);
  const edited = edit(buckets, index);
  if (edited.serials.length === 1) return remove(buckets, index);
  const place = edited.serials.indexOf(serial);
  edited.hashes = without(edited.hashes, place);
  edited.serials = without(edited.serials, place);
}

/** A copy that is just as long as it must be: most of a machine's memory is short lists. */
function withLast(list: readonly number[], item: number): number[] {
  const copy = new Array<number>(list.length + 1);
  for (let index = 0; index < list.length; index += 1) copy[index] = list[index] as number;
  copy[list.length] = item;
  return copy;
}

function without(list: readonly number[], place: number): number[] {
  const copy = new Array<number>(list.length - 1);
  for (let index = 0; index < place; index += 1) copy[index] = list[index] as number;
  for (let index = place + 1; index < list.length; index += 1) copy[index - 1] = list[index] as number;
  return copy;
}

/** Lets a name that the directory has stand for another inode; its place in the order stays. */
export function replaceEntry(
  directory: Own<Directory>,
  name: string,
  inode: number,
  kind: number,
  seed: number,
): void {
  const entry = edit(own(directory, "entries"), serialOf(directory, name, seed));
  entry.inode = inode;
  entry.kind = kind;
}

function addToBucket(directory: Own<Directory>, hash: number, serial: number): void {
  const buckets = own(directory, "buckets");
  const index = bucketOf(directory, hash);
  if (peek(buckets as unknown as Table<Bucket>, index) === null)
    return set(buckets, index, { epoch: FRESH, hashes: [hash], serials: [serial] });
  const edited = edit(buckets, index);
  edited.hashes = withLast(edited.hashes, hash);
  edited.serials = withLast(edited.serials, serial);
}

/** Gives the names of the next bucket that one more bit of their hashes tells apart a bucket of their own. */
function splitBucket(directory: Own<Directory>): void {
  const index = directory.split;
  const bit = 1 << directory.bits;
  const old = peek(directory.buckets, index);
  directory.split += 1;
  if (directory.split === bit) {
    directory.bits += 1;
    directory.split = 0;
  }
  if (old === null) return;
  const stays = half(old, bit, 0);
  const goes = half(old, bit, bit);
  if (goes === null) return;
  const buckets = own(directory, "buckets");
  if (stays === null) remove(buckets, index);
  else set(buckets, index, stays);
  set(buckets, index + bit, goes);
}

/** Those of a bucket whose hashes have the bit, or have it not; null if there are none. */
function half(bucket: Bucket, bit: number, wanted: number): Bucket | null {
  const hashes: number[] = [];
  const serials: number[] = [];
  bucket.hashes.forEach((hash, place) => {
    if ((hash & bit) !== wanted) return;
    hashes.push(hash);
    serials.push(bucket.serials[place] as number);
  });
  return hashes.length === 0 ? null : { epoch: FRESH, hashes, serials };
}
