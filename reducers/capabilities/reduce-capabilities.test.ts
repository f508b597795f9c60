import { describe, expect, test } from "@jest/globals";
import { right } from "../../core/rights.ts";
import { peek } from "../../core/table.ts";
import { PID, ROOT_FD, scriptedMachine } from "../scripted-machine.ts";
import { capabilityIn, freeSlot } from "./capability-selectors.ts";
import type { Capability } from "./capability-state.ts";

const held = (machine: ReturnType<typeof scriptedMachine>, slot: number): Capability | null =>
  capabilityIn(machine.state.capabilities, PID, slot);

describe("a capability", () => {
  test("that boot granted has no parent, and its id is the seq of the event that made it", () => {
    const machine = scriptedMachine();
    const id = machine.state.seq;
    const slot = machine.grant("console", 1, right.fdWrite);
    expect(held(machine, slot)).toMatchObject({
      id,
      object: "console",
      target: 1,
      rights: right.fdWrite,
      inheriting: 0,
      parent: -1,
      label: "",
    });
  });

  test("of a file that was opened has the directory's as its parent", () => {
    const machine = scriptedMachine();
    const parent = held(machine, ROOT_FD)?.id;
    const slot = machine.file("a");
    expect(held(machine, slot)).toMatchObject({ object: "file", parent, label: "", badge: 0 });
  });

  test("that is closed leaves its slot empty, and the lowest one is taken next", () => {
    const machine = scriptedMachine();
    machine.file("a");
    machine.perform({ call: "fd_close", fd: 1 });
    machine.perform({ call: "fd_close", fd: 4 });
    expect([held(machine, 1), machine.freeSlot()]).toEqual([null, 1]);
    expect([machine.open("a"), machine.open("a")]).toEqual([1, 4]);
  });

  test("that is moved is the same one in another place", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a");
    const before = held(machine, fd);
    machine.perform({ call: "fd_renumber", fd, to: 2 });
    expect([held(machine, fd), { ...held(machine, 2), epoch: 0 }]).toEqual([null, { ...before, epoch: 0 }]);
  });

  test("that is narrowed keeps its id, and can do less from then on", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a");
    const id = held(machine, fd)?.id;
    machine.perform({
      call: "fd_fdstat_set_rights",
      fd,
      rights: right.fdRead,
      inheriting: 0,
      hasUnknown: false,
    });
    expect(held(machine, fd)).toMatchObject({ id, rights: right.fdRead, inheriting: 0 });
    expect(machine.ask({ call: "fd_write", fd, size: 1 }).kind).toBe("refused");
  });

  test("that is looked at stays as it is", () => {
    const machine = scriptedMachine();
    const before = JSON.stringify(machine.state.capabilities);
    machine.perform({ call: "fd_fdstat_get", fd: 0 });
    expect(JSON.stringify(machine.state.capabilities)).toBe(before);
  });
});

describe("a process's slots", () => {
  test("are none before it is started", () => {
    const machine = scriptedMachine();
    expect([
      capabilityIn(machine.state.capabilities, 99, 0),
      freeSlot(machine.state.capabilities, 99),
    ]).toEqual([null, 0]);
    expect(peek(machine.state.capabilities.tables, 99)).toBeNull();
  });

  test("are its own", () => {
    const machine = scriptedMachine();
    machine.happen(2, {
      type: "process/started",
      program: "",
      name: "",
      args: [],
      environment: [],
      memoryPages: 1,
    });
    machine.happen(2, {
      type: "capability/granted",
      slot: 0,
      object: "console",
      target: 2,
      rights: 1,
      inheriting: 0,
      label: "",
    });
    expect(capabilityIn(machine.state.capabilities, 2, 0)?.target).toBe(2);
    expect(held(machine, 0)?.target).toBe(0);
  });

  test("may be ten thousand, the first free one found at once", () => {
    const machine = scriptedMachine();
    for (let count = 0; count < 10_000; count += 1) machine.grant("console", 1, 0);
    expect(machine.freeSlot()).toBe(10_004);
    machine.perform({ call: "fd_close", fd: 5000 });
    expect(machine.freeSlot()).toBe(5000);
  });
});
