import { describe, expect, test } from "@jest/globals";
import { fail, ok } from "../../core/result.ts";
import type { HostView } from "./host-view.ts";
import { judgeMachineFile } from "./judge-machine-file.ts";
import type { MachineFile } from "./machine-file.ts";
import { refusalText } from "./machine-file-problem.ts";

/** A host on which there is everything but what is called gone. */
const host: HostView = {
  file: (path) => (path.startsWith("gone") ? fail(`/h/${path} cannot be used (ENOENT)`) : ok(`/h/${path}`)),
  directory: (path) => (path.startsWith("gone") ? fail(`/h/${path} is no directory`) : ok(`/h/${path}`)),
};

const judged = (text: string): ReturnType<typeof judgeMachineFile> =>
  judgeMachineFile(new TextEncoder().encode(text), host);

function machine(file: object): MachineFile {
  const result = judged(JSON.stringify({ version: 1, ...file }));
  if (!result.ok) throw new TypeError(refusalText("m", result.error));
  return result.value;
}

const least = {
  name: "a",
  program: "/h/a.wasm",
  args: [],
  environment: [],
  directories: [],
  streams: [{ kind: "null" }, { kind: "console" }, { kind: "console" }],
  descriptors: [],
  grants: { realtimeClock: false, monotonicClock: false, timers: false, entropy: false },
  capabilities: [],
  domain: null,
  scheduling: { priority: 100, context: null },
  restart: { condition: "never", maxRestarts: 5, delayMicros: 100_000 },
  limits: { ticks: null, memoryPages: 65_536 },
  after: [],
};
const alone = { a: { program: "a.wasm" } };

describe("a machine file", () => {
  test("of one program grants it nothing but the console's output", () => {
    expect(machine({ processes: alone })).toEqual({
      processes: [least],
      pipes: [],
      directories: [],
      endpoints: [],
      notifications: [],
      interrupts: [],
      devices: [],
      scheduler: { quantumTicks: 1_000_000, seed: 0 },
      domains: [],
      clock: "host",
      seed: null,
    });
  });

  test("says how the machine runs", () => {
    const settings = { scheduler: { quantum: 7, seed: 3 }, clock: "virtual", seed: -0 };
    const { scheduler, clock, seed } = machine({
      $schema: "x",
      description: "d",
      ...settings,
      processes: alone,
    });
    expect([scheduler, clock, seed]).toEqual([{ quantumTicks: 7, seed: 3 }, "virtual", 0]);
  });

  test("divides the processor into slots of domains", () => {
    const scheduling = {
      domains: [
        { name: "flight", ticks: 300 },
        { name: "cabin", ticks: 1 },
      ],
    };
    const b = { program: "b.wasm", domain: "cabin" };
    const { domains, processes } = machine({ scheduling, processes: { ...alone, b } });
    expect([domains, processes.map(({ domain }) => domain)]).toEqual([scheduling.domains, [null, "cabin"]]);
  });

  test("gives arguments, environment, grants, budgets, a restart rule and an order", () => {
    const a = {
      program: "a.wasm",
      args: ["", "é😀"],
      env: { A: "1", __proto__x: "", "A B": "=" },
      grants: ["realtime-clock", "monotonic-clock", "timers", "entropy"],
      restart: { condition: "on-failure", maxRestarts: 0, delay: "2min" },
      limits: { ticks: 9_007_199_254_740_991, memory: "100KiB" },
      after: ["b"],
    };
    const [process] = machine({ processes: { a, b: { program: "b.wasm" } } }).processes;
    expect(process).toEqual({
      ...least,
      args: ["", "é😀"],
      environment: ["A=1", "__proto__x=", "A B=="],
      grants: { realtimeClock: true, monotonicClock: true, timers: true, entropy: true },
      restart: { condition: "on-failure", maxRestarts: 0, delayMicros: 120_000_000 },
      limits: { ticks: 9_007_199_254_740_991, memoryPages: 2 },
      after: ["b"],
    });
  });

  test("gives directories of the host and of the machine", () => {
    const directories = [
      { guest: "/", host: "site" },
      { guest: "/ro", host: "x", mode: "read-only" },
      { guest: "/copy", host: "x", mode: "copy" },
      { guest: "/cache", shared: "cache", mode: "read-only" },
    ];
    const { processes, directories: own } = machine({
      processes: { a: { program: "a.wasm", directories } },
      directories: { cache: {}, seeded: { from: "seed", description: "d" } },
    });
    expect(processes[0]?.directories).toEqual([
      { kind: "host", guest: "/", host: "/h/site", mode: "write-through" },
      { kind: "host", guest: "/ro", host: "/h/x", mode: "read-only" },
      { kind: "host", guest: "/copy", host: "/h/x", mode: "copy" },
      { kind: "shared", guest: "/cache", shared: "cache", mode: "read-only" },
    ]);
    expect(own).toEqual([
      { name: "cache", from: null },
      { name: "seeded", from: "/h/seed" },
    ]);
  });

  test("joins processes by pipes, and several may write to one", () => {
    const { processes, pipes } = machine({
      processes: {
        a: { program: "a", stdin: "console", stdout: { pipe: "lines" }, stderr: "null" },
        b: { program: "b", descriptors: { 3: { pipe: "lines", end: "write" } } },
        c: { program: "c", stdin: { pipe: "lines" } },
      },
      pipes: { lines: { capacity: 1, description: "d" } },
    });
    expect(pipes).toEqual([{ name: "lines", capacityBytes: 1, mayCycle: false }]);
    expect(processes.map(({ streams: [input, output] }) => [input, output])).toEqual([
      [{ kind: "console" }, { kind: "pipe", pipe: "lines" }],
      [{ kind: "null" }, { kind: "console" }],
      [{ kind: "pipe", pipe: "lines" }, { kind: "console" }],
    ]);
    expect(processes[1]?.descriptors).toEqual([{ fd: 3, pipe: "lines", end: "write" }]);
  });

  test("gives capabilities by name, to what the machine has and to what is the process's own", () => {
    const capabilities = {
      service: { endpoint: "e", rights: ["send", "receive"], badge: 7 },
      bell: { notification: "n" },
      line: { interrupt: "i", rights: [], badge: -0 },
      memory: { budget: "4KiB" },
      tool: { program: "tool.wasm", rights: ["spawn"] },
      me: { process: "self", rights: ["schedule"] },
    };
    const { processes, ...file } = machine({
      processes: { a: { program: "a.wasm", capabilities } },
      endpoints: { e: { description: "d" } },
      notifications: { n: {} },
      interrupts: { i: { period: "10ms" } },
    });
    expect(processes[0]?.capabilities).toEqual([
      { name: "service", of: { kind: "endpoint", object: "e" }, rights: ["send", "receive"], badge: 7 },
      { name: "bell", of: { kind: "notification", object: "n" }, rights: null, badge: 0 },
      { name: "line", of: { kind: "interrupt", object: "i" }, rights: [], badge: 0 },
      { name: "memory", of: { kind: "budget", limitBytes: 4096 }, rights: null, badge: 0 },
      { name: "tool", of: { kind: "program", program: "/h/tool.wasm" }, rights: ["spawn"], badge: 0 },
      { name: "me", of: { kind: "process" }, rights: ["schedule"], badge: 0 },
    ]);
    expect(file).toMatchObject({
      endpoints: ["e"],
      notifications: ["n"],
      interrupts: [{ name: "i", periodMicros: 10_000 }],
    });
  });

  test("says how urgent a process is", () => {
    const scheduling = { priority: 0, budget: "1ms", period: "1ms" };
    const processes = { a: { program: "a", scheduling }, b: { program: "b", scheduling: { priority: 255 } } };
    expect(machine({ processes }).processes.map((process) => process.scheduling)).toEqual([
      { priority: 0, context: { budgetMicros: 1000, periodMicros: 1000 } },
      { priority: 255, context: null },
    ]);
  });

  test("may have a cycle of pipes that is meant", () => {
    const processes = {
      asks: { program: "a", stdin: { pipe: "up" }, stdout: { pipe: "down" } },
      answers: { program: "b", stdin: { pipe: "down" }, stdout: { pipe: "up" } },
    };
    expect(machine({ processes, pipes: { up: { mayCycle: true }, down: {} } }).pipes[0]?.mayCycle).toBe(true);
  });

  test("has no -0, which JSON has", () => {
    const result = judged(
      '{"version":1,"processes":{"a":{"program":"a"}},"seed":-0,"scheduler":{"quantum":1,"seed":-0}}',
    );
    expect(result.ok && [result.value.seed, result.value.scheduler.seed]).toEqual([0, 0]);
  });

  test("asks the host once for each path", () => {
    const asked: string[] = [];
    const noting = (path: string): ReturnType<HostView["file"]> => {
      asked.push(path);
      return ok(path);
    };
    const directories = [{ guest: "/", host: "d" }];
    const same = { program: "same.wasm", directories };
    const text = JSON.stringify({ version: 1, processes: { a: same, b: same, c: same } });
    expect(judgeMachineFile(new TextEncoder().encode(text), { file: noting, directory: noting }).ok).toBe(
      true,
    );
    expect(asked).toEqual(["same.wasm", "d"]);
  });

  test("is frozen in all its parts", () => {
    const file = machine({ processes: { a: { program: "a", args: ["x"] } } });
    for (const part of [file, file.processes, file.processes[0], file.processes[0]?.args, file.scheduler])
      expect(Object.isFrozen(part)).toBe(true);
  });
});
