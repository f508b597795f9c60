/**
 * A binary heap in a table: what is due first stands at place 0; of equal times the lower key. Whoever owns what the keys name is told
 * each place that one takes, so that any can be taken out again. Costs: logarithmic in the number of entries.
 */
import { type Epochal, FRESH, type Own } from "./own.ts";
import { get, peek, remove, set, sizeOf, type Table } from "./table.ts";

export interface Due extends Epochal {
  readonly key: number;
  /** Kernel time, in microseconds. */
  readonly until: number;
}

export type DueTable = Table<Due>;

/** Hears where a key stands now; -1: no longer there. */
export type Placed = (key: number, place: number) => void;

type Entry = Pick<Due, "key" | "until">;

const above = (place: number): number => (place - 1) >> 1;

const isEarlier = (one: Entry, other: Entry): boolean =>
  one.until < other.until || (one.until === other.until && one.key < other.key);

function put(heap: Own<DueTable>, place: number, { key, until }: Entry, placed: Placed): void {
  set(heap, place, { epoch: FRESH, key, until });
  placed(key, place);
}

/** Moves an entry up from a free place, past all that are due later. */
function rise(heap: Own<DueTable>, from: number, entry: Entry, placed: Placed): void {
  let place = from;
  while (place > 0) {
    const parent = get(heap as unknown as DueTable, above(place));
    if (!isEarlier(entry, parent)) break;
    put(heap, place, parent, placed);
    place = above(place);
  }
  put(heap, place, entry, placed);
}

/** Moves an entry down from a free place, past all that are due earlier. */
function sink(heap: Own<DueTable>, from: number, entry: Entry, placed: Placed): void {
  let place = from;
  for (;;) {
    const child = earlierChild(heap as unknown as DueTable, place);
    if (child < 0 || !isEarlier(get(heap as unknown as DueTable, child), entry)) break;
    put(heap, place, get(heap as unknown as DueTable, child), placed);
    place = child;
  }
  put(heap, place, entry, placed);
}

/** The place below whose entry is due first; -1 if there is none. */
function earlierChild(heap: DueTable, place: number): number {
  const left = place * 2 + 1;
  const count = sizeOf(heap);
  if (left >= count) return -1;
  const right = left + 1;
  return right < count && isEarlier(get(heap, right), get(heap, left)) ? right : left;
}

export const addDue = (heap: Own<DueTable>, entry: Entry, placed: Placed): void =>
  rise(heap, sizeOf(heap as unknown as DueTable), entry, placed);

/** Takes the entry at a place away; the last one takes its place. */
export function removeDue(heap: Own<DueTable>, place: number, placed: Placed): void {
  const table = heap as unknown as DueTable;
  const { key } = get(table, place);
  const lastPlace = sizeOf(table) - 1;
  const last = get(table, lastPlace);
  remove(heap, lastPlace);
  placed(key, -1);
  if (lastPlace === place) return;
  const isUp = place > 0 && isEarlier(last, get(table, above(place)));
  if (isUp) rise(heap, place, last, placed);
  else sink(heap, place, last, placed);
}

/** The keys of all that are due at kernel time `at`. Costs what it finds. */
export function dueKeys(heap: DueTable, at: number): readonly number[] {
  const keys: number[] = [];
  const count = sizeOf(heap);
  for (const places = [0]; places.length > 0; ) {
    const place = places.pop() as number;
    if (place >= count) continue;
    const { key, until } = get(heap, place);
    if (until > at) continue;
    keys.push(key);
    places.push(place * 2 + 1, place * 2 + 2);
  }
  return keys;
}

/** Kernel time at which something is due first; 0 if nothing ever is. */
export const firstUntil = (heap: DueTable): number => peek(heap, 0)?.until ?? 0;
