import { describe, expect, test } from "@jest/globals";
import { right } from "../../core/rights.ts";
import { CONSOLE_INPUT, readable, writable } from "../scheduler/awaited.ts";
import { ScheduledMachine } from "../scheduler/scheduled-machine.ts";
import { standstillOf } from "./standstill.ts";

const PIPE = 1;

/** Two processes and a pipe, of which the first holds the writing end and the second the reading one. */
function machineOfTwo(): ScheduledMachine {
  const machine = new ScheduledMachine(100);
  machine.happen(0, { type: "machine/powered-on", wall: 0, clock: "virtual", version: 1, nameSeed: 0 });
  machine.happen(0, { type: "pipe/created", pipe: PIPE });
  (["pipe-writer", "pipe-reader"] as const).forEach((object, index) => {
    machine.start(index + 1);
    const rights = right.fdRead | right.fdWrite;
    const granted = { slot: 0, object, target: PIPE, rights, inheriting: 0, label: "" } as const;
    machine.happen(index + 1, { type: "capability/granted", ...granted });
  });
  return machine;
}

/** Lets the next ones wait for these, in their turns. */
function wait(machine: ScheduledMachine, ...awaited: readonly (readonly number[])[]): void {
  for (const objects of awaited) machine.suspend(machine.turn(), objects);
}

describe("a machine stands still", () => {
  test("when all who live wait for each other, and says for what", () => {
    const machine = machineOfTwo();
    wait(machine, [readable(PIPE + 1)], [readable(PIPE)]);
    machine.happen(0, { type: "pipe/created", pipe: PIPE + 1 });
    machine.happen(0, { type: "pipe/reserved", pipe: PIPE + 1, readers: 1, writers: 1 });
    expect(standstillOf(machine.state)).toEqual([
      { pid: 1, name: "", objects: [readable(PIPE + 1)] },
      { pid: 2, name: "", objects: [readable(PIPE)] },
    ]);
  });

  test("when the room that there is in a pipe is too little", () => {
    const machine = machineOfTwo();
    wait(machine, [writable(PIPE)], [readable(PIPE + 1)]);
    machine.happen(0, { type: "pipe/created", pipe: PIPE + 1 });
    machine.happen(0, { type: "pipe/reserved", pipe: PIPE + 1, readers: 1, writers: 1 });
    const written = { type: "pipe/written", by: 0, pipe: PIPE, position: 0 } as const;
    machine.happen(1, { ...written, length: 65_536 - 4_095 });
    expect(standstillOf(machine.state)).toHaveLength(2);
    machine.happen(2, { type: "pipe/read", by: 0, pipe: PIPE, position: 0, length: 1 });
    expect(standstillOf(machine.state)).toBeNull();
  });

  test("when the one who is left waits for nobody", () => {
    const machine = machineOfTwo();
    wait(machine, [writable(PIPE)], [readable(PIPE)]);
    machine.happen(1, { type: "process/killed", signal: "SIGKILL", code: 137 });
    expect(standstillOf(machine.state)).toEqual([{ pid: 2, name: "", objects: [readable(PIPE)] }]);
  });
});

describe("a machine does not stand still", () => {
  test("while somebody is ready, or runs", () => {
    const machine = machineOfTwo();
    wait(machine, [readable(PIPE)]);
    expect(standstillOf(machine.state)).toBeNull();
    machine.turn();
    expect(standstillOf(machine.state)).toBeNull();
  });

  test("while somebody waits for time", () => {
    const machine = machineOfTwo();
    wait(machine, [readable(PIPE)]);
    machine.suspend(machine.turn(), [readable(PIPE)], 50);
    expect(standstillOf(machine.state)).toBeNull();
  });

  test("while somebody waits for input, also besides", () => {
    const machine = machineOfTwo();
    wait(machine, [readable(PIPE)], [readable(PIPE), CONSOLE_INPUT]);
    expect(standstillOf(machine.state)).toBeNull();
  });

  test("before the wake of one who need not wait", () => {
    const machine = machineOfTwo();
    wait(machine, [readable(PIPE)], [readable(PIPE)]);
    expect(standstillOf(machine.state)).not.toBeNull();
    machine.happen(0, { type: "pipe/written", by: 0, pipe: PIPE, position: 0, length: 1 });
    expect(standstillOf(machine.state)).toBeNull();
  });

  test("when nobody lives, when it is off, and where nobody takes turns", () => {
    const machine = machineOfTwo();
    wait(machine, [readable(PIPE)], [readable(PIPE)]);
    const off = machineOfTwo();
    wait(off, [readable(PIPE)], [readable(PIPE)]);
    off.happen(0, { type: "machine/powered-off", reason: "interrupted" });
    for (const pid of [1, 2]) machine.happen(pid, { type: "process/killed", signal: "SIGKILL", code: 137 });
    const { scheduler: _, ...alone } = machine.state;
    expect([machine.state, off.state, alone].map(standstillOf)).toEqual([null, null, null]);
  });
});
