import { describe, expect, test } from "@jest/globals";
import { beginEpoch, type Epochal, FRESH, own, type Own } from "../core/own.ts";
import { edit, emptyTable, remove, set, type Table } from "../core/table.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { diffStates, formatDifference } from "./state-diff.ts";
import { childOf, plainOf } from "./state-tree.ts";

interface Row extends Epochal {
  readonly size: number;
  readonly names: readonly string[];
}
interface Small extends Epochal {
  readonly seq: number;
  readonly rows: Table<Row>;
  readonly opens: Table<Row>;
}

const row = (size: number): Row => ({ epoch: FRESH, size, names: [] });
const small = (): Own<Small> =>
  beginEpoch({ epoch: FRESH, seq: 0, rows: emptyTable<Row>(), opens: emptyTable<Row>() });

describe("differences of two states", () => {
  test("are none between a state and itself, or a copy of it", () => {
    expect(diffStates(initialState(), initialState())).toEqual([]);
  });

  test("name fields, rows that came and rows that went, by paths without pages", () => {
    const before = small();
    for (const key of [1, 40, 5000]) set(own(before, "rows"), key, row(key));
    set(own(before, "opens"), 3, row(3));
    const after = beginEpoch(before as unknown as Small);
    after.seq = 9;
    edit(own(after, "rows"), 40).size = 41;
    edit(own(after, "rows"), 1).names = ["a"];
    remove(own(after, "rows"), 5000);
    set(own(after, "opens"), 70_000, row(7));
    expect(diffStates(before, after)).toEqual([
      { path: "opens/70000", before: null, after: { size: 7, names: [] } },
      { path: "1/names", before: [], after: ["a"] },
      { path: "40/size", before: 40, after: 41 },
      { path: "5000", before: { size: 5000, names: [] }, after: null },
      { path: "seq", before: 0, after: 9 },
    ]);
  });

  test("are the same backward, with before and after exchanged", () => {
    const before = small();
    set(own(before, "rows"), 2, row(2));
    const after = beginEpoch(before as unknown as Small);
    set(own(after, "rows"), 33_000, row(1));
    edit(own(after, "rows"), 2).size = 5;
    const backward = diffStates(after, before).map(({ path, ...rest }) => ({
      path,
      before: rest.after,
      after: rest.before,
    }));
    expect(backward).toEqual(diffStates(before, after));
  });

  test("leave lists out that were copied and not changed", () => {
    const before = small();
    set(own(before, "rows"), 2, { ...row(2), names: ["a", "b"] });
    const after = beginEpoch(before as unknown as Small);
    edit(own(after, "rows"), 2).names = ["a", "b"];
    expect(diffStates(before, after)).toEqual([]);
  });

  test("are lines that a person reads", () => {
    expect(formatDifference({ path: "a/1/size", before: 1, after: 2 })).toBe("  a/1/size  1 -> 2");
    expect(formatDifference({ path: "a/1", before: null, after: { size: 2 } })).toBe('+ a/1  {"size":2}');
    expect(formatDifference({ path: "a/1", before: { size: 2 }, after: null })).toBe('- a/1  {"size":2}');
    expect(formatDifference({ path: "a", before: "", after: "x".repeat(999) })).toContain(
      "(1001 characters)",
    );
  });
});

describe("a state as a tree", () => {
  test("has its rows beside the fields, and nothing of the pages", () => {
    const state = small();
    set(own(state, "rows"), 12, row(5));
    expect(plainOf(state)).toEqual({ seq: 0, 12: { size: 5, names: [] }, opens: {} });
    expect(childOf(childOf(state, "12"), "size")).toBe(5);
  });

  test.each(["13", "99999999999999", "-1", "epoch", "__proto__", "constructor", "levels", "1.5"])(
    "has no part %s",
    (key) => {
      const state = small();
      set(own(state, "rows"), 12, row(5));
      expect(childOf(state, key)).toBeUndefined();
      expect(childOf(childOf(state, "opens"), key)).toBeUndefined();
    },
  );
});
