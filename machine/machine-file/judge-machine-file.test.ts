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

/** The lines of the refusal, without the file's name. */
function refused(text: string): readonly string[] {
  const result = judged(text);
  return result.ok ? [] : refusalText("m", result.error).replaceAll(/^m:/gm, "").split("\n");
}

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
      scheduler: { quantumTicks: 1_000_000, seed: 0 },
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

  test("may have a cycle of pipes that is meant", () => {
    const processes = {
      asks: { program: "a", stdin: { pipe: "up" }, stdout: { pipe: "down" } },
      answers: { program: "b", stdin: { pipe: "down" }, stdout: { pipe: "up" } },
    };
    expect(machine({ processes, pipes: { up: { mayCycle: true }, down: {} } }).pipes[0]?.mayCycle).toBe(true);
  });

  test("is frozen in all its parts", () => {
    const file = machine({ processes: { a: { program: "a", args: ["x"] } } });
    for (const part of [file, file.processes, file.processes[0], file.processes[0]?.args, file.scheduler])
      expect(Object.isFrozen(part)).toBe(true);
  });
});

/** A file whose process `a` has more, from line 2 on. */
const withA = (more: string, rest = ""): string =>
  `{"version":1,"processes":{"a":{"program":"a"\n,${more}}\n}${rest}}`;
/** Two processes, a line each, then the rest. */
const two = (a: string, b: string, rest = ""): string =>
  `{"version":1,"processes":{\n"a":{"program":"a",${a}},\n"b":{"program":"b",${b}}}\n${rest}}`;
const x = ',"pipes":{"x":{}}';

describe("a file is refused with the place, the path, what was expected and what to do", () => {
  test.each<[string, string, string]>([
    [
      "not an object",
      "[]",
      "1:1: $: a machine file was expected, not a list; docs/machine-file.md shows how",
    ],
    [
      "a version of later",
      '{"version":2,"processes":{"a":{"program":"a"}}}',
      "1:12: version: 1, the only version there is was expected, not 2; as 1",
    ],
    [
      "nothing in it",
      '{"version":1,"processes":{}}',
      "1:26: processes: processes by name were expected, and there are none; add one",
    ],
    [
      "no program",
      '{"version":1,"processes":{"a":{}}}',
      "1:31: processes.a: `program` was expected, and is not there; add it: the path of a WASI preview 1 module",
    ],
    [
      "a misspelt name",
      withA('"stdn":"null"'),
      '2:2: processes.a.stdn: one of description, program, args, env, directories, stdin, stdout, stderr, descriptors, grants, restart, limits, after was expected, not "stdn"; was `stdin` meant?',
    ],
    [
      "a name of nothing",
      withA('"privileged":true'),
      '2:2: processes.a.privileged: one of description, program, args, env, directories, stdin, stdout, stderr, descriptors, grants, restart, limits, after was expected, not "privileged"; take it out',
    ],
    [
      "a process's name",
      '{"version":1,"processes":{"a b":{"program":"a"}}}',
      '1:27: processes["a b"]: a name (a letter, then up to 62 letters, digits, - and _) was expected, not "a b"; give it another name',
    ],
    [
      "another type",
      withA('"args":"x"'),
      '2:9: processes.a.args: a list of texts was expected, not "x"; as []',
    ],
    [
      "an item of another type",
      withA('"args":["x",1]'),
      "2:14: processes.a.args[1]: a text was expected, not 1; docs/machine-file.md shows how",
    ],
    [
      "an empty program",
      '{"version":1,"processes":{"a":{"program":""}}}',
      '1:42: processes.a.program: the path of a WASI preview 1 module was expected, not ""; as "./bin/server.wasm"',
    ],
    [
      "a variable's name",
      withA('"env":{"A=B":""}'),
      '2:9: processes.a.env["A=B"]: a name that is not empty and has no = was expected, not "A=B"; give it another name',
    ],
    [
      "a stream",
      withA('"stdin":"consol"'),
      '2:10: processes.a.stdin: "console", "null" or { "pipe": NAME } was expected, not "consol"; was `console` meant?',
    ],
    [
      "a stream of another type",
      withA('"stderr":7'),
      '2:11: processes.a.stderr: "console", "null" or { "pipe": NAME } was expected, not 7; as "console"',
    ],
    [
      "a stream that says more",
      withA('"stdin":{"pipe":"x","end":"read"}'),
      '2:22: processes.a.stdin.end: pipe was expected, not "end"; take it out',
    ],
    [
      "an end",
      withA('"descriptors":{"3":{"pipe":"x","end":"both"}}'),
      '2:39: processes.a.descriptors["3"].end: one of "read", "write" was expected, not "both"; docs/machine-file.md shows how',
    ],
    [
      "a descriptor's number",
      withA('"descriptors":{"03":{"pipe":"x","end":"read"}}'),
      '2:17: processes.a.descriptors["03"]: a descriptor (a whole number without leading zeros) was expected, not "03"; give it another name',
    ],
    [
      "a grant",
      withA('"grants":["entropi"]'),
      '2:12: processes.a.grants[0]: one of "realtime-clock", "monotonic-clock", "timers", "entropy" was expected, not "entropi"; was `entropy` meant?',
    ],
    [
      "a grant given twice",
      withA('"grants":["timers","timers"]'),
      '2:21: processes.a.grants[1]: "timers" was expected once, and is item 0 already; take it out',
    ],
    [
      "a directory of nothing",
      withA('"directories":[{"guest":"/"}]'),
      "2:17: processes.a.directories[0]: `host` or `shared` was expected, and there is neither; `host` is a directory of the host, `shared` one of the machine's own",
    ],
    [
      "a directory of both",
      withA('"directories":[{"guest":"/","host":"x","shared":"y"}]'),
      "2:17: processes.a.directories[0]: `host` or `shared` was expected, and there are both; `host` is a directory of the host, `shared` one of the machine's own",
    ],
    [
      "a mode",
      withA('"directories":[{"guest":"/","host":"x","mode":"ro"}]'),
      '2:48: processes.a.directories[0].mode: one of "write-through", "read-only", "copy" was expected, not "ro"; as "write-through"',
    ],
    [
      "a size",
      withA('"limits":{"memory":"64M"}'),
      '2:21: processes.a.limits.memory: a size as 65536, "64KiB", "64MiB" or "1GiB" was expected, not "64M"; as "64MiB"',
    ],
    [
      "more memory than there is",
      withA('"limits":{"memory":"5GiB"}'),
      '2:21: processes.a.limits.memory: from 64KiB to 4GiB was expected; as "64MiB"',
    ],
    [
      "no ticks",
      withA('"limits":{"ticks":0}'),
      "2:20: processes.a.limits.ticks: a whole number from 1 to 9007199254740991 was expected, not 0; as 1000000000",
    ],
    [
      "a fraction",
      withA('"limits":{"ticks":1.5}'),
      "2:20: processes.a.limits.ticks: a whole number from 1 to 9007199254740991 was expected, not 1.5; as 1000000000",
    ],
    [
      "a delay",
      withA('"restart":{"condition":"always","delay":"1h"}'),
      '2:42: processes.a.restart.delay: a time as "500us", "100ms", "2s" or "1min" was expected, not "1h"; as "100ms"',
    ],
    [
      "a delay of a week",
      withA('"restart":{"condition":"always","delay":"10080min"}'),
      '2:42: processes.a.restart.delay: at most a day (1440min) was expected; as "100ms"',
    ],
    [
      "a name twice",
      withA('"args":[],"args":[]'),
      '2:12: processes.a.args: "args" was expected once, and is at 2:2 already; rename or remove one of them',
    ],
    [
      "half a character",
      withA('"args":["\\ud83d"]'),
      '2:10: processes.a.args[0]: a text of Unicode without NUL was expected, not "\\ud83d"; take out \\u0000, and write \\ud83d\\ude00 for both halves of a character',
    ],
    [
      "a program that is not there",
      '{"version":1,"processes":{"a":{"program":"gone"}}}',
      "1:42: processes.a.program: a file of the host was expected, and /h/gone cannot be used (ENOENT); paths begin at the machine file's folder",
    ],
    [
      "a directory that is not there",
      withA('"directories":[{"guest":"/","host":"gone"}]'),
      "2:37: processes.a.directories[0].host: a directory of the host was expected, and /h/gone is no directory; paths begin at the machine file's folder",
    ],
    [
      "a seed that is not there",
      withA('"args":[]', ',"directories":{"d":{"from":"gone"}}'),
      "3:30: directories.d.from: a directory of the host was expected, and /h/gone is no directory; paths begin at the machine file's folder",
    ],
    [
      "two names of the guest that are one",
      withA('"directories":[{"guest":"/a","host":"x"},{"guest":"/b/../a/","host":"x"}]'),
      '2:52: processes.a.directories[1].guest: another name was expected, as directory 0 is "/a" already; choose another name',
    ],
    [
      "a directory that there is not",
      withA('"directories":[{"guest":"/","shared":"cahe"}]', ',"directories":{"cache":{}}'),
      '2:39: processes.a.directories[0].shared: the name of a directory was expected, not "cahe"; was `cache` meant?',
    ],
    [
      "a copy of a shared directory",
      withA('"directories":[{"guest":"/","shared":"c","mode":"copy"}]', ',"directories":{"c":{}}'),
      '2:50: processes.a.directories[0].mode: "write-through" or "read-only" was expected of a shared directory, not "copy"; make another directory `from` the same',
    ],
    [
      "a descriptor of a stream",
      two('"descriptors":{"1":{"pipe":"x","end":"write"}}', '"stdin":{"pipe":"x"}', x),
      '2:35: processes.a.descriptors["1"]: a descriptor from 3 to 1048575 was expected, not 1; write `stdin`, `stdout` or `stderr`',
    ],
    [
      "a descriptor of a directory",
      two(
        '"directories":[{"guest":"/","host":"x"}],"descriptors":{"3":{"pipe":"x","end":"write"}}',
        '"stdin":{"pipe":"x"}',
        x,
      ),
      '2:76: processes.a.descriptors["3"]: a descriptor from 4 to 1048575 was expected, not 3; 3 and the next are those of `directories`',
    ],
    [
      "the console's input twice",
      two('"stdin":"console"', '"stdin":"console"'),
      '3:28: processes.b.stdin: the console\'s input was expected in one process, and "a" has it already; write "null" or a pipe',
    ],
    [
      "a pipe that there is not",
      two('"stdout":{"pipe":"x"}', '"stdin":{"pipe":"lins"}', ',"pipes":{"x":{},"lines":{}}')
        .replace('"x":{},', "")
        .replace('"x"', '"lines"'),
      '3:36: processes.b.stdin.pipe: the name of a pipe was expected, not "lins"; was `lines` meant?',
    ],
    [
      "a pipe without a reader",
      two('"stdout":{"pipe":"x"}', '"args":[]', x),
      "4:11: pipes.x: a process that reads from it was expected, and there is none; give a process that end, or take the pipe out",
    ],
    [
      "a pipe without a writer",
      two('"stdin":{"pipe":"x"}', '"args":[]', x),
      "4:11: pipes.x: a process that writes to it was expected, and there is none; give a process that end, or take the pipe out",
    ],
    [
      "a pipe of nobody",
      two('"args":[]', '"args":[]', x),
      "4:11: pipes.x: a process that writes to and one that reads from it was expected, and there is none; give a process that end, or take the pipe out",
    ],
    [
      "a pipe that is too large",
      two('"stdout":{"pipe":"x"}', '"stdin":{"pipe":"x"}', ',"pipes":{"x":{"capacity":"65KiB"}}'),
      '4:27: pipes.x.capacity: from 1 to 65536 bytes were expected, not 66560; as "64KiB"',
    ],
    [
      "a process that reads what it writes",
      two('"stdin":{"pipe":"x"},"stdout":{"pipe":"x"}', '"args":[]', x),
      '4:11: pipes.x: pipes without a cycle were expected, and a writes to x, a reads from it; if that is meant, say "mayCycle": true at one of these pipes',
    ],
    [
      "a cycle of pipes",
      two(
        '"stdin":{"pipe":"y"},"stdout":{"pipe":"x"}',
        '"stdin":{"pipe":"x"},"stdout":{"pipe":"y"}',
        ',"pipes":{"x":{},"y":{}}',
      ),
      '4:18: pipes.y: pipes without a cycle were expected, and a writes to x, b reads from it, b writes to y, a reads from it; if that is meant, say "mayCycle": true at one of these pipes',
    ],
    [
      "a process that nobody knows",
      two('"after":["bb"]', '"args":[]'),
      '2:29: processes.a.after[0]: the name of a process was expected, not "bb"; was `b` meant?',
    ],
    [
      "a process that never ends",
      two('"after":["b"]', '"restart":{"condition":"always"}'),
      '2:29: processes.a.after[0]: a process that ends was expected, and "b" is always started again; let it restart `on-failure`',
    ],
    [
      "a process after itself",
      withA('"after":["a"]'),
      "2:11: processes.a.after[0]: an order that can be kept was expected, and a starts after a; take out one of these",
    ],
    [
      "a cycle of starts",
      two('"after":["b"]', '"after":["a"]'),
      "2:29: processes.a.after[0]: an order that can be kept was expected, and a starts after b, b starts after a; take out one of these",
    ],
    [
      "a reader that waits for its writer's end",
      two('"stdout":{"pipe":"x"}', '"stdin":{"pipe":"x"},"after":["a"]', x),
      "3:50: processes.b.after[0]: an order that can be kept was expected, and b starts after a, a writes to x, b reads from it; take out one of these",
    ],
    [
      "a writer that waits for its reader's end",
      two('"stdout":{"pipe":"x"},"after":["b"]', '"stdin":{"pipe":"x"}', x),
      "2:51: processes.a.after[0]: an order that can be kept was expected, and a starts after b, b reads from x, a writes to it; take out one of these",
    ],
  ])("%s", (_, text, line) => {
    expect(refused(text)).toContain(line);
  });
});

describe("of several faults", () => {
  test("all are told at once, sorted by place", () => {
    const text = `{
  "version": 1,
  "seed": -1,
  "processes": {
    "web": { "program": 7, "stdin": "tty" },
    "db": {}
  }
}`;
    expect(refused(text)).toEqual([
      "3:11: seed: a whole number from 0 to 9007199254740991 was expected, not -1; as 7",
      '5:25: processes.web.program: the path of a WASI preview 1 module was expected, not 7; as "./bin/server.wasm"',
      '5:37: processes.web.stdin: "console", "null" or { "pipe": NAME } was expected, not "tty"; as "null"',
      "6:11: processes.db: `program` was expected, and is not there; add it: the path of a WASI preview 1 module",
    ]);
  });

  test("twenty are told, and how many more there are", () => {
    const lines = refused(withA(`"args":[${Array.from({ length: 25 }, () => 1).join()}]`));
    expect(lines).toHaveLength(21);
    expect(lines[20]).toBe(" and 5 more");
  });

  test("names that lead nowhere are told in one go with missing programs", () => {
    const lines = refused(two('"after":["c"]', '"after":["d"]').replace('"program":"a"', '"program":"gone"'));
    expect(lines.map((line) => line.split(": ")[1])).toEqual([
      "processes.a.program",
      "processes.a.after[0]",
      "processes.b.after[0]",
    ]);
  });
});
