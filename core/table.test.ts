import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { beginEpoch, type Epochal, FRESH, type Own } from "./own.ts";
import {
  edit,
  editIf,
  emptyTable,
  get,
  lowestFree,
  MAX_KEY,
  nextKey,
  type Page,
  peek,
  remove,
  removeFrom,
  rowsOf,
  set,
  sizeOf,
  type Table,
} from "./table.ts";

interface Row extends Epochal {
  readonly value: number;
}

const row = (value: number): Row => ({ epoch: FRESH, value });
const newTable = (): Own<Table<Row>> => beginEpoch(emptyTable<Row>());
const tableOf = (...keys: readonly number[]): Own<Table<Row>> => {
  const table = newTable();
  for (const key of keys) set(table, key, row(key));
  return table;
};
const keysOf = (table: Table<Row>): number[] => [...rowsOf(table)].map(([key]) => key);

/** Where a level of pages ends and the next begins, and where the keys end. */
const edges = [
  0,
  1,
  31,
  32,
  33,
  1023,
  1024,
  32_767,
  32_768,
  2 ** 20 - 1,
  2 ** 20,
  2 ** 25,
  2 ** 30 - 1,
  2 ** 30,
  MAX_KEY,
];

describe("at each edge of the pages", () => {
  test.each(edges)("a row under %d is found, alone and among the others", (key) => {
    const alone = tableOf(key);
    expect([peek(alone, key)?.value, sizeOf(alone), nextKey(alone, 0)]).toEqual([key, 1, key]);
    expect(get(tableOf(...edges), key).value).toBe(key);
  });

  test.each(edges)("no other edge has a row when only %d has one", (key) => {
    const table = tableOf(key);
    for (const other of edges) if (other !== key) expect(peek(table, other)).toBeNull();
  });

  test.each(edges)("the last row under %d takes its pages with it", (key) => {
    const table = tableOf(key);
    remove(table, key);
    expect(table).toMatchObject({ levels: 0, root: null });
  });

  test("rows come in the order of their keys, however they went in", () => {
    expect(keysOf(tableOf(...edges.slice().reverse()))).toEqual(edges);
  });

  test.each(edges)("the next key at or above %d is itself, and one above it the next edge", (key) => {
    const table = tableOf(...edges);
    expect(nextKey(table, key)).toBe(key);
    expect(nextKey(table, key + 1)).toBe(edges.find((edge) => edge > key) ?? -1);
  });

  test.each(edges)("cutting from %d on keeps what is below", (key) => {
    const table = tableOf(...edges);
    removeFrom(table, key);
    const kept = edges.filter((edge) => edge < key);
    expect(keysOf(table)).toEqual(kept);
    expect(sizeOf(table)).toBe(kept.length);
  });
});

describe("a key that no table can have", () => {
  test.each([-1, 2 ** 31, 2 ** 53 - 1, Number.NaN])("%d is refused by set", (key) => {
    expect(() => set(newTable(), key, row(0))).toThrow("a key is a 31-bit integer");
  });

  test.each([2 ** 31, 2 ** 32 - 1])(
    "%d, as a guest may say it, has no row, even in the highest table",
    (key) => {
      expect(peek(tableOf(0, MAX_KEY), key)).toBeNull();
      expect(nextKey(tableOf(0, MAX_KEY), key)).toBe(-1);
    },
  );

  test.each([2 ** 32, 2 ** 40, 2 ** 53 - 1])("nothing is at or above %d", (key) => {
    expect(nextKey(tableOf(0, 40, MAX_KEY), key)).toBe(-1);
  });
});

test("what is not there cannot be got, edited or removed", () => {
  const table = tableOf(5);
  for (const key of [4, 37, 2 ** 20]) {
    expect(() => get(table, key)).toThrow("a row that was asked for is in its table");
    expect(() => edit(table, key)).toThrow("an edited row is in its table");
    expect(() => remove(table, key)).toThrow("a removed row is in its table");
  }
  expect(() => edit(newTable(), 0)).toThrow("an edited row is in its table");
});

test("a row that may be there is found to be written, or is null", () => {
  const table = tableOf(5, 5000);
  (editIf(table, 5000) as Own<Row>).value = 1;
  expect([get(table, 5000).value, editIf(table, 4), editIf(table, 37), editIf(table, 2 ** 20)]).toEqual([
    1,
    null,
    null,
    null,
  ]);
  expect([editIf(newTable(), 0), keysOf(table)]).toEqual([null, [5, 5000]]);
});

test("a row takes the place of the one that was there, and counts once", () => {
  const table = tableOf(7);
  set(table, 7, row(70));
  expect([sizeOf(table), get(table, 7).value]).toEqual([1, 70]);
});

describe("the lowest free key", () => {
  test.each([
    ["of an empty table is 0", [], 0],
    ["is a gap at the start", [1, 2], 0],
    ["is a gap between", [0, 1, 3], 2],
    ["is behind all rows", [0, 1, 2], 3],
    ["is in a page that is not there", [40], 0],
  ])("%s", (_, keys, free) => {
    expect(lowestFree(tableOf(...keys))).toBe(free);
  });

  test.each([31, 32, 33, 1023, 1024, 1025])("is %d when so many keys from 0 on are taken", (count) => {
    const keys = Array.from({ length: count }, (_, key) => key);
    expect(lowestFree(tableOf(...keys))).toBe(count);
    expect(lowestFree(tableOf(...keys, 5000))).toBe(count);
  });

  test("is the key that was given back", () => {
    const table = tableOf(...Array.from({ length: 1100 }, (_, key) => key));
    remove(table, 1050);
    remove(table, 77);
    expect(lowestFree(table)).toBe(77);
  });
});

describe("a state that somebody kept", () => {
  const keep = () => {
    const kept = tableOf(...edges);
    return { kept, now: beginEpoch(kept as unknown as Table<Row>) };
  };

  test.each<[string, (table: Own<Table<Row>>) => void]>([
    ["edit", (table) => void (edit(table, 1024).value = -1)],
    ["set", (table) => set(table, 1025, row(-1))],
    ["set in its place", (table) => set(table, 1024, row(-1))],
    ["set above all", (table) => set(table, 5, row(-1))],
    ["remove", (table) => remove(table, 1024)],
    ["removeFrom", (table) => removeFrom(table, 32)],
  ])("is not changed by %s", (_, change) => {
    const { kept, now } = keep();
    const before = JSON.stringify(kept);
    change(now);
    expect(JSON.stringify(kept)).toBe(before);
    expect(JSON.stringify(now)).not.toBe(before);
  });

  test("shares every page that was not written", () => {
    const { kept, now } = keep();
    edit(now, 0).value = 1;
    const shared = now.root?.items.filter((item, index) => item === kept.root?.items[index]).length;
    expect(shared).toBe((now.root?.items.length ?? 0) - 1);
  });

  test("gives a row its copy once, and then writes in place", () => {
    const { now } = keep();
    expect(edit(now, 31)).toBe(edit(now, 31));
  });
});

function checkCounts(page: Page<Row>, levels: number): number {
  const counts = page.items.map((item): number => {
    if (item === null) return 0;
    return levels === 1 ? 1 : checkCounts(item as Page<Row>, levels - 1);
  });
  const sum = counts.reduce((all, count) => all + count, 0);
  expect(page.count).toBe(sum);
  expect(sum).toBeGreaterThan(0);
  expect([4, 8, 16, 32]).toContain(page.items.length);
  return sum;
}

test("any sequence of writes does what a map does, and every page counts its rows", () => {
  const key = fc.oneof(fc.nat(70), fc.constantFrom(...edges), fc.nat(40_000));
  const change = fc.record({ kind: fc.constantFrom("set", "set", "remove", "cut", "epoch"), key });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      let table = newTable();
      const model = new Map<number, number>();
      changes.forEach(({ kind, key: at }, index) => {
        if (kind === "epoch") table = beginEpoch(table as unknown as Table<Row>);
        else if (kind === "set") set(table, at, row(index));
        else if (kind === "cut") removeFrom(table, at);
        else if (peek(table, at) !== null) remove(table, at);
        if (kind === "set") model.set(at, index);
        else if (kind === "remove") model.delete(at);
        else if (kind === "cut") for (const had of model.keys()) if (had >= at) model.delete(had);
      });
      const expected = [...model].sort(([left], [right]) => left - right);
      expect([...rowsOf(table)].map(([at, found]) => [at, found.value])).toEqual(expected);
      let free = 0;
      while (model.has(free)) free += 1;
      expect(lowestFree(table)).toBe(free);
      if (table.root !== null) checkCounts(table.root, table.levels);
    }),
    { numRuns: 200 },
  );
});
