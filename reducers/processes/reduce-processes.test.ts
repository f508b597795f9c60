import { describe, expect, test } from "@jest/globals";
import { peek } from "../../core/table.ts";
import type { KernelFact } from "../kernel-event.ts";
import { PID, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";

const process = (machine: ScriptedMachine) => peek(machine.state.processes.rows, PID);

test("a process that was started runs, with all that it was given", () => {
  const machine = scriptedMachine();
  expect(process(machine)).toMatchObject({
    name: "guest",
    args: ["guest", "one", "zwölf"],
    environment: ["HOME=/"],
    memoryPages: 100,
    status: "running",
    exitCode: -1,
    startedAt: 0,
    waitsUntil: 0,
  });
  expect(machine.state.processes.nextPid).toBe(PID + 1);
});

describe("a process that ended", () => {
  test.each<[string, KernelFact, object]>([
    [
      "by itself has its code",
      { type: "process/exited", code: 7 },
      { status: "exited", exitCode: 7, reason: "" },
    ],
    [
      "by a trap has 134, the message and the stack",
      { type: "process/trapped", message: "unreachable", stack: ["f@1", "g@2"] },
      { status: "trapped", exitCode: 134, reason: "unreachable", stack: ["f@1", "g@2"] },
    ],
    [
      "by a signal has the signal's name and code",
      { type: "process/killed", signal: "SIGINT", code: 130 },
      { status: "killed", exitCode: 130, reason: "SIGINT" },
    ],
  ])("%s", (_, fact, expected) => {
    const machine = scriptedMachine();
    machine.happen(PID, { type: "process/blocked", until: 9, slots: 0 });
    machine.happen(PID, fact);
    expect(process(machine)).toMatchObject({ ...expected, waitsUntil: 0 });
  });
});

test("a process waits until it is answered", () => {
  const machine = scriptedMachine();
  machine.happen(PID, { type: "process/blocked", until: 500, slots: 1 });
  expect(process(machine)).toMatchObject({ status: "waiting", waitsUntil: 500 });
  machine.perform({ call: "sched_yield" });
  expect(process(machine)).toMatchObject({ status: "running", waitsUntil: 0 });
});

test("what a process asked and was refused changes nothing of it", () => {
  const machine = scriptedMachine();
  const before = JSON.stringify(machine.state.processes);
  const badDescriptor = { errno: 8, reason: "empty-slot", slot: -1, missing: 0 } as const;
  machine.happen(PID, { type: "process/refused", function: 1, ...badDescriptor, path: "x" });
  machine.happen(PID, { type: "process/polled", ready: [0, 0, 0, 0] });
  machine.perform({ call: "args_get" });
  expect(JSON.stringify(machine.state.processes)).toBe(before);
});

test("an answer to a process that nobody knows wakes nobody", () => {
  const machine = scriptedMachine();
  expect(() => machine.happen(77, { type: "clock/read", by: 0, clock: 0 })).not.toThrow();
});
