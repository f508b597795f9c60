import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { peek, sizeOf } from "../../core/table.ts";
import { MAX_DRAW_BYTES } from "../entropy/entropy-state.ts";
import { PID, scriptedMachine } from "../scripted-machine.ts";
import { endProcess } from "./end-process.ts";

const refused = (code: number) => ({ kind: "refused", errno: code, reason: "none", missing: 0 });
const raise = (signal: number) => scriptedMachine().ask({ call: "proc_raise", signal });

describe("a clock", () => {
  test.each([0, 1, 2, 3])("number %d can be read, and has a resolution", (clock) => {
    const machine = scriptedMachine();
    expect(machine.ask({ call: "clock_time_get", clock })).toMatchObject({
      facts: [{ type: "clock/read", clock }],
    });
    expect(machine.ask({ call: "clock_res_get", clock })).toMatchObject({
      facts: [{ type: "clock/resolution-read", clock }],
    });
  });

  test.each([4, 2 ** 32 - 1])("number %d is none", (clock) => {
    expect(scriptedMachine().ask({ call: "clock_time_get", clock })).toEqual(refused(errno.inval));
    expect(scriptedMachine().ask({ call: "clock_res_get", clock })).toEqual(refused(errno.inval));
  });
});

describe("random bytes", () => {
  test.each([0, 1, MAX_DRAW_BYTES])("%d of them stand at the end of the stream", (size) => {
    const machine = scriptedMachine();
    machine.perform({ call: "fd_write", fd: 1, size: 3 });
    expect(machine.ask({ call: "random_get", size })).toMatchObject({
      facts: [{ type: "entropy/drawn", position: 3, length: size }],
    });
  });

  test("more than anybody needs are refused", () => {
    expect(scriptedMachine().ask({ call: "random_get", size: MAX_DRAW_BYTES + 1 })).toEqual(
      refused(errno.inval),
    );
  });
});

describe("an end", () => {
  test("gives back every capability that the process held, and is the last fact", () => {
    const machine = scriptedMachine();
    machine.file("a");
    const decision = machine.ask({ call: "proc_exit", code: 3 });
    expect(decision).toMatchObject({
      facts: [
        { type: "capability/removed", why: "holder-ended", more: false },
        { type: "capability/closed", slot: 0, object: "console", target: 0 },
        { type: "capability/closed", slot: 1, object: "console", target: 1 },
        { type: "capability/closed", slot: 2, object: "console", target: 2 },
        { type: "capability/closed", slot: 3, object: "file" },
        { type: "capability/closed", slot: 4, object: "file" },
        { type: "process/exited", code: 3 },
      ],
    });
    machine.perform({ call: "proc_exit", code: 3 });
    const { capabilities, files } = machine.state;
    expect([sizeOf(peek(capabilities.tables, PID)?.slots ?? files.opens), sizeOf(files.opens)]).toEqual([
      0, 0,
    ]);
  });

  test.each([0, 1, 255, 256, 2 ** 32 - 1])("may have the code %d", (code) => {
    expect(scriptedMachine().perform({ call: "proc_exit", code })).toMatchObject({
      type: "process/exited",
      code,
    });
  });

  test("from outside gives everything back too", () => {
    const machine = scriptedMachine();
    const end = { type: "process/trapped" as const, message: "unreachable", stack: ["f@1"] };
    const given = endProcess(machine.state, PID, end);
    expect([given.length, given[5]]).toEqual([6, end]);
  });
});

describe("a signal that a process raises", () => {
  test.each([
    [2, "SIGINT"],
    [6, "SIGABRT"],
    [9, "SIGKILL"],
    [11, "SIGSEGV"],
    [13, "SIGPIPE"],
    [15, "SIGTERM"],
    [30, "SIGSYS"],
  ])("of number %d is %s, and ends it with 128 and the number", (signal, name) => {
    const decision = raise(signal);
    expect(decision.kind === "facts" && decision.facts[decision.facts.length - 1]).toEqual({
      type: "process/killed",
      signal: name,
      code: 128 + signal,
    });
    expect(decision.kind === "facts" && decision.facts).toHaveLength(6);
  });

  test.each([0, 16, 17, 22, 27])("of number %d is ignored, as POSIX does by default", (signal) => {
    expect(raise(signal)).toEqual({ kind: "facts", facts: [{ type: "process/yielded" }] });
  });

  test.each([18, 19, 20, 21])("of number %d would stop it, which is not supported", (signal) => {
    expect(raise(signal)).toEqual(refused(errno.notsup));
  });

  test.each([31, 255, 2 ** 32 - 1])("of number %d is none", (signal) => {
    expect(raise(signal)).toEqual(refused(errno.inval));
  });

  test("of every number there is is decided, one way or another", () => {
    const kinds = Array.from({ length: 31 }, (_, signal) => raise(signal).kind);
    expect([
      kinds.filter((kind) => kind === "facts").length,
      kinds.filter((kind) => kind === "refused").length,
    ]).toEqual([27, 4]);
  });
});
