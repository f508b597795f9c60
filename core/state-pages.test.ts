import { describe, expect, test } from "@jest/globals";
import { MalformedBytes } from "./byte-reader.ts";
import { beginEpoch, type Epochal, FRESH, type Own } from "./own.ts";
import { seededRandom } from "./random.ts";
import { type LoadedPage, readStatePage } from "./read-state-page.ts";
import { type Hash, StatePages } from "./state-pages.ts";
import { ADDRESS_BYTES } from "./state-tags.ts";
import { storedBytes } from "./stored-page.ts";
import { edit, emptyTable, remove, set, type Table } from "./table.ts";

/** 32 bytes that follow from any bytes: no proof against an enemy, and there is none here. */
const hash: Hash = (bytes) => {
  let seed = bytes.length + 1;
  for (const byte of bytes) seed = (Math.imul(seed ^ byte, 0x01000193) >>> 0) + 1;
  const random = seededRandom(seed);
  return Uint8Array.from({ length: ADDRESS_BYTES }, () => random.next() & 0xff);
};

const nameOf = (address: Uint8Array): string => address.join(".");

class Pages {
  readonly kept: Uint8Array[] = [];
  readonly states = new StatePages(hash, {
    put: (bytes, references) => this.kept.push(storedBytes(bytes, references, this.kept.length)) - 1,
  });

  load(number: number): LoadedPage | null {
    const bytes = this.kept[number];
    if (bytes === undefined) return null;
    const { page, canonical } = readStatePage(bytes, number, (below) => this.load(below));
    return { page, address: hash(canonical) };
  }

  /** A state that was written and read, with the address that its bytes have then. */
  throughBytes(state: object): { readonly page: object; readonly address: string } {
    const { address, number } = this.states.writeRoot(state);
    const loaded = this.load(number) as LoadedPage;
    expect(nameOf(loaded.address)).toBe(nameOf(address));
    return { page: loaded.page, address: nameOf(address) };
  }
}

interface Row extends Epochal {
  readonly value: number;
}
interface State extends Epochal {
  readonly rows: Table<Row>;
}

const filled = (count: number): Own<State> => {
  const state = beginEpoch<State>({ epoch: FRESH, rows: emptyTable() });
  state.rows = beginEpoch(emptyTable<Row>());
  for (let key = 0; key < count; key += 1)
    set(state.rows as Own<Table<Row>>, key * 3, { epoch: FRESH, value: key });
  return state;
};

const addressOf = (state: object): string => nameOf(new StatePages(hash, null).write(state));

/** A state without its stamps. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, item) => (key === "epoch" ? undefined : item)));

describe("a state comes back from its address", () => {
  test.each([
    [
      "one of every kind of value",
      { a: null, b: true, c: false, d: 0, e: -7, f: 2 ** 53 - 1, g: "zwölf", h: [], i: { j: [1] } },
    ],
    [
      "nulls in a row, at the start, between and at the end",
      { list: [null, null, 1, null, 2, null, null, null] },
    ],
    ["a list of nothing but nulls", { list: new Array(100).fill(null) }],
    ["one null alone", { list: [null] }],
    ["the least and the largest number", { least: -(2 ** 53 - 1), most: 2 ** 53 - 1 }],
  ])("%s", (_, state) => {
    const pages = new Pages();
    expect(pages.throughBytes(state).page).toEqual(state);
  });

  test.each([0, 1, 32, 33, 5000])("a table of %d rows", (count) => {
    const pages = new Pages();
    const state = filled(count);
    expect(plain(pages.throughBytes(state).page)).toEqual(plain(state));
  });
});

describe("equal states have equal addresses", () => {
  test("in whatever order their fields stand", () => {
    expect(addressOf({ a: 1, b: { c: 2, d: 3 } })).toBe(addressOf({ b: { d: 3, c: 2 }, a: 1 }));
  });

  test("whatever their stamps are", () => {
    const once = filled(100);
    const state = beginEpoch(once as unknown as State);
    state.rows = beginEpoch(beginEpoch(state.rows) as unknown as Table<Row>);
    edit(state.rows as Own<Table<Row>>, 30).value = 10;
    expect(addressOf(state)).toBe(addressOf(filled(100)));
  });

  test("by whatever way they came to be", () => {
    const state = filled(100);
    set(state.rows as Own<Table<Row>>, 7, { epoch: FRESH, value: 1 });
    remove(state.rows as Own<Table<Row>>, 7);
    expect(addressOf(state)).toBe(addressOf(filled(100)));
  });

  test("whatever places their pages had for rows that are gone", () => {
    const state = filled(1);
    set(state.rows as Own<Table<Row>>, 31, { epoch: FRESH, value: 1 });
    set(state.rows as Own<Table<Row>>, 5000, { epoch: FRESH, value: 1 });
    remove(state.rows as Own<Table<Row>>, 5000);
    remove(state.rows as Own<Table<Row>>, 31);
    const narrow = filled(1);
    set(narrow.rows as Own<Table<Row>>, 1024, { epoch: FRESH, value: 1 });
    remove(narrow.rows as Own<Table<Row>>, 1024);
    set(state.rows as Own<Table<Row>>, 2, { epoch: FRESH, value: 7 });
    set(narrow.rows as Own<Table<Row>>, 2, { epoch: FRESH, value: 7 });
    expect([state.rows.levels, narrow.rows.levels]).toEqual([3, 3]);
    expect(addressOf(state)).toBe(addressOf(narrow));
  });

  test("and when they come back from a store, they are written to the same address again", () => {
    const pages = new Pages();
    const { page, address } = pages.throughBytes(filled(2000));
    expect(addressOf(page)).toBe(address);
  });
});

test("states that differ in one value have different addresses", () => {
  const changed = filled(2000);
  edit(changed.rows as Own<Table<Row>>, 2997).value = -1;
  expect(addressOf(changed)).not.toBe(addressOf(filled(2000)));
});

test("a second keyframe stores only what changed since the first", () => {
  const pages = new Pages();
  const kept = filled(20_000);
  pages.states.write(kept);
  const first = pages.kept.length;
  const now = beginEpoch(kept as unknown as State);
  now.rows = beginEpoch(now.rows);
  edit(now.rows as Own<Table<Row>>, 300).value = -1;
  pages.states.write(now);
  expect(first).toBeGreaterThan(200);
  expect(pages.kept.length - first).toBeLessThanOrEqual(5);
});

describe("what is not plain data is refused", () => {
  test.each([
    ["-0", { a: -0 }],
    ["a fraction", { a: 0.5 }],
    ["NaN", { a: Number.NaN }],
    ["a number beyond the safe ones", { a: 2 ** 53 }],
    ["undefined", { a: undefined }],
    ["a bigint", { a: 1n }],
    ["a function", { a: () => 1 }],
  ])("%s", (_, state) => {
    expect(() => addressOf(state)).toThrow(/whole numbers|plain data/);
  });
});

describe("bytes that are no page are refused", () => {
  const load = () => null;
  /** A record of one field, a, whose value follows. */
  const record = [7, 0, 1, 1, 0x61];
  test.each([
    ["nothing", []],
    ["a tag that is none", [99]],
    ["a value that is no record", [3, 5]],
    ["a record that is cut off", [7, 0, 2, 1, 0x61]],
    ["more behind the record", [...record, 0, 0]],
    ["a reference to a page that is not there", [...record, 9, 1]],
    ["a reference that is cut off", [...record, 9]],
    ["a reference to itself", [...record, 9, 0]],
    ["a reference to before the first page", [...record, 9, 8]],
    ["nulls beyond the end of their list", [...record, 6, 2, 10, 3]],
    ["a list that is too long to be a state's", [...record, 6, 0x81, 0x80, 0x80, 0x02]],
    ["levels without end", [...record, ...Array.from({ length: 80 }, () => [6, 1]).flat(), 0]],
    [
      "a field that would be a prototype",
      [7, 0, 1, 9, ...Array.from("__proto__", (letter) => letter.charCodeAt(0)), 7, 0],
    ],
  ])("%s", (_, bytes) => {
    let error: unknown;
    try {
      readStatePage(Uint8Array.from(bytes), 7, load);
    } catch (caught) {
      error = caught;
    }
    expect((error as MalformedBytes).name).toBe("MalformedBytes");
    expect((error as MalformedBytes).message).not.toContain("shape that was spelled out");
  });
});
