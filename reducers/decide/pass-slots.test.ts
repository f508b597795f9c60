import { describe, expect, test } from "@jest/globals";
import { get, peek } from "../../core/table.ts";
import type { KernelFact } from "../kernel-event.ts";
import { ScheduledMachine } from "../scheduler/scheduled-machine.ts";
import { ticksFor } from "../scheduler/scheduler-selectors.ts";
import type { Partition } from "../scheduler/scheduler-state.ts";
import { enterNext, isSlotOver, passSlots, sleepsUntil } from "./pass-slots.ts";
import { isToHandOn, isTurnOver, wokenBy } from "./schedule.ts";

/** Processes 1 and 2 are of the first of three domains, 3 and 4 of the second. */
function dividedMachine(): ScheduledMachine {
  const machine = new ScheduledMachine(100);
  machine.happen(0, { type: "scheduler/partitioned", domains: ["a", "b", "c"], slotTicks: [300, 200, 500] });
  for (const pid of [1, 2, 3, 4]) machine.start(pid);
  for (const pid of [3, 4]) machine.happen(pid, { type: "process/assigned", domain: 1, name: "b" });
  return machine;
}

const partitionOf = (machine: ScheduledMachine): Partition => machine.scheduler.partition as Partition;
const left = (machine: ScheduledMachine): readonly number[] =>
  [0, 1, 2].map((domain) => get(partitionOf(machine).domains, domain).left);

function enter(machine: ScheduledMachine): void {
  machine.happen(0, enterNext(machine.scheduler));
  expect(machine.broken).toEqual([]);
}

const waitForAll = (machine: ScheduledMachine, pids: readonly number[]): void => {
  for (const pid of pids) {
    expect(machine.turn()).toBe(pid);
    machine.suspend(pid, [8]);
  }
};

describe("a slot", () => {
  test("is of those of its domain alone, and ends when its ticks are used up", () => {
    const machine = dividedMachine();
    expect([machine.turn(), machine.scheduler.running, left(machine)]).toEqual([1, 1, [300, 0, 0]]);
    machine.preempt(1, 100);
    expect(machine.turn()).toBe(2);
    machine.preempt(2, 150);
    expect([left(machine), isSlotOver(machine.scheduler)]).toEqual([[50, 0, 0], false]);
    expect([machine.turn(), ticksFor(machine.scheduler, 1), ticksFor(machine.scheduler, 1, 50)]).toEqual([
      1, 50, -1,
    ]);
    machine.preempt(1, 60);
    expect([isSlotOver(machine.scheduler), machine.turn(), machine.broken]).toEqual([true, 0, []]);
    enter(machine);
    expect([left(machine), machine.turn()]).toEqual([[-10, 200, 0], 3]);
  });

  test("is shorter by what its domain went beyond the one before, and no other one's is", () => {
    const machine = dividedMachine();
    machine.turn();
    machine.preempt(1, 1000);
    for (const lefts of [
      [-700, 200, 0],
      [-700, 0, 500],
      [-400, 0, 0],
    ]) {
      enter(machine);
      expect(left(machine)).toEqual(lefts);
    }
    expect([isSlotOver(machine.scheduler), machine.turn()]).toEqual([true, 0]);
  });

  test("is over with a turn of which nobody knows how long it was", () => {
    const machine = dividedMachine();
    machine.turn();
    machine.happen(1, { type: "process/trapped", message: "unreachable", stack: [] });
    expect([left(machine), machine.broken]).toEqual([[0, 0, 0], []]);
  });

  test("is charged once for a turn that ends with its process", () => {
    const machine = dividedMachine();
    machine.turn();
    machine.happen(1, { type: "process/accounted", ticks: 70 });
    machine.happen(1, { type: "process/exited", code: 0 });
    expect([left(machine), machine.broken]).toEqual([[230, 0, 0], []]);
  });

  test("is disturbed by nobody of another domain, however urgent", () => {
    const machine = dividedMachine();
    machine.happen(3, { type: "process/ranked", priority: 255, ceiling: 255 });
    machine.happen(2, { type: "process/killed", signal: "SIGKILL", code: 137 });
    machine.turn();
    const { scheduler } = machine;
    expect([isToHandOn(scheduler, 1, true), isTurnOver(scheduler, 1)]).toEqual([false, false]);
  });
});

describe("a slot in which nobody is ready", () => {
  test("passes by the clock, and nobody has what is left of it", () => {
    const machine = dividedMachine();
    waitForAll(machine, [1, 2]);
    expect([left(machine), machine.turn()]).toEqual([[298, 0, 0], 0]);
    expect([sleepsUntil(machine.scheduler, 10, 0), sleepsUntil(machine.scheduler, 10, 12)]).toEqual([13, 12]);
    const idled: KernelFact = { type: "domain/idled", ticks: 200 };
    expect(passSlots(machine.scheduler, 200)).toEqual([idled]);
    expect(passSlots(machine.scheduler, 0)).toEqual([]);
    machine.happen(0, idled);
    expect([left(machine), machine.broken]).toEqual([[98, 0, 0], []]);
    expect(passSlots(machine.scheduler, 5000)).toEqual([{ type: "domain/entered", domain: 1, passed: 0 }]);
    enter(machine);
    expect([left(machine), machine.turn()]).toEqual([[0, 200, 0], 3]);
  });

  test("passes with all others, as they would have, where nobody is ready at all", () => {
    const machine = dividedMachine();
    waitForAll(machine, [1, 2]);
    enter(machine);
    waitForAll(machine, [3]);
    expect(machine.turn()).toBe(4);
    machine.suspend(4, [8]);
    expect([left(machine), sleepsUntil(machine.scheduler, 10, 0)]).toEqual([[0, 198, 0], 0]);
    expect(passSlots(machine.scheduler, 198 + 500 + 20)).toEqual([
      { type: "domain/entered", domain: 0, passed: 1 },
      { type: "domain/idled", ticks: 20 },
    ]);
    const facts = passSlots(machine.scheduler, 198 + 7 * 1000 + 500 + 300);
    expect(facts).toEqual([{ type: "domain/entered", domain: 1, passed: 23 }]);
    for (const fact of facts) machine.happen(0, fact);
    expect([left(machine), partitionOf(machine).domain, machine.broken]).toEqual([[0, 200, 0], 1, []]);
  });

  test("pays back what its domain owes", () => {
    const machine = dividedMachine();
    waitForAll(machine, [1]);
    machine.turn();
    machine.happen(2, { type: "process/suspended", ticks: 819, since: 0, until: 0, objects: [8] });
    enter(machine);
    waitForAll(machine, [3, 4]);
    expect(left(machine)).toEqual([-520, 198, 0]);
    const facts = passSlots(machine.scheduler, 198 + 500 + 200 + 500 + 100);
    expect(facts).toEqual([
      { type: "domain/entered", domain: 1, passed: 5 },
      { type: "domain/idled", ticks: 20 },
    ]);
    for (const fact of facts) machine.happen(0, fact);
    expect([left(machine), machine.broken]).toEqual([[0, 180, 0], []]);
  });
});

test("those who are woken together are ordered within each domain, by its own wakes and not by the place in the log", () => {
  const orders = new Set<string>();
  for (let wakes = 0; wakes < 12; wakes += 1) {
    const woken = [0, 7].map((others) => {
      const machine = new ScheduledMachine(100, 5);
      machine.happen(0, { type: "scheduler/partitioned", domains: ["a", "b"], slotTicks: [300, 200] });
      for (const pid of [1, 2, 3, 4, 5, 6]) machine.start(pid);
      machine.happen(6, { type: "process/assigned", domain: 1, name: "b" });
      for (let one = 0; one < wakes; one += 1) sleepAndWake(machine, 5);
      for (let one = 0; one < others; one += 1) machine.happen(0, { type: "console/input-ended" });
      for (const pid of [1, 2, 3]) {
        machine.happen(pid, { type: "process/scheduled", quantum: 1 });
        machine.suspend(pid, [0]);
      }
      return wokenBy(machine.state, machine.happen(0, { type: "console/input-ended" }));
    });
    expect(woken[1]).toEqual(woken[0]);
    orders.add(String(woken[0]));
  }
  expect(orders.size).toBeGreaterThan(2);
});

function sleepAndWake(machine: ScheduledMachine, pid: number): void {
  machine.happen(pid, { type: "process/scheduled", quantum: 1 });
  machine.suspend(pid, [], 1);
  machine.happen(pid, { type: "process/woken" });
  expect(peek(machine.scheduler.tasks, pid)?.status).toBe("ready");
}
