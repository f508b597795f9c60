import { describe, expect, test } from "@jest/globals";
import { beginEpoch, type Epochal, FRESH, own } from "./own.ts";

interface Leaf extends Epochal {
  readonly value: number;
}
interface Branch extends Epochal {
  readonly left: Leaf;
  readonly right: Leaf | null;
}

const branch = (): Branch => ({ epoch: FRESH, left: { epoch: FRESH, value: 1 }, right: null });

describe("once an epoch has begun", () => {
  test("a write leaves the state before it as it was", () => {
    const before = branch();
    const now = beginEpoch(before);
    own(now, "left").value = 2;
    expect([before.left.value, now.left.value]).toEqual([1, 2]);
  });

  test("a child is copied once, and then written in place", () => {
    const now = beginEpoch(branch());
    const first = own(now, "left");
    expect(own(now, "left")).toBe(first);
    expect(now.left).toBe(first);
  });

  test("what is not written is shared", () => {
    const before = branch();
    const now = beginEpoch(before);
    now.right = null;
    expect(now.left).toBe(before.left);
  });

  test("the next one copies again", () => {
    const kept = beginEpoch(branch());
    own(kept, "left").value = 2;
    const now = beginEpoch(kept as unknown as Branch);
    own(now, "left").value = 3;
    expect(kept.left.value).toBe(2);
  });

  test("epochs count up, so no stamp of a state is ever a later fold's own", () => {
    const first = beginEpoch(branch());
    const second = beginEpoch(first as unknown as Branch);
    expect([first.epoch, second.epoch]).toEqual([1, 2]);
  });
});

test("where no epoch ever begins, as under immer, writes land on the record itself", () => {
  const state = branch();
  own(state as never, "left" as never);
  expect(own(state as unknown as ReturnType<typeof beginEpoch<Branch>>, "left")).toBe(state.left);
});

test("owning a child that is not there is a bug", () => {
  expect(() => own(beginEpoch(branch()), "right")).toThrow("an owned record is there");
});
