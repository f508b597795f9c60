/**
 * A directory's names, at any size: entries under serial numbers, in the order in which they were made, and a linear hash
 * table (Litwin 1980) from name to serial. Growing splits one bucket at a time, so adding, finding and removing a name cost
 * the same with ten names and with a million, and a write copies a few short arrays. A serial is also the cookie of
 * `fd_readdir`: it stays valid while names come and go, and never names two.
 */
import { type Epochal, FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import {
  edit,
  editIf,
  emptyTable,
  get,
  nextKey,
  peek,
  remove,
  set,
  sizeOf,
  type Table,
} from "../../core/table.ts";

export interface Entry extends Epochal {
  readonly name: string;
  readonly inode: number;
  /** WASI `filetype`: of a host's file it is known before the inode is. */
  readonly kind: number;
}

interface Bucket extends Epochal {
  /** The hash and the serial of each name, in turns: one list is one thing less to copy. */
  readonly names: readonly number[];
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

const entriesOf = ownerOf<Directory>()("entries");
const bucketsOf = ownerOf<Directory>()("buckets");

const NAMES_PER_BUCKET = 8;
/** Numbers for each name of a bucket. */
const FIELDS = 2;

export const emptyDirectory = (isListed: boolean, epoch: number = FRESH): Directory => ({
  epoch,
  entries: emptyTable(epoch),
  buckets: emptyTable(epoch),
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
  for (let index = 0; index < bucket.names.length; index += FIELDS) {
    if (bucket.names[index] !== hash) continue;
    const serial = bucket.names[index + 1] as number;
    if (get(directory.entries, serial).name === name) return serial;
  }
  return -1;
}

/** Where in its bucket a name stands that the directory has. Hashes are seldom alike: the name itself is seldom looked at. */
function placeOf(directory: Directory, bucket: Bucket, hash: number, name: string): number {
  const first = placeOfHash(bucket, hash, 0);
  if (placeOfHash(bucket, hash, first + FIELDS) < 0) return first;
  for (let place = first; place >= 0; place = placeOfHash(bucket, hash, place + FIELDS))
    if (get(directory.entries, bucket.names[place + 1] as number).name === name) return place;
  return -1;
}

function placeOfHash({ names }: Bucket, hash: number, from: number): number {
  for (let place = from; place < names.length; place += FIELDS) if (names[place] === hash) return place;
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
  set(entriesOf(directory), serial, {
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
  const index = bucketOf(directory, hash);
  const buckets = bucketsOf(directory);
  const edited = edit(buckets, index);
  const place = placeOf(directory, edited, hash, name);
  remove(entriesOf(directory), edited.names[place + 1] as number);
  if (edited.names.length === FIELDS) return remove(buckets, index);
  edited.names = without(edited.names, place);
}

/** A copy that is just as long as it must be: most of a machine's memory is short lists. */
function withLast(names: readonly number[], hash: number, serial: number): number[] {
  const { length } = names;
  const copy = new Array<number>(length + FIELDS);
  for (let index = 0; index < length; index += 1) copy[index] = names[index] as number;
  copy[length] = hash;
  copy[length + 1] = serial;
  return copy;
}

function without(names: readonly number[], place: number): number[] {
  const copy = new Array<number>(names.length - FIELDS);
  for (let index = 0; index < place; index += 1) copy[index] = names[index] as number;
  for (let index = place; index < copy.length; index += 1) copy[index] = names[index + FIELDS] as number;
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
  const entry = edit(entriesOf(directory), serialOf(directory, name, seed));
  entry.inode = inode;
  entry.kind = kind;
}

function addToBucket(directory: Own<Directory>, hash: number, serial: number): void {
  const buckets = bucketsOf(directory);
  const index = bucketOf(directory, hash);
  const edited = editIf(buckets, index);
  if (edited === null) return set(buckets, index, { epoch: FRESH, names: [hash, serial] });
  edited.names = withLast(edited.names, hash, serial);
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
  const buckets = bucketsOf(directory);
  if (stays === null) remove(buckets, index);
  else set(buckets, index, stays);
  set(buckets, index + bit, goes);
}

/** Those of a bucket whose hashes have the bit, or have it not; null if there are none. */
function half(bucket: Bucket, bit: number, wanted: number): Bucket | null {
  const names: number[] = [];
  for (let place = 0; place < bucket.names.length; place += FIELDS) {
    const hash = bucket.names[place] as number;
    if ((hash & bit) === wanted) names.push(hash, bucket.names[place + 1] as number);
  }
  return names.length === 0 ? null : { epoch: FRESH, names: names.slice() };
}
