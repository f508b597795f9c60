import { describe, expect, test } from "@jest/globals";
import { beginEpoch, type Epochal, FRESH, own } from "./own.ts";
import { edit, emptyTable, peek, set, type Table } from "./table.ts";

interface Row extends Epochal {
  readonly value: number;
  readonly inner: Inner;
}

interface Inner extends Epochal {
  readonly depth: number;
}

interface State extends Epochal {
  readonly count: number;
  readonly inner: Inner;
  readonly rows: Table<Row>;
}

const start = (): State => ({
  epoch: FRESH,
  count: 0,
  inner: { epoch: FRESH, depth: 0 },
  rows: emptyTable(),
});

describe("the types of ownership", () => {
  test("let a recipe write what it owns, one level deep", () => {
    const state = beginEpoch(start());
    state.count = 1;
    own(state, "inner").depth = 2;
    set(own(state, "rows"), 7, { epoch: FRESH, value: 3, inner: { epoch: FRESH, depth: 0 } });
    const row = edit(own(state, "rows"), 7);
    row.value = 4;
    own(row, "inner").depth = 5;
    expect([state.count, state.inner.depth, peek(state.rows, 7)?.value]).toEqual([1, 2, 4]);
  });

  test("make every other write an error of the compiler", () => {
    const state = beginEpoch(start());
    set(own(state, "rows"), 7, { epoch: FRESH, value: 3, inner: { epoch: FRESH, depth: 0 } });
    const writes = [
      () => {
        // @ts-expect-error what hangs below an owned record is not owned with it
        state.inner.depth = 1;
      },
      () => {
        const row = peek(state.rows, 7);
        // @ts-expect-error a row that was only looked at is readonly
        if (row !== null) row.value = 1;
      },
      () => {
        // @ts-expect-error a table is edited through its owner
        edit(state.rows, 7);
      },
      () => {
        // @ts-expect-error a table is set through its owner
        set(state.rows, 8, { epoch: FRESH, value: 1, inner: { epoch: FRESH, depth: 0 } });
      },
      () => {
        const plain = start();
        // @ts-expect-error a state is not owned by whoever holds it
        own(plain, "inner");
      },
    ];
    expect(writes).toHaveLength(5);
  });
});
