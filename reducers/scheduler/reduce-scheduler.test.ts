import { describe, expect, test } from "@jest/globals";
import type { Own } from "../../core/own.ts";
import { get, peek, remove, set, sizeOf, type Table } from "../../core/table.ts";
import { kernelInvariants } from "../kernel-invariants.ts";
import type { KernelState } from "../kernel-state.ts";
import { PID, scriptedMachine } from "../scripted-machine.ts";
import { CONSOLE_INPUT, readable, writable } from "./awaited.ts";
import { ScheduledMachine } from "./scheduled-machine.ts";
import type { EndedTask, SchedulerState } from "./scheduler-state.ts";
import { firstDue, ticksFor, ticksUsed, waitersOf } from "./scheduler-selectors.ts";

function machineOf(...pids: readonly number[]): ScheduledMachine {
  const machine = new ScheduledMachine(1000);
  for (const pid of pids) machine.start(pid);
  return machine;
}

describe("those who are ready", () => {
  test("have their turns in the order in which they became ready", () => {
    const machine = machineOf(1, 2, 3);
    expect(machine.turn()).toBe(1);
    expect([machine.queue, machine.scheduler.running]).toEqual([[2, 3], 1]);
    machine.preempt(1);
    expect([machine.queue, machine.scheduler.running]).toEqual([[2, 3, 1], 0]);
  });

  test.each([
    [1, [2, 3]],
    [2, [1, 3]],
    [3, [1, 2]],
  ])("leave the queue when they are killed: %d", (pid, rest) => {
    const machine = machineOf(1, 2, 3);
    machine.happen(pid, { type: "process/killed", signal: "SIGKILL", code: 137 });
    expect([machine.queue, machine.broken]).toEqual([rest, []]);
  });

  test("are none in the end", () => {
    const machine = machineOf(1);
    machine.turn();
    machine.happen(1, { type: "process/exited", code: 0 });
    expect([machine.turn(), machine.scheduler.running, sizeOf(machine.scheduler.tasks)]).toEqual([0, 0, 0]);
  });
});

describe("one who waits", () => {
  test("is not in the queue, and is found by what it waits for", () => {
    const machine = machineOf(1, 2);
    machine.suspend(machine.turn(), [CONSOLE_INPUT, readable(7)]);
    expect([machine.queue, waitersOf(machine.scheduler, CONSOLE_INPUT)]).toEqual([[2], [1]]);
    expect([waitersOf(machine.scheduler, readable(7)), waitersOf(machine.scheduler, writable(7))]).toEqual([
      [1],
      [],
    ]);
  });

  test("waits for nothing once it is woken, and stands at the end", () => {
    const machine = machineOf(1, 2);
    machine.suspend(machine.turn(), [CONSOLE_INPUT, readable(7)], 50);
    machine.happen(1, { type: "process/woken" });
    expect([machine.queue, machine.scheduler.waiters.root, firstDue(machine.scheduler)]).toEqual([
      [2, 1],
      null,
      0,
    ]);
  });

  test("may be killed meanwhile", () => {
    const machine = machineOf(1);
    machine.suspend(machine.turn(), [readable(7)], 50);
    machine.happen(1, { type: "process/killed", signal: "SIGKILL", code: 137 });
    expect([machine.scheduler.waiters.root, machine.scheduler.timers.root, machine.broken]).toEqual([
      null,
      null,
      [],
    ]);
  });
});

test("timers come in the order of their times", () => {
  const pids = [5, 3, 8, 1, 9, 2];
  const machine = machineOf(...pids);
  for (const until of [70, 30, 50, 30, 90, 10]) machine.suspend(machine.turn(), [], until);
  expect([firstDue(machine.scheduler), machine.broken]).toEqual([10, []]);
  const woken: ReadonlySet<number>[] = [];
  for (machine.at = 10; machine.at <= 90; machine.at += 20) woken.push(new Set(machine.wakeDue()));
  expect([woken, machine.broken]).toEqual([[[2], [1, 3], [8], [5], [9]].map((pids) => new Set(pids)), []]);
});

test("ticks are counted over all turns, and a limit leaves what is left", () => {
  const machine = machineOf(1);
  machine.happen(1, { type: "process/limited", ticks: 1700 });
  expect(ticksFor(machine.scheduler, 1)).toBe(1000);
  machine.turn();
  machine.preempt(1, 1005);
  expect(ticksFor(machine.scheduler, 1)).toBe(695);
  machine.turn();
  machine.happen(1, { type: "process/suspended", ticks: 600, since: 0, until: 0, objects: [] });
  expect(get(machine.scheduler.tasks, 1).ticks).toBe(1605);
  machine.happen(1, { type: "process/woken" });
  machine.turn();
  machine.happen(1, { type: "process/accounted", ticks: 95 });
  expect([ticksFor(machine.scheduler, 1), peek(machine.scheduler.tasks, 1)?.ticks]).toEqual([-1, 1700]);
});

describe("what one has used", () => {
  test("is remembered when it has ended, and added to by nothing", () => {
    const machine = machineOf(1, 2, 3);
    machine.turn();
    machine.preempt(1, 30);
    machine.turn();
    machine.suspend(2, [CONSOLE_INPUT]);
    machine.turn();
    machine.happen(3, { type: "process/accounted", ticks: 7 });
    machine.happen(3, { type: "process/exited", code: 0 });
    machine.happen(2, { type: "process/killed", signal: "SIGKILL", code: 137 });
    expect([1, 2, 3, 4].map((pid) => ticksUsed(machine.scheduler, pid))).toEqual([30, 1, 7, null]);
    expect([sizeOf(machine.scheduler.tasks), sizeOf(machine.scheduler.ended)]).toEqual([1, 2]);
    expect(machine.broken).toEqual([]);
  });

  test("is one number for each that has ended, and held to", () => {
    const machine = machineOf(1, 2);
    machine.happen(1, { type: "process/killed", signal: "SIGKILL", code: 137 });
    const state = JSON.parse(JSON.stringify(machine.snapshot())) as Own<KernelState>;
    const scheduler = state.scheduler as Own<SchedulerState>;
    const broken = (): readonly string[] =>
      Object.entries(kernelInvariants)
        .filter(([, holds]) => !holds(state))
        .map(([name]) => name);
    expect(broken()).toEqual([]);
    set(scheduler.ended as Own<Table<EndedTask>>, 2, { epoch: 0, ticks: 5, donee: 0 });
    expect(broken()).toEqual(["theEndedHaveNoTurns", "theEndedAreCounted"]);
    remove(scheduler.ended as Own<Table<EndedTask>>, 2);
    remove(scheduler.ended as Own<Table<EndedTask>>, 1);
    expect(broken()).toEqual(["theEndedAreCounted"]);
  });
});

test("a machine that was not told to take turns has no scheduler, whoever starts and ends", () => {
  const machine = scriptedMachine();
  machine.happen(PID, { type: "process/exited", code: 0 });
  expect("scheduler" in machine.state).toBe(false);
});
