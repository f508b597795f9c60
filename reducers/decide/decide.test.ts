import { describe, expect, test } from "@jest/globals";
import { PID, ROOT_FD, scriptedMachine } from "../scripted-machine.ts";
import { decide } from "./decide.ts";
import type { Request } from "./request.ts";

describe("what has no conditions happens", () => {
  test.each<[Request["call"], object]>([
    ["args_get", { type: "process/arguments-read", what: "args" }],
    ["args_sizes_get", { type: "process/arguments-read", what: "args-sizes" }],
    ["environ_get", { type: "process/arguments-read", what: "environment" }],
    ["environ_sizes_get", { type: "process/arguments-read", what: "environment-sizes" }],
    ["sched_yield", { type: "process/yielded" }],
  ])("%s", (call, fact) => {
    expect(scriptedMachine().ask({ call } as Request)).toEqual({ kind: "facts", facts: [fact] });
  });
});

test("deciding changes nothing, and the same state and request give the same decision", () => {
  const machine = scriptedMachine();
  machine.file("a", 10);
  const before = JSON.stringify(machine.state);
  const requests: readonly Request[] = [
    { call: "fd_read", fd: 4, size: 5 },
    { call: "fd_write", fd: 4, size: 5 },
    { call: "path_rename", fd: ROOT_FD, path: "a", toFd: ROOT_FD, toPath: "b" },
    { call: "path_unlink_file", fd: ROOT_FD, path: "a" },
    { call: "proc_exit", code: 0 },
    { call: "random_get", size: 8 },
  ];
  for (const request of requests) expect(machine.ask(request)).toEqual(machine.ask(request));
  expect(JSON.stringify(machine.state)).toBe(before);
});

test("a process sees its own slots only", () => {
  const machine = scriptedMachine();
  const other = { pid: PID + 1, at: 0, since: 0 };
  expect(decide(machine.state, other, { call: "fd_fdstat_get", fd: 0 })).toMatchObject({ kind: "refused" });
  machine.happen(PID + 1, {
    type: "process/started",
    program: "",
    name: "",
    args: [],
    environment: [],
    memoryPages: 1,
  });
  expect(decide(machine.state, other, { call: "fd_fdstat_get", fd: 0 })).toMatchObject({ kind: "refused" });
  expect(decide(machine.state, other, { call: "proc_exit", code: 0 })).toMatchObject({
    facts: [{ type: "process/exited" }],
  });
});

test("every fact that is decided names the capability that was used", () => {
  const machine = scriptedMachine();
  const fd = machine.file("a", 10);
  const used = machine.perform({ call: "fd_read", fd, size: 1 });
  const opened = machine.state.seq;
  machine.open("a");
  expect(used).toHaveProperty("by");
  const narrowed = machine.perform({ call: "fd_read", fd: fd + 1, size: 1 });
  expect("by" in narrowed && narrowed.by).toBe(opened);
});
