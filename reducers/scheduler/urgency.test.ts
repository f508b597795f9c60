import { describe, expect, test } from "@jest/globals";
import { allRightsOf } from "../../core/object-rights.ts";
import { get } from "../../core/table.ts";
import { addressOf, CONTEXT_SLOT, MACHINE, space } from "../capabilities/address.ts";
import { MAX_REFILLS, TICKS_PER_MICRO } from "./contexts.ts";
import { highestOf } from "./ready-queue.ts";
import { ScheduledMachine } from "./scheduled-machine.ts";
import { firstReady, ticksFor } from "./scheduler-selectors.ts";
import type { Context } from "./scheduler-state.ts";

function machineOf(...priorities: readonly number[]): ScheduledMachine {
  const machine = new ScheduledMachine(1000);
  priorities.forEach((priority, index) => {
    machine.start(index + 1);
    machine.happen(index + 1, { type: "process/ranked", priority, ceiling: 255 });
  });
  return machine;
}

describe("the levels of those who are ready", () => {
  test.each([
    [[0, 0, 0, 0, 0, 0, 0, 0], -1],
    [[1, 0, 0, 0, 0, 0, 0, 0], 0],
    [[2 ** 31, 0, 0, 0, 0, 0, 0, 0], 31],
    [[5, 1, 0, 0, 0, 0, 0, 0], 32],
    [[1, 0, 0, 0, 0, 0, 0, 2 ** 31], 255],
  ])("are found by their bits: %j", (occupied, highest) => {
    expect(highestOf(occupied)).toBe(highest);
  });

  test("have their turns from the highest down, and each in turns", () => {
    const machine = machineOf(31, 255, 0, 255, 32);
    expect([machine.queue, machine.broken]).toEqual([[2, 4, 5, 1, 3], []]);
    expect(machine.turn()).toBe(2);
    machine.preempt(2);
    expect([machine.queue, firstReady(machine.scheduler)]).toEqual([[4, 2, 5, 1, 3], 4]);
  });

  test("take whoever is given another priority to their end", () => {
    const machine = machineOf(50, 50, 50);
    machine.happen(1, { type: "priority/changed", by: 0, authority: 0, process: 1, priority: 60 });
    expect(machine.queue).toEqual([1, 2, 3]);
    machine.happen(1, { type: "priority/changed", by: 0, authority: 0, process: 1, priority: 50 });
    expect([machine.queue, machine.broken]).toEqual([[2, 3, 1], []]);
  });
});

const CONTEXT = 1;

/** A machine whose first process has a context of so much bound to it, at priority 200. */
function budgeted(budgetMicros: number, periodMicros: number): ScheduledMachine {
  const machine = machineOf(50, 60);
  const paid = { by: 0, budget: 0, bytes: 0, label: "", detail: 0 };
  const root = addressOf(space.kept, MACHINE, 0);
  const made = { object: "context", target: CONTEXT, rights: allRightsOf("context") } as const;
  const created = machine.happen(0, { type: "object/created", to: root, ...made, ...paid });
  configure(machine, budgetMicros, periodMicros);
  machine.happen(0, {
    type: "capability/derived",
    by: created.seq,
    from: root,
    to: addressOf(space.services, 1, CONTEXT_SLOT),
    how: "bound",
    ...made,
    inheriting: 0,
    badge: 0,
    label: "",
    until: 0,
    uses: 0,
    holder: 0,
    weak: false,
    membrane: 0,
    inside: false,
  });
  return machine;
}

function configure(machine: ScheduledMachine, budgetMicros: number, periodMicros: number): void {
  const terms = { budgetMicros, periodMicros, priority: 200 };
  machine.happen(0, { type: "context/configured", by: 0, context: CONTEXT, ...terms });
}

const contextOf = (machine: ScheduledMachine): Context => get(machine.scheduler.contexts, CONTEXT);

describe("a scheduling context", () => {
  test("bounds the turn that it pays for, and raises nobody when it is used up, until it comes back", () => {
    const machine = budgeted(3, 10);
    machine.at = 100;
    expect([machine.turn(), ticksFor(machine.scheduler, 1)]).toEqual([1, 300]);
    expect([ticksFor(machine.scheduler, 1, 200), ticksFor(machine.scheduler, 1, 300)]).toEqual([100, -1]);
    machine.preempt(1, 310);
    expect([contextOf(machine).left, contextOf(machine).refills]).toEqual([-10, [110, 310]]);
    expect([machine.queue, machine.broken]).toEqual([[2, 1], []]);
    machine.at = 110;
    machine.happen(0, { type: "context/refilled", context: CONTEXT });
    expect([contextOf(machine).left, machine.queue, machine.broken]).toEqual([300, [1, 2], []]);
  });

  test("comes back in so many parts, of which the last comes with what is more", () => {
    const machine = budgeted(20, 1000);
    for (let turn = 0; turn < MAX_REFILLS + 3; turn += 1) {
      machine.at = 100 + turn;
      machine.turn();
      machine.preempt(1, 10);
    }
    const { refills, left } = contextOf(machine);
    expect([refills.length, left]).toEqual([2 * MAX_REFILLS, 20 * TICKS_PER_MICRO - 110]);
    expect([refills.slice(0, 2), refills.slice(-2), machine.broken]).toEqual([[1100, 10], [1110, 40], []]);
  });

  test("that is given other terms has used what it has used", () => {
    const machine = budgeted(3, 10);
    machine.turn();
    machine.preempt(1, 250);
    configure(machine, 2, 10);
    expect([contextOf(machine).left, machine.queue, machine.broken]).toEqual([-50, [2, 1], []]);
  });

  test("pays all that a turn may have used that ends in a trap", () => {
    const machine = budgeted(3, 10);
    machine.turn();
    machine.happen(1, { type: "process/trapped", message: "", stack: [] });
    expect(contextOf(machine).left).toBe(0);
  });

  test("pays for nothing that is done without it", () => {
    const machine = budgeted(3, 10);
    machine.suspend(machine.turn(), []);
    expect([machine.turn(), machine.scheduler.payer]).toEqual([2, 0]);
    machine.preempt(2, 900);
    expect(contextOf(machine).left).toBe(299);
  });
});
