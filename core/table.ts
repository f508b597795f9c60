/**
 * Paged tables: rows under an integer key in nested arrays of a fan-out of up to 32, so that one write copies a few short arrays and
 * never a wide one. (Measured: immer pays for the width of what a recipe touches: 13 us an event at width 3, 665 us at
 * 3,000, 34 us at 3,000 when paged.) Empty pages are given back, so the memory follows the rows and not the keys; each
 * node counts its rows, so the lowest free key is found in one descent.
 *
 * Costs: peek, edit, set, remove, lowestFree and nextKey are O(log32 of the highest key), at most 7 steps.
 */
import { invariant } from "./assert.ts";
import { type Epochal, FRESH, type Own } from "./own.ts";

export interface Page<Row extends Epochal> extends Epochal {
  /** Rows below this page. */
  readonly count: number;
  /**
   * Rows on the lowest level, else pages; null where there is none. 32 places, or as few as 4, 8 or 16 as long as none behind is needed:
   * most tables are small, and a file of one chunk should not cost the places of 32.
   */
  readonly items: readonly (Row | Page<Row> | null)[];
}

export interface Table<Row extends Epochal> extends Epochal {
  readonly levels: number;
  readonly root: Page<Row> | null;
}

/** Bits of a key that choose a place of one page. */
export const PAGE_BITS = 5;
const BITS = PAGE_BITS;
const FAN_OUT = 1 << BITS;
const MASK = FAN_OUT - 1;
const KEY_BITS = 31;

/** Keys are 31-bit integers, which V8 holds without a box. */
export const MAX_KEY = 2 ** KEY_BITS - 1;

type MutablePage = { epoch: number; count: number; items: (Epochal | null)[] };

/** A table without rows; of an epoch, if it belongs to a record that the fold of that epoch makes. */
export const emptyTable = <Row extends Epochal>(epoch: number = FRESH): Table<Row> => ({
  epoch,
  levels: 0,
  root: null,
});

export const sizeOf = (table: Table<Epochal>): number => (table.root === null ? 0 : table.root.count);

const holds = (levels: number, key: number): boolean =>
  levels * BITS >= KEY_BITS || key >>> (levels * BITS) === 0;

/** The row under the key, to read; null if there is none. */
export function peek<Row extends Epochal>(table: Table<Row>, key: number): Row | null {
  if (table.root === null || !holds(table.levels, key)) return null;
  let page: Page<Row> = table.root;
  for (let shift = (table.levels - 1) * BITS; shift > 0; shift -= BITS) {
    const next = itemOf(page, (key >>> shift) & MASK) as Page<Row> | null;
    if (next === null) return null;
    page = next;
  }
  return itemOf(page, key & MASK) as Row | null;
}

/** What stands at a place; null also behind the last that the page has. */
const itemOf = (page: Page<Epochal>, index: number): Epochal | null =>
  index < page.items.length ? (page.items[index] as Epochal | null) : null;

/** The row under the key, which the caller knows to be there. */
export function get<Row extends Epochal>(table: Table<Row>, key: number): Row {
  const row = peek(table, key);
  invariant(row !== null, "a row that was asked for is in its table");
  return row;
}

/** How many places a page may have. */
export const PLACES: readonly number[] = [4, 8, 16, FAN_OUT];

/** So many empty places as an index needs. List literals, which the engine copies at once: filling one is several times as slow. */
function placesFor(index: number): (Epochal | null)[] {
  if (index < 4) return [null, null, null, null];
  if (index < 8) return [null, null, null, null, null, null, null, null];
  // biome-ignore format: rows of eight nulls
  if (index < 16) return [
    null, null, null, null, null, null, null, null,
    null, null, null, null, null, null, null, null,
  ];
  // biome-ignore format: rows of eight nulls
  return [
    null, null, null, null, null, null, null, null,
    null, null, null, null, null, null, null, null,
    null, null, null, null, null, null, null, null,
    null, null, null, null, null, null, null, null,
  ];
}

/** An empty page with room for a place. */
const newPage = (epoch: number, index: number): MutablePage => ({
  epoch,
  count: 0,
  items: placesFor(index),
});

/** Gives an owned page more places, if it needs more than it has. */
function makePlace(page: MutablePage, index: number): void {
  if (index < page.items.length) return;
  const items = placesFor(index);
  for (let place = 0; place < page.items.length; place += 1)
    items[place] = page.items[place] as Epochal | null;
  page.items = items;
}

/** A page with as few places as its rows need, whatever was there before: the one form in which it is written down. */
export function narrowed(page: Page<Epochal>): Page<Epochal> {
  let used = page.items.length;
  while (used > 0 && page.items[used - 1] === null) used -= 1;
  const places = PLACES.find((count) => count >= used) ?? FAN_OUT;
  return places === page.items.length ? page : { ...page, items: page.items.slice(0, places) };
}

function ownRoot(table: Own<Table<Epochal>>): MutablePage {
  const root = table.root as unknown as MutablePage;
  if (root.epoch === table.epoch) return root;
  const copy = { epoch: table.epoch, count: root.count, items: root.items.slice() };
  table.root = copy as Page<Epochal>;
  return copy;
}

function ownPage(page: MutablePage, index: number): MutablePage | null {
  const child = itemOf(page as Page<Epochal>, index) as MutablePage | null;
  if (child === null) return null;
  if (child.epoch === page.epoch) return child;
  const copy = { epoch: page.epoch, count: child.count, items: child.items.slice() };
  page.items[index] = copy;
  return copy;
}

/** The row under the key, to write: copied at most once in an epoch. The row must be there. */
export function edit<Row extends Epochal>(table: Own<Table<Row>>, key: number): Own<Row> {
  const row = editIf(table, key);
  invariant(row !== null, "an edited row is in its table");
  return row;
}

/** As `edit`; null if the row is not there. */
export function editIf<Row extends Epochal>(table: Own<Table<Row>>, key: number): Own<Row> | null {
  if (table.root === null || !holds(table.levels, key)) return null;
  let page = ownRoot(table as unknown as Own<Table<Epochal>>);
  for (let shift = (table.levels - 1) * BITS; shift > 0; shift -= BITS) {
    const below = ownPage(page, (key >>> shift) & MASK);
    if (below === null) return null;
    page = below;
  }
  const index = key & MASK;
  const row = itemOf(page as Page<Epochal>, index);
  if (row === null) return null;
  if (row.epoch === page.epoch) return row as Own<Row>;
  const copy = { ...row, epoch: page.epoch };
  page.items[index] = copy;
  return copy as unknown as Own<Row>;
}

function makeRoomFor(table: Own<Table<Epochal>>, key: number): void {
  if (table.root === null) {
    let levels = 1;
    while (!holds(levels, key)) levels += 1;
    table.root = newPage(table.epoch, key >>> ((levels - 1) * BITS)) as Page<Epochal>;
    table.levels = levels;
  }
  while (!holds(table.levels, key)) {
    const above = newPage(table.epoch, 0);
    above.items[0] = table.root;
    above.count = (table.root as Page<Epochal>).count;
    table.root = above as Page<Epochal>;
    table.levels += 1;
  }
}

/** Puts a row under the key, in the place of the one that is there. The row must be new and in no other place. */
export function set<Row extends Epochal>(table: Own<Table<Row>>, key: number, row: Row): void {
  invariant(key >= 0 && key <= MAX_KEY, "a key is a 31-bit integer");
  const wide = table as unknown as Own<Table<Epochal>>;
  const added = peek(wide, key) === null ? 1 : 0;
  makeRoomFor(wide, key);
  let page = ownRoot(wide);
  page.count += added;
  for (let shift = (table.levels - 1) * BITS; shift > 0; shift -= BITS) {
    const index = (key >>> shift) & MASK;
    makePlace(page, index);
    if (page.items[index] === null) page.items[index] = newPage(page.epoch, (key >>> (shift - BITS)) & MASK);
    page = ownPage(page, index) as MutablePage;
    page.count += added;
  }
  (row as { epoch: number }).epoch = page.epoch;
  makePlace(page, key & MASK);
  page.items[key & MASK] = row;
}

/** Takes the row away. Pages that become empty go with it. */
export function remove<Row extends Epochal>(table: Own<Table<Row>>, key: number): void {
  const wide = table as unknown as Own<Table<Epochal>>;
  invariant(peek(wide, key) !== null, "a removed row is in its table");
  let page = ownRoot(wide);
  page.count -= 1;
  if (page.count === 0) {
    table.root = null;
    table.levels = 0;
    return;
  }
  for (let shift = (table.levels - 1) * BITS; shift > 0; shift -= BITS) {
    const index = (key >>> shift) & MASK;
    const below = ownPage(page, index) as MutablePage;
    below.count -= 1;
    if (below.count === 0) {
      page.items[index] = null;
      return;
    }
    page = below;
  }
  page.items[key & MASK] = null;
}

/** Takes away every row at or above the key, in one descent. */
export function removeFrom<Row extends Epochal>(table: Own<Table<Row>>, key: number): void {
  if (table.root === null || !holds(table.levels, key)) return;
  const root = ownRoot(table as unknown as Own<Table<Epochal>>);
  cutPage(root, table.levels - 1, key);
  if (root.count > 0) return;
  table.root = null;
  table.levels = 0;
}

function cutPage(page: MutablePage, level: number, key: number): void {
  const index = (key >>> (level * BITS)) & MASK;
  for (let above = level === 0 ? index : index + 1; above < page.items.length; above += 1) {
    const item = page.items[above] as Page<Epochal> | null;
    if (item === null) continue;
    page.count -= level === 0 ? 1 : item.count;
    page.items[above] = null;
  }
  const below = level === 0 ? null : ownPage(page, index);
  if (below === null) return;
  page.count -= below.count;
  cutPage(below, level - 1, key);
  page.count += below.count;
  if (below.count === 0) page.items[index] = null;
}

/** The first place that is empty or, above the lowest level, whose page has room; the number of places if there is none. */
function firstWithRoom({ items }: Page<Epochal>, capacity: number): number {
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index] as Epochal | null;
    if (item === null || (capacity > 0 && (item as Page<Epochal>).count < capacity)) return index;
  }
  return items.length;
}

/** The lowest key that has no row. */
export function lowestFree(table: Table<Epochal>): number {
  if (table.root === null) return 0;
  let page = table.root;
  let key = 0;
  for (let level = table.levels - 1; level >= 0; level -= 1) {
    const capacity = 2 ** (level * BITS);
    const index = firstWithRoom(page, level === 0 ? 0 : capacity);
    if (index === FAN_OUT) return 2 ** (table.levels * BITS);
    key += index * capacity;
    const next = itemOf(page, index) as Page<Epochal> | null;
    if (next === null || level === 0) return key;
    page = next;
  }
  return key;
}

/** The lowest key at or above `from` that has a row; -1 if there is none. */
export function nextKey(table: Table<Epochal>, from: number): number {
  if (table.root === null || !holds(table.levels, from)) return -1;
  return nextKeyIn(table.root, table.levels - 1, from);
}

function nextKeyIn(page: Page<Epochal>, level: number, from: number): number {
  const capacity = 2 ** (level * BITS);
  let start = from;
  for (let index = Math.floor(from / capacity); index < page.items.length; index += 1) {
    const item = page.items[index] as Epochal | null;
    if (item !== null) {
      if (level === 0) return index;
      const below = nextKeyIn(item as Page<Epochal>, level - 1, Math.max(0, start - index * capacity));
      if (below >= 0) return index * capacity + below;
    }
    start = (index + 1) * capacity;
  }
  return -1;
}

/** Every row with its key, in the order of the keys. */
export function* rowsOf<Row extends Epochal>(table: Table<Row>): Generator<readonly [number, Row]> {
  for (let key = nextKey(table, 0); key >= 0; key = nextKey(table, key + 1)) yield [key, get(table, key)];
}
