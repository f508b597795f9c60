import { describe, expect, test } from "@jest/globals";
import { fail, ok } from "../../core/result.ts";
import type { HostView } from "./host-view.ts";
import { judgeMachineFile } from "./judge-machine-file.ts";
import { refusalText } from "./machine-file-problem.ts";

/** A host on which there is everything but what is called gone. */
const host: HostView = {
  file: (path) => (path.startsWith("gone") ? fail(`/h/${path} cannot be used (ENOENT)`) : ok(`/h/${path}`)),
  directory: (path) => (path.startsWith("gone") ? fail(`/h/${path} is no directory`) : ok(`/h/${path}`)),
};

/** The lines of the refusal, without the file's name. */
function refused(text: string): readonly string[] {
  const result = judgeMachineFile(new TextEncoder().encode(text), host);
  return result.ok ? [] : refusalText("m", result.error).replaceAll(/^m:/gm, "").split("\n");
}

/** A file whose process `a` has more, from line 2 on. */
const withA = (more: string, rest = ""): string =>
  `{"version":1,"processes":{"a":{"program":"a"\n,${more}}\n}${rest}}`;
/** Two processes, a line each, then the rest. */
const two = (a: string, b: string, rest = ""): string =>
  `{"version":1,"processes":{\n"a":{"program":"a",${a}},\n"b":{"program":"b",${b}}}\n${rest}}`;
const x = ',"pipes":{"x":{}}';

describe("a machine that cannot be is refused with the place, the path, what was expected and what to do", () => {
  test.each<[string, string, string]>([
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
      "a scheduling domain that there is not",
      withA('"domain":"cabn"', ',"scheduling":{"domains":[{"name":"cabin","ticks":5}]}'),
      '2:11: processes.a.domain: the name of a domain was expected, not "cabn"; was `cabin` meant?',
    ],
    [
      "a scheduling domain where there are none",
      withA('"domain":"cabin"'),
      '2:11: processes.a.domain: the name of a domain was expected, not "cabin"; add it to `scheduling.domains`, or name one of those',
    ],
    [
      "two scheduling domains of one name",
      withA('"args":[]', ',"scheduling":{"domains":[{"name":"a","ticks":5},{"name":"a","ticks":6}]}'),
      '3:59: scheduling.domains[1].name: another name was expected, as domain 0 is "a" already; choose another name',
    ],
    [
      "an endpoint that there is not",
      withA('"capabilities":{"s":{"endpoint":"servce"}}', ',"endpoints":{"service":{}}'),
      '2:34: processes.a.capabilities.s.endpoint: the name of an endpoint was expected, not "servce"; was `service` meant?',
    ],
    [
      "a notification that there is not",
      withA('"capabilities":{"s":{"notification":"service"}}', ',"endpoints":{"service":{}}'),
      '2:38: processes.a.capabilities.s.notification: the name of a notification was expected, not "service"; add it to `notifications`, or name one of those',
    ],
    [
      "an interrupt line that there is not",
      withA('"capabilities":{"s":{"interrupt":"tock"}}', ',"interrupts":{"tick":{"period":"1s"}}'),
      '2:35: processes.a.capabilities.s.interrupt: the name of an interrupt was expected, not "tock"; was `tick` meant?',
    ],
    [
      "a device that there is not",
      withA('"capabilities":{"s":{"device":"disk1"}}', ',"devices":{"disk0":{"kind":"block"}}'),
      '2:32: processes.a.capabilities.s.device: the name of a device was expected, not "disk1"; was `disk0` meant?',
    ],
    [
      "a timeout that signals what there is not",
      withA(
        '"scheduling":{"budget":"1ms","period":"2ms","timeout":{"notification":"alrm"}}',
        ',"notifications":{"alarm":{}}',
      ),
      '2:72: processes.a.scheduling.timeout.notification: the name of a notification was expected, not "alrm"; was `alarm` meant?',
    ],
    [
      "a right that such an object does not have",
      withA('"capabilities":{"s":{"endpoint":"e","rights":["send","spend"]}}', ',"endpoints":{"e":{}}'),
      '2:55: processes.a.capabilities.s.rights[1]: a right of an endpoint (send, receive, grant, grant_reply) was expected, not "spend"; was `send` meant?',
    ],
    [
      "an endpoint at which nobody receives",
      withA('"capabilities":{"s":{"endpoint":"e","rights":["send"]}}', ',"endpoints":{"e":{}}'),
      '3:16: endpoints.e: a process that receives from it was expected, and there is none; give a process the right "receive" to it',
    ],
    [
      "a badge on what has none",
      withA('"capabilities":{"s":{"budget":1,"badge":3}}'),
      "2:42: processes.a.capabilities.s.badge: a badge was expected of an endpoint or a notification, not of a budget; take it out",
    ],
    [
      "a program to spawn that is not there",
      withA('"capabilities":{"s":{"program":"gone"}}'),
      "2:33: processes.a.capabilities.s.program: a file of the host was expected, and /h/gone cannot be used (ENOENT); paths begin at the machine file's folder",
    ],
    [
      "a budget of time above its period",
      withA('"scheduling":{"budget":"11ms","period":"10ms"}'),
      "2:25: processes.a.scheduling.budget: a budget of at most its period was expected; take a smaller budget or a longer period",
    ],
    [
      "a period of more than a day",
      withA('"scheduling":{"budget":"1us","period":"1441min"}'),
      '2:40: processes.a.scheduling.period: at most a day (1440min) was expected; as "10ms"',
    ],
    [
      "a line of more than a day",
      withA('"args":[]', ',"interrupts":{"i":{"period":"1441min"}}'),
      '3:31: interrupts.i.period: at most a day (1440min) was expected; as "10ms"',
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
