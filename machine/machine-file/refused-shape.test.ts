import { describe, expect, test } from "@jest/globals";
import { ok } from "../../core/result.ts";
import { judgeMachineFile } from "./judge-machine-file.ts";
import { refusalText } from "./machine-file-problem.ts";

const host = { file: ok<string>, directory: ok<string> };

/** The lines of the refusal, without the file's name. */
function refused(text: string): readonly string[] {
  const result = judgeMachineFile(new TextEncoder().encode(text), host);
  return result.ok ? [] : refusalText("m", result.error).replaceAll(/^m:/gm, "").split("\n");
}

/** A file whose process `a` has more, from line 2 on. */
const withA = (more: string, rest = ""): string =>
  `{"version":1,"processes":{"a":{"program":"a"\n,${more}}\n}${rest}}`;
describe("a file of another shape is refused with the place, the path, what was expected and what to do", () => {
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
      '2:2: processes.a.stdn: one of description, program, args, env, directories, stdin, stdout, stderr, descriptors, grants, capabilities, domain, scheduling, restart, limits, after was expected, not "stdn"; was `stdin` meant?',
    ],
    [
      "a name of nothing",
      withA('"privileged":true'),
      '2:2: processes.a.privileged: one of description, program, args, env, directories, stdin, stdout, stderr, descriptors, grants, capabilities, domain, scheduling, restart, limits, after was expected, not "privileged"; take it out',
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
      "2:17: processes.a.directories[0]: `host` or `shared` was expected, and none is there; `host` is the path of a directory of the host, `shared` is the name of a directory of the machine",
    ],
    [
      "a directory of both",
      withA('"directories":[{"guest":"/","host":"x","shared":"y"}]'),
      "2:17: processes.a.directories[0]: `host` or `shared` was expected, and there are `host` and `shared`; `host` is the path of a directory of the host, `shared` is the name of a directory of the machine",
    ],
    [
      "a capability of nothing",
      withA('"capabilities":{"s":{"rights":[]}}'),
      '2:22: processes.a.capabilities.s: `endpoint`, `notification`, `interrupt`, `device`, `budget`, `program` or `process` was expected, and none is there; `endpoint` is the name of an endpoint, `notification` is the name of a notification, `interrupt` is the name of an interrupt line, `device` is the name of a device, `budget` is a size as 65536, "64KiB", "64MiB" or "1GiB", `program` is the path of a WASI preview 1 module, `process` is "self"',
    ],
    [
      "a capability of another process",
      withA('"capabilities":{"s":{"process":"b"}}'),
      '2:33: processes.a.capabilities.s.process: "self" was expected, not "b"; as "self"',
    ],
    [
      "a right",
      withA('"capabilities":{"s":{"endpoint":"e","rights":["recieve"]}}'),
      '2:48: processes.a.capabilities.s.rights[0]: one of "send", "receive", "grant", "grant_reply", "signal", "wait", "handle", "use", "spend", "split", "examine", "spawn", "end", "schedule", "grantReply" was expected, not "recieve"; was `receive` meant?',
    ],
    [
      "a badge beyond 32 bits",
      withA('"capabilities":{"s":{"endpoint":"e","badge":4294967296}}'),
      "2:46: processes.a.capabilities.s.badge: a whole number from 0 to 4294967295 was expected, not 4294967296; as 7",
    ],
    [
      "a device of another kind",
      withA('"args":[]', ',"devices":{"d":{"kind":"disk"}}'),
      '3:26: devices.d.kind: one of "block", "network" was expected, not "disk"; docs/machine-file.md shows how',
    ],
    [
      "a line without a period",
      withA('"args":[]', ',"interrupts":{"i":{}}'),
      '3:21: interrupts.i: `period` was expected, and is not there; add it: a time as "500us", "100ms", "2s" or "1min"',
    ],
    [
      "a line that never rests",
      withA('"args":[]', ',"interrupts":{"i":{"period":"0ms"}}'),
      '3:31: interrupts.i.period: a time as "500us", "100ms", "2s" or "1min" was expected, not "0ms"; as "10ms"',
    ],
    [
      "a budget of time without a period",
      withA('"scheduling":{"budget":"1ms"}'),
      "2:15: processes.a.scheduling: `period` was expected beside `budget`; add `period`",
    ],
    [
      "a priority",
      withA('"scheduling":{"priority":256}'),
      "2:27: processes.a.scheduling.priority: a whole number from 0 to 255 was expected, not 256; as 100",
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
      "a quantum without end",
      '{"version":1,"processes":{"a":{"program":"a"}},"scheduler":{"quantum":4503599627370497}}',
      "1:71: scheduler.quantum: a whole number from 1 to 1125899906842624 was expected, not 4503599627370497; as 1000000",
    ],
    [
      "a domain without ticks",
      '{"version":1,"processes":{"a":{"program":"a"}},"scheduling":{"domains":[{"name":"a"}]}}',
      "1:73: scheduling.domains[0]: `ticks` was expected, and is not there; add it: a whole number from 1 to 1125899906842624",
    ],
    [
      "a domain of no ticks",
      '{"version":1,"processes":{"a":{"program":"a"}},"scheduling":{"domains":[{"name":"a","ticks":0}]}}',
      "1:93: scheduling.domains[0].ticks: a whole number from 1 to 1125899906842624 was expected, not 0; as 2000000",
    ],
    [
      "no domains",
      '{"version":1,"processes":{"a":{"program":"a"}},"scheduling":{"domains":[]}}',
      "1:72: scheduling.domains: a list of 1 to 64 domains was expected, not an empty one; add one",
    ],
    [
      "too many domains",
      `{"version":1,"processes":{"a":{"program":"a"}},"scheduling":{"domains":[${Array.from({ length: 65 }, (_, at) => `{"name":"d${at}","ticks":1}`).join()}]}}`,
      "1:72: scheduling.domains: at most 64 were expected, not 65; take some out, or make several machines of it",
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
  ])("%s", (_, text, line) => {
    expect(refused(text)).toContain(line);
  });
});
