import { describe, expect, test } from "@jest/globals";
import { right } from "../../core/rights.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { type ScriptedMachine, scriptedMachine } from "../../reducers/scripted-machine.ts";
import { Fold } from "../../reducers/step.ts";
import { GuestPaths } from "../guest-paths.ts";
import {
  type HoldPattern,
  matchesPath,
  type ObjectPattern,
  parseObjectPattern,
  type PolicyRule,
} from "./policy.ts";
import { PolicyFold, type Violation } from "./policy-fold.ts";

function pattern(word: string): ObjectPattern {
  const parsed = parseObjectPattern(word);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const held = (word: string, ...rights: readonly string[]): HoldPattern => ({ object: pattern(word), rights });

/** The violations of a rule in all that happened. */
function check(machine: ScriptedMachine, rule: PolicyRule): readonly Violation[] {
  const paths = new GuestPaths();
  for (const event of machine.events) paths.take(event);
  const fold = new Fold(initialState());
  const policy = new PolicyFold({ rules: [rule] }, fold.state, paths);
  return machine.events.flatMap((event) => {
    const used = policy.take(fold.state, event);
    fold.apply(event);
    return [...used, ...policy.settle(fold.state, event)];
  });
}

/** A machine in which the process reads a secret and prints. */
function reader(): ScriptedMachine {
  const machine = scriptedMachine();
  machine.directory("secrets");
  machine.perform({ call: "fd_write", fd: 1, size: 1 });
  const fd = machine.open("secrets/key", 1, right.fdRead | right.fdWrite);
  machine.perform({ call: "fd_read", fd, size: 1 });
  machine.perform({ call: "fd_write", fd: 1, size: 1 });
  return machine;
}

const name = "rule";

describe("never-after", () => {
  const rule = (use: Partial<Extract<PolicyRule, { rule: "never-after" }>["use"]>): PolicyRule => ({
    name,
    rule: "never-after",
    processes: [],
    held: held("under:/secrets", "fd_read"),
    use: { object: null, rights: [], events: [], ...use },
  });

  test("is broken by a use behind the event by which it was first held, and by none before", () => {
    const machine = reader();
    const writes = machine.events.filter(({ type }) => type === "console/written").map(({ seq }) => seq);
    const found = check(machine, rule({ object: pattern("console:output"), rights: ["fd_write"] }));
    expect(found.map(({ seq }) => seq)).toEqual(writes.slice(1));
    expect(found[0]).toMatchObject({ rule: name, pid: 1, program: "guest" });
    expect(found[0]?.what).toMatch(/^console\/written after it held, since event \d+, what forbids that$/);
  });

  test("is about paths, types of events, or all that is done", () => {
    const machine = reader();
    expect(check(machine, rule({ events: ["file/read"], object: pattern("under:/secrets") }))).toHaveLength(
      1,
    );
    expect(check(machine, rule({ events: ["file/"] }))).toHaveLength(1);
    expect(check(machine, rule({ rights: ["fd_write"] }))).toHaveLength(1);
    expect(check(machine, rule({ object: pattern("under:/other") }))).toEqual([]);
    expect(check(machine, { ...rule({ events: ["file/"] }), processes: ["other"] } as PolicyRule)).toEqual(
      [],
    );
  });

  test("is broken by what was held and given back, too", () => {
    const machine = reader();
    machine.perform({ call: "fd_close", fd: 4 });
    machine.perform({ call: "fd_write", fd: 1, size: 1 });
    expect(check(machine, rule({ object: pattern("console:*") }))).toHaveLength(2);
  });
});

test("never-holds is broken by each capability that comes, once", () => {
  const machine = reader();
  machine.perform({ call: "cap_move", fd: 4, to: 50 });
  const rule: PolicyRule = {
    name,
    rule: "never-holds",
    processes: [],
    held: held("under:/secrets", "fd_read"),
  };
  const opened = machine.events.find(({ type }) => type === "file/opened")?.seq;
  expect(check(machine, rule)).toMatchObject([
    { seq: opened, capability: opened, what: "holds what it never may" },
  ]);
  expect(check(machine, { ...rule, processes: ["other", "process:2"] })).toEqual([]);
  expect(check(machine, { ...rule, processes: ["process:1"] })).toHaveLength(1);
});

test("only is broken by everybody else", () => {
  const rule: PolicyRule = { name, rule: "only", processes: ["guest"], held: held("console:*") };
  expect(check(reader(), rule)).toEqual([]);
  expect(check(reader(), { ...rule, processes: ["other"] })).toHaveLength(3);
});

describe("at-most", () => {
  const rule: PolicyRule = { name, rule: "at-most", count: 1, held: held("pipe:1", "fd_write") };

  const program = { program: "ab".repeat(32), name: "g", args: [], environment: [], memoryPages: 1 };
  const started = { type: "process/started", ...program } as const;
  const granted = { type: "capability/granted", slot: 9, inheriting: 0, label: "" } as const;

  function writers(...pids: readonly number[]): ScriptedMachine {
    const machine = scriptedMachine();
    machine.happen(0, { type: "pipe/created", pipe: 1 });
    for (const pid of pids) {
      if (pid > 1) machine.happen(pid, started);
      machine.happen(pid, { ...granted, object: "pipe-writer", target: 1, rights: right.fdWrite });
    }
    return machine;
  }

  test("is broken by the process that is one too many", () => {
    const found = check(writers(1, 2), rule);
    expect(found).toMatchObject([{ pid: 2, what: "is one of 2 that hold what at most 1 may" }]);
  });

  test("counts processes, not capabilities, and those that hold it now", () => {
    const machine = writers(1);
    machine.perform({ call: "cap_copy", fd: 9 });
    expect(check(machine, rule)).toEqual([]);
    const later = scriptedMachine();
    later.perform({ call: "fd_close", fd: 0 });
    later.happen(2, started);
    later.happen(2, { ...granted, object: "console", target: 0, rights: right.fdRead });
    expect(check(later, { ...rule, held: held("console:input") })).toEqual([]);
  });
});

describe("a word for objects", () => {
  test.each([
    ["*", { kind: null, id: null, path: null }],
    ["endpoint:*", { kind: "endpoint", id: null }],
    ["endpoint:3", { kind: "endpoint", id: 3 }],
    ["console:output", { kind: "console", id: 1 }],
    ["entropy", { kind: "entropy", id: null }],
    ["file:*", { kind: "file", path: null }],
    ["file:/a/b", { kind: "file", path: "a/b", isBelow: false }],
    ["under:/", { kind: "file", path: "", isBelow: true }],
  ])("%s is %j", (word, expected) => expect(pattern(word)).toMatchObject(expected));

  test.each([
    ["endpont:3", "was `endpoint` meant?"],
    ["endpoint:x", "a number or * was expected"],
    ["under:", "a path was expected"],
    ["/text", "names no object"],
    ["", "names no object"],
  ])("%j is refused: %s", (word, why) => {
    const parsed = parseObjectPattern(word);
    expect(parsed.ok ? "" : parsed.error).toContain(why);
  });

  test("below a directory means below it, and not beside it", () => {
    const below = pattern("under:/a");
    expect(["/a", "/a/b", "a/b/c"].every((path) => matchesPath(below, path))).toBe(true);
    expect(["/ab", "/", null].some((path) => matchesPath(below, path))).toBe(false);
  });
});
