import { describe, expect, test } from "@jest/globals";
import { initialState } from "../reducers/kernel-state.ts";
import { kernelCodec } from "../reducers/kernel-event.ts";
import { CONSOLE_INPUT } from "../reducers/scheduler/awaited.ts";
import { ScheduledMachine } from "../reducers/scheduler/scheduled-machine.ts";
import { PID, scriptedMachine } from "../reducers/scripted-machine.ts";
import { screenOf } from "./top.ts";
import { Sampler } from "./top-sample.ts";

/** A machine, and a sampler that has taken its events so far. */
class Sampled {
  readonly machine = new ScheduledMachine(100);
  readonly #sampler = new Sampler(initialState(), "a recording");
  #taken = 0;

  constructor() {
    const power = { wall: 0, clock: "virtual", version: 1, nameSeed: 0 } as const;
    this.machine.happen(0, { type: "machine/powered-on", ...power });
  }

  call(pid: number): void {
    const event = kernelCodec.seal(
      { type: "clock/read", by: 0, clock: 0 },
      this.machine.state.seq,
      this.machine.at,
      -1,
      pid,
      7,
    );
    this.machine.take(event);
  }

  sample(seconds: number | null = null): ReturnType<Sampler["sample"]> {
    for (const event of this.machine.events.slice(this.#taken)) this.#sampler.take(event);
    this.#taken = this.machine.events.length;
    return this.#sampler.sample(seconds);
  }
}

describe("a sample", () => {
  test("has what each process used, how often it called, and what it does", () => {
    const sampled = new Sampled();
    const { machine } = sampled;
    for (const pid of [1, 2, 3]) machine.start(pid);
    machine.turn();
    sampled.call(1);
    sampled.call(1);
    machine.preempt(1, 30);
    machine.turn();
    machine.at = 2_000_000;
    machine.suspend(2, [CONSOLE_INPUT], 9_000_000);
    machine.turn();
    sampled.call(3);
    const sample = sampled.sample();
    expect(sample).toMatchObject({ from: 0, to: 13, seconds: 2, events: 13, eventsPerSecond: 6.5 });
    expect(sample).toMatchObject({
      ticks: 31,
      ticksPerSecond: 15.5,
      running: 1,
      ready: 1,
      waiting: 1,
      ended: 0,
    });
    expect(sample.processes.map(({ status, newTicks, calls }) => [status, newTicks, calls])).toEqual([
      ["ready", 30, 2],
      ["waiting", 1, 0],
      ["running", 0, 1],
    ]);
    expect(sample.processes[1]?.waitsFor).toEqual(["input", "9.000000 s"]);
    expect(sample.processes.map(({ share }) => share)).toEqual([3000 / 31, 100 / 31, 0]);
  });

  test("has only what came since the one before", () => {
    const sampled = new Sampled();
    const { machine } = sampled;
    machine.start(1);
    machine.turn();
    sampled.call(1);
    machine.preempt(1, 30);
    sampled.sample();
    machine.turn();
    machine.happen(1, { type: "process/accounted", ticks: 12 });
    machine.happen(1, { type: "process/exited", code: 3 });
    const { seq } = machine.state;
    expect(sampled.sample(0.5)).toMatchObject({
      from: seq - 3,
      to: seq,
      eventsPerSecond: 6,
      ticks: 12,
      ticksPerSecond: 24,
      ended: 1,
      processes: [{ ticks: 42, newTicks: 12, share: 100, calls: 0, status: "exited", exitCode: 3 }],
    });
    expect(sampled.sample(0.5)).toMatchObject({
      events: 0,
      ticks: 0,
      processes: [{ newTicks: 0, share: 0 }],
    });
  });

  test("has no rate where no time passed, and no ticks where nobody takes turns", () => {
    const machine = scriptedMachine();
    const sampler = new Sampler(machine.state, "a recording");
    expect(sampler.sample(null)).toMatchObject({ events: 0, eventsPerSecond: null, ticks: null, running: 1 });
    expect(sampler.sample(1).processes).toMatchObject([
      { pid: PID, ticks: null, newTicks: null, share: null },
    ]);
  });
});

test("a screen shows as many lines as fit, each as far as it fits, and nothing of what was there", () => {
  expect(screenOf(["one", "two", "three"], { rows: 3, columns: 2, isFirst: false })).toBe(
    "\x1b[Hon\x1b[K\ntw\x1b[K\n\x1b[J",
  );
  expect(screenOf(["one"], { rows: 24, columns: 80, isFirst: true })).toBe("\x1b[2J\x1b[Hone\x1b[K\n\x1b[J");
});
