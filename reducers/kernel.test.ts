import { describe, expect, test } from "@jest/globals";
import { get, peek } from "../core/table.ts";
import { kernelCodec, kernelEvents } from "./kernel-event.ts";
import { initialState } from "./kernel-state.ts";
import { PID, scriptedMachine } from "./scripted-machine.ts";
import { Fold } from "./step.ts";

describe("each event", () => {
  test("is the next of its timeline", () => {
    const fold = new Fold(initialState());
    const event = kernelCodec.seal({ type: "process/yielded" }, 1, 0, -1, 0, -1);
    expect(() => fold.apply(event)).toThrow("events are folded in their order");
  });

  test("moves the machine's seq and time", () => {
    const machine = scriptedMachine();
    const { seq } = machine.state;
    machine.at = 77;
    machine.happen(PID, { type: "process/yielded" });
    expect(machine.state).toMatchObject({ seq: seq + 1, at: 77 });
  });

  test("that answers a call wakes who waited, and one that does not lets it sleep", () => {
    const machine = scriptedMachine();
    const process = () => get(machine.state.processes.rows, PID);
    machine.happen(PID, { type: "process/blocked", until: 500, slots: 0 });
    expect(process()).toMatchObject({ status: "waiting", waitsUntil: 500 });
    machine.happen(0, { type: "console/input-arrived", position: machine.state.head, length: 3 });
    expect(process().status).toBe("waiting");
    machine.perform({ call: "fd_read", fd: 0, size: 3 });
    expect(process()).toMatchObject({ status: "running", waitsUntil: 0 });
  });
});

describe("the byte stream's head", () => {
  test("is behind all bytes that events brought", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a");
    const heads = [
      () => machine.perform({ call: "fd_write", fd, size: 10 }),
      () => machine.perform({ call: "fd_pwrite", fd, size: 5, offset: 0 }),
      () => machine.perform({ call: "fd_write", fd: 1, size: 7 }),
      () => machine.perform({ call: "random_get", size: 4 }),
      () => machine.happen(0, { type: "console/input-arrived", position: machine.state.head, length: 2 }),
    ].map((act) => {
      act();
      return machine.state.head;
    });
    expect(heads).toEqual([10, 15, 22, 26, 28]);
  });

  test("stays where it is when bytes are read that stand in the stream already", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a", 10);
    machine.happen(0, { type: "console/input-arrived", position: machine.state.head, length: 2 });
    machine.perform({ call: "fd_pread", fd, size: 10, offset: 0 });
    machine.perform({ call: "fd_read", fd: 0, size: 2 });
    expect(machine.state.head).toBe(12);
  });
});

describe("an exiting process", () => {
  test("gives back every capability it held, and every file that it had open", () => {
    const machine = scriptedMachine();
    machine.file("a");
    machine.happen(0, { type: "pipe/created", pipe: 1 });
    machine.grant("pipe-reader", 1, 2);
    machine.perform({ call: "proc_exit", code: 0 });
    const { capabilities, files, pipes, processes } = machine.state;
    expect(peek(capabilities.tables, PID)?.slots.root).toBeNull();
    expect([files.opens.root, pipes.rows.root]).toEqual([null, null]);
    expect(get(processes.rows, PID)).toMatchObject({ status: "exited", exitCode: 0 });
  });
});

test("every type of event has a tag of its own below 256, and all are in use by one fold", () => {
  const tags = Object.values(kernelEvents).map(({ tag }) => tag);
  expect(new Set(tags).size).toBe(tags.length);
  expect(tags.every((tag) => Number.isInteger(tag) && tag > 0 && tag < 256)).toBe(true);
});

test("a type of event that the kernel does not know is a bug, not a state", () => {
  const event = { type: "x/y", seq: 0, at: 0, cause: -1, pid: 0, call: -1 };
  expect(() => new Fold(initialState()).apply(event as never)).toThrow("a case that cannot be");
});
