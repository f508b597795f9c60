import { describe, expect, test } from "@jest/globals";
import { right } from "../../core/rights.ts";
import { CONSOLE_INPUT, readable, writable } from "../scheduler/awaited.ts";
import { ScheduledMachine } from "../scheduler/scheduled-machine.ts";
import { nextTurn, wokenAt, wokenBy, wokenByState } from "./schedule.ts";

const PIPE = 3;

/** Processes 1, 2, ... that wait for an object, and one more, which has both ends of a pipe in its slots 0 and 1. */
function waiting(count: number, object: number, seed = 0): { machine: ScheduledMachine; holder: number } {
  const machine = new ScheduledMachine(100, seed);
  for (let pid = 1; pid <= count; pid += 1) {
    machine.start(pid);
    machine.suspend(machine.turn(), [object]);
  }
  const holder = count + 1;
  machine.start(holder);
  machine.happen(0, { type: "pipe/created", pipe: PIPE });
  (["pipe-reader", "pipe-writer"] as const).forEach((end, slot) => {
    const rights = right.fdRead | right.fdWrite;
    machine.happen(holder, {
      type: "capability/granted",
      slot,
      object: end,
      target: PIPE,
      rights,
      inheriting: 0,
      label: "",
    });
  });
  return { machine, holder };
}

describe("who waits is woken", () => {
  test("by input at the console, and by its end", () => {
    const { machine } = waiting(1, CONSOLE_INPUT);
    const arrived = machine.happen(0, { type: "console/input-arrived", position: 0, length: 1 });
    expect(wokenBy(machine.state, arrived)).toEqual([1]);
    expect(wokenBy(machine.state, machine.happen(0, { type: "console/input-ended" }))).toEqual([1]);
  });

  test("by bytes in a pipe, and by room in it", () => {
    const reading = waiting(1, readable(PIPE));
    const written = { type: "pipe/written", by: 0, pipe: PIPE, position: 0, length: 5 } as const;
    expect(wokenBy(reading.machine.state, reading.machine.happen(2, written))).toEqual([1]);
    const writing = waiting(1, writable(PIPE));
    const filled = writing.machine.happen(2, written);
    expect(wokenBy(writing.machine.state, filled)).toEqual([]);
    const read = { type: "pipe/read", by: 0, pipe: PIPE, position: 0, length: 5 } as const;
    expect(wokenBy(writing.machine.state, writing.machine.happen(2, read))).toEqual([1]);
  });

  test.each([
    ["reader", 0, writable(PIPE)],
    ["writer", 1, readable(PIPE)],
  ] as const)("by the last %s's end", (end, slot, object) => {
    const { machine, holder } = waiting(1, object);
    const closed = machine.happen(holder, {
      type: "capability/closed",
      by: 0,
      slot,
      object: `pipe-${end}`,
      target: PIPE,
    });
    expect(wokenBy(machine.state, closed)).toEqual([1]);
  });

  test("not by what is nothing to it", () => {
    const { machine } = waiting(1, readable(PIPE + 1));
    const written = { type: "pipe/written", by: 0, pipe: PIPE, position: 0, length: 5 } as const;
    expect(wokenBy(machine.state, machine.happen(2, written))).toEqual([]);
  });
});

test("who waits is found after a power cut between an event and its wake, and nobody who still has to wait", () => {
  const written = { type: "pipe/written", by: 0, pipe: PIPE, position: 0, length: 5 } as const;
  const reading = waiting(1, readable(PIPE)).machine;
  expect(wokenByState(reading.state)).toEqual([]);
  reading.happen(2, written);
  expect(wokenByState(reading.state)).toEqual([1]);
  const writing = waiting(1, writable(PIPE)).machine;
  writing.happen(2, { ...written, length: 65_536 });
  expect(wokenByState(writing.state)).toEqual([]);
  writing.happen(2, { type: "pipe/read", by: 0, pipe: PIPE, position: 0, length: 5 });
  expect(wokenByState(writing.state)).toEqual([1]);
  const asking = waiting(2, CONSOLE_INPUT).machine;
  expect(wokenByState(asking.state)).toEqual([]);
  asking.happen(0, { type: "console/input-ended" });
  expect(new Set(wokenByState(asking.state))).toEqual(new Set([1, 2]));
});

test("of those who are woken together the seed says who is first, each seed the same each time", () => {
  const order = (seed: number): string => {
    const { machine } = waiting(6, CONSOLE_INPUT, seed);
    const woken = wokenBy(
      machine.state,
      machine.happen(0, { type: "console/input-arrived", position: 0, length: 1 }),
    );
    expect(new Set(woken)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    return woken.join();
  };
  const orders = Array.from({ length: 20 }, (_, seed) => order(seed));
  expect(new Set(orders).size).toBeGreaterThan(15);
  expect(Array.from({ length: 20 }, (_, seed) => order(seed))).toEqual(orders);
});

test("each has its turn after no more turns than there are others", () => {
  const machine = new ScheduledMachine(100);
  for (let pid = 1; pid <= 5; pid += 1) machine.start(pid);
  const turns = Array.from({ length: 15 }, () => {
    const pid = machine.turn();
    machine.preempt(pid);
    return pid;
  });
  expect(turns).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
});

test("nobody's turn comes while nobody is ready", () => {
  const machine = new ScheduledMachine(100);
  expect(nextTurn(machine.scheduler)).toBeNull();
  machine.start(1);
  expect(nextTurn(machine.scheduler)).toEqual({ pid: 1, quantum: 100 });
  machine.suspend(machine.turn(), [], 50);
  expect([
    nextTurn(machine.scheduler),
    wokenAt(machine.scheduler, 49, 0),
    wokenAt(machine.scheduler, 50, 0),
  ]).toEqual([null, [], [1]]);
});
