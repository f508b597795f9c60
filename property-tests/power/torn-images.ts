/**
 * What a power cut may leave of one commit. LMDB writes the pages of a transaction, synchronises, and then writes the newer of its
 * two meta pages, of which all that changes lies in one sector. A disk that keeps its word leaves any part of the data pages
 * under the old meta page, or all of them under either. One that lies about synchronising may leave the new meta page over old data.
 */
import type { CommitImage } from "./commit-images.ts";

export const PAGE_BYTES = 4096;
const SECTOR_BYTES = 512;
const META_PAGES = 2;
/** What the processor writes at once. */
const WORD_BYTES = 8;

export interface TornImage {
  readonly what: string;
  readonly bytes: Buffer;
}

interface Change {
  readonly before: Buffer;
  readonly after: Buffer;
  /** Numbers of the data pages that the commit wrote. */
  readonly pages: readonly number[];
}

function changeOf(before: CommitImage, after: CommitImage): Change {
  const count = Math.ceil(after.bytes.length / PAGE_BYTES);
  const numbers = Array.from({ length: count }, (_, number) => number);
  const pages = numbers.filter(
    (number) => number >= META_PAGES && !pageOf(before.bytes, number).equals(pageOf(after.bytes, number)),
  );
  return { before: before.bytes, after: after.bytes, pages };
}

const pageOf = (bytes: Buffer, number: number): Buffer =>
  bytes.subarray(number * PAGE_BYTES, (number + 1) * PAGE_BYTES);

/** The old file with some stretches of the new one, and as long as they need. */
function withStretches(
  old: Buffer,
  change: Change,
  stretches: readonly (readonly [number, number])[],
): Buffer {
  const size = Math.max(old.length, ...stretches.map(([, end]) => end));
  const bytes = Buffer.alloc(size);
  old.copy(bytes);
  for (const [start, end] of stretches) change.after.copy(bytes, start, start, end);
  return bytes;
}

const whole = (page: number): readonly [number, number] => [page * PAGE_BYTES, (page + 1) * PAGE_BYTES];
const part = (page: number, from: number, to: number): readonly [number, number] => [
  page * PAGE_BYTES + from,
  page * PAGE_BYTES + to,
];

/** The file while the data pages of a commit are being written, in either order: it is still the one before. */
export function* halfWritten(before: CommitImage, after: CommitImage): Generator<TornImage> {
  const change = changeOf(before, after);
  const { pages } = change;
  const make = (what: string, stretches: readonly (readonly [number, number])[]): TornImage => ({
    what,
    bytes: withStretches(before.bytes, change, stretches),
  });
  for (let count = 1; count <= pages.length; count += 1) {
    const inOrder = pages.slice(0, count);
    const torn = inOrder[count - 1] as number;
    const cut = SECTOR_BYTES * (1 + (count % (PAGE_BYTES / SECTOR_BYTES - 1)));
    yield make(`the first ${count} of ${pages.length} pages`, inOrder.map(whole));
    yield make(`the last ${count} of ${pages.length} pages`, pages.slice(-count).map(whole));
    yield make(`page ${torn} torn at byte ${cut}`, [...inOrder.slice(0, -1).map(whole), part(torn, 0, cut)]);
    yield make(`page ${torn} without its first ${cut} bytes`, [part(torn, cut, PAGE_BYTES)]);
  }
}

/** The file while its meta page is being written, behind all data: it is the one before, or the one after. */
export function* metaTorn(before: CommitImage, after: CommitImage): Generator<TornImage> {
  const change = changeOf(before, after);
  const data = change.pages.map(whole);
  for (let page = 0; page < META_PAGES; page += 1) {
    for (let end = WORD_BYTES; end <= SECTOR_BYTES; end += WORD_BYTES) {
      const [from, to] = part(page, end - WORD_BYTES, end);
      if (before.bytes.subarray(from, to).equals(after.bytes.subarray(from, to))) continue;
      const bytes = withStretches(before.bytes, change, [...data, part(page, 0, end)]);
      yield { what: `meta page ${page} up to byte ${end}`, bytes };
    }
  }
}

/** The new meta page over data of which a page is not there: only a disk that lies leaves that. */
export function* metaTooEarly(before: CommitImage, after: CommitImage): Generator<TornImage> {
  const change = changeOf(before, after);
  for (const page of change.pages) {
    const others = [0, 1, ...change.pages.filter((each) => each !== page)].map(whole);
    const stale = withStretches(before.bytes, change, others);
    yield { what: `page ${page} as it was before`, bytes: stale };
    const zeroed = Buffer.from(after.bytes);
    zeroed.fill(0, ...whole(page));
    yield { what: `page ${page} of zeros`, bytes: zeroed };
    yield {
      what: `half of page ${page}`,
      bytes: withStretches(stale, change, [part(page, 0, PAGE_BYTES / 2)]),
    };
  }
}

/** The file cut off at each boundary of a page, and in the middle of each page. */
export function* cutOffAnywhere({ bytes }: CommitImage): Generator<TornImage> {
  for (let size = 0; size < bytes.length; size += PAGE_BYTES / 2)
    yield { what: `cut off at byte ${size}`, bytes: bytes.subarray(0, size) };
}
