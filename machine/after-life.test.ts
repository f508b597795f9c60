import { describe, expect, test } from "@jest/globals";
import type { KernelFact } from "../reducers/kernel-event.ts";
import { ScheduledMachine } from "../reducers/scheduler/scheduled-machine.ts";
import { isMachineDue } from "./after-life.ts";
import type { MachineSpec, ProcessSpec } from "./machine-spec.ts";

type Given = Partial<Pick<ProcessSpec, "after" | "restart">>;

const specOf = (name: string, given: Given): ProcessSpec => ({
  name,
  sha: "",
  args: [],
  environment: [],
  memoryPages: 1,
  maxTicks: 0,
  directories: [],
  streams: [],
  descriptors: [],
  capabilities: [],
  domain: 0,
  scheduling: { priority: 100, context: null },
  services: { realtimeClock: true, monotonicClock: true, timers: true, entropy: true },
  after: [],
  restart: { condition: "never", maxRestarts: 0, delayMicros: 0 },
  ...given,
});

const machineOf = (...given: readonly Given[]): MachineSpec => ({
  processes: given.map((one, index) => specOf(`p${index}`, one)),
  pipes: [],
  directories: [],
  objects: [],
  quantum: 100,
  seed: 0,
  domains: [],
  terminals: [false, false, false],
});

const exit = (code: number): KernelFact => ({ type: "process/exited", code });
const kill: KernelFact = { type: "process/killed", signal: "SIGKILL", code: 137 };

/** Lives of processes by their places, and how each ended, in order; null while it lives. */
function isDue(machine: MachineSpec, ...lives: readonly (readonly [number, KernelFact | null])[]): boolean {
  const lived = new ScheduledMachine(100);
  lives.forEach(([place, end], index) => {
    const nothing = { program: "", args: [], environment: [], memoryPages: 1 };
    lived.happen(index + 1, { type: "process/started", name: `p${place}`, ...nothing });
    if (end !== null) lived.happen(index + 1, end);
  });
  return isMachineDue(machine, lived.state);
}

const again = (condition: "on-failure" | "always", maxRestarts: number): Given => ({
  restart: { condition, maxRestarts, delayMicros: 5 },
});

describe("somebody is to be started", () => {
  test("at the beginning", () => expect(isDue(machineOf({}))).toBe(true));

  test("when those that it is after have ended well", () => {
    const machine = machineOf({}, {}, { after: [0, 1] });
    expect(isDue(machine, [0, exit(0)], [1, null])).toBe(false);
    expect(isDue(machine, [0, exit(0)], [1, exit(0)])).toBe(true);
    expect(isDue(machine, [0, exit(0)], [1, exit(3)])).toBe(false);
    expect(isDue(machine, [0, exit(0)], [1, exit(0)], [2, null])).toBe(false);
  });

  test("when it failed and may live again, and no more often than it may", () => {
    const machine = machineOf(again("on-failure", 2));
    expect(isDue(machine, [0, null])).toBe(false);
    expect(isDue(machine, [0, exit(1)])).toBe(true);
    expect(isDue(machine, [0, exit(1)], [0, null])).toBe(false);
    expect(isDue(machine, [0, exit(1)], [0, kill])).toBe(true);
    expect(isDue(machine, [0, exit(1)], [0, kill], [0, exit(1)])).toBe(false);
    expect(isDue(machine, [0, exit(0)])).toBe(false);
  });

  test("when it ended well and always lives again", () => {
    expect(isDue(machineOf(again("always", 1)), [0, exit(0)])).toBe(true);
    expect(isDue(machineOf(again("always", 1)), [0, exit(0)], [0, exit(0)])).toBe(false);
  });

  test("not after one that will live again", () => {
    expect(isDue(machineOf(again("always", 1), { after: [0] }), [0, exit(0)], [0, null])).toBe(false);
  });
});
