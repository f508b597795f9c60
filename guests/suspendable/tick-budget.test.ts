import { expect, test } from "@jest/globals";
import { TickBudget } from "./tick-budget.ts";

function budget(): { readonly ticks: TickBudget; readonly use: (count: number) => void } {
  let held = 0;
  const ticks = new TickBudget(
    () => held,
    (value) => {
      held = value | 0;
    },
  );
  return { ticks, use: (count) => (held -= count) };
}

test("what is granted is used, and may be overdrawn", () => {
  const { ticks, use } = budget();
  expect(ticks.grant(10)).toBe(true);
  use(16);
  expect([ticks.used, ticks.left]).toEqual([16, -6]);
  expect(ticks.grant(5)).toBe(false);
  expect(ticks.grant(5)).toBe(true);
  expect([ticks.used, ticks.left]).toEqual([16, 4]);
});

test("more than 32 bits hold is handed on in parts", () => {
  const { ticks, use } = budget();
  ticks.grant(5e9);
  for (let part = 0; part < 4; part += 1) {
    use(2 ** 30);
    expect(ticks.handOn()).toBe(true);
  }
  expect([ticks.used, ticks.left]).toEqual([2 ** 32, 5e9 - 2 ** 32]);
});

test("without an end there is one, far away", () => {
  const { ticks, use } = budget();
  ticks.grant(Number.POSITIVE_INFINITY);
  use(7);
  expect(ticks.used).toBe(7);
});

test("a restored one goes on", () => {
  const { ticks, use } = budget();
  ticks.restore({ ticksLeft: 3e9, ticksUsed: 100 });
  use(50);
  expect([ticks.used, ticks.left]).toEqual([150, 3e9 - 50]);
});

test("no more than that is ever left, so that what was used stays exact", () => {
  const { ticks, use } = budget();
  for (let turn = 0; turn < 20; turn += 1) {
    ticks.grant(turn % 2 === 0 ? Number.POSITIVE_INFINITY : Number.MAX_SAFE_INTEGER);
    use(1);
  }
  expect([ticks.used, ticks.left]).toEqual([20, 2 ** 51 - 1]);
});
