import { describe, expect, test } from "@jest/globals";
import { ok } from "../../core/result.ts";
import { judgeMachineFile } from "./judge-machine-file.ts";
import type { MachineFileProblem } from "./machine-file-problem.ts";

const host = { file: ok<string>, directory: ok<string> };

function first(bytes: Uint8Array): MachineFileProblem | undefined {
  const result = judgeMachineFile(bytes, host);
  return result.ok ? undefined : result.error.problems[0];
}
const firstOf = (text: string): string => {
  const { line, column, path, what } = first(new TextEncoder().encode(text)) as MachineFileProblem;
  return `${line}:${column}: ${path}: ${what}`;
};

const megabyte = 2 ** 20;
const inA = (more: string): string => `{"version":1,"processes":{"a":{"program":"a",${more}}}}`;
const many = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join();

describe("bytes that are no text of JSON", () => {
  test.each<[string, string, string]>([
    ["nothing", "", "1:1: $: a value was expected, not the end of the file"],
    ["a comma too many", '{\n"a":1,\n}', '3:1: $: a name in double quotes was expected, not "}"'],
    ["a comment", "{ // c\n}", '1:3: $: no comment was expected, not "// c"'],
    ["a comma that lacks", '{"a":1 "b":2}', '1:8: $: a comma between the two was expected, not "\\"b\\":2}"'],
    ["two values", "{} {}", '1:4: $: nothing behind the end was expected, not "{}"'],
    ["an open object", '{"a":{}', "1:8: $: a closing } was expected, not the end of the file"],
    ["an open text", '{"a":"b\n}', '1:6: $: the end of the text, a double quote was expected, not "\\"b"'],
    [
      "a tab in a text",
      '{"a":"\t"}',
      '1:6: $: a control character only as \\n, \\t or \\u001f was expected, not "\\"\\t\\"}"',
    ],
    [
      "an escape",
      '{"a":"\\x"}',
      '1:6: $: one of " \\ / b f n r t u behind the \\ was expected, not "\\"\\\\x\\"}"',
    ],
    [
      "lines that end as on Windows",
      '{\r\n"a":x}',
      '2:5: $: a value or a name in double quotes was expected, not "x}"',
    ],
    ["a byte order mark", "\uFEFF{}", "1:1: $: JSON was expected, not a byte order mark"],
    ["100,000 lists in each other", "[".repeat(1e5), "1:33: $: at most 32 levels were expected"],
    ["100,000 objects in each other", '{"a":'.repeat(1e5), "1:161: $: at most 32 levels were expected"],
    [
      "a megabyte of letters",
      "x".repeat(megabyte),
      `1:1: $: a value or a name in double quotes was expected, not "${"x".repeat(20)}"`,
    ],
    [
      "a byte more than a megabyte",
      " ".repeat(megabyte + 1),
      "1:1: $: a file of at most 1048576 bytes was expected, not of 1048577",
    ],
  ])("%s", (_, text, expected) => {
    expect(firstOf(text)).toBe(expected);
  });

  test.each<[string, readonly number[], Partial<MachineFileProblem>]>([
    [
      "bytes of no UTF-8",
      [0x7b, 0x0a, 0xff],
      { line: 2, column: 1, what: "UTF-8 was expected, not the byte 0xff (byte 2 of the file)" },
    ],
    [
      "half a character",
      [0xe2, 0x82, 0xac, 0xe2, 0x82],
      { line: 1, column: 2, what: "UTF-8 was expected, not the byte 0xe2 (byte 3 of the file)" },
    ],
    [
      "what begins as the character that stands for no character",
      [0x22, 0xef, 0xbf, 0x41],
      { line: 1, column: 2, what: "UTF-8 was expected, not the byte 0xef (byte 1 of the file)" },
    ],
    [
      "an encoded surrogate",
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      { line: 1, column: 2, what: "UTF-8 was expected, not the byte 0xed (byte 1 of the file)" },
    ],
    ["UTF-16", [0xff, 0xfe, 0x7b, 0x00], { line: 1, column: 1, what: "UTF-8 was expected, not UTF-16" }],
  ])("%s", (_, bytes, expected) => {
    expect(first(Uint8Array.from(bytes))).toMatchObject(expected);
  });

  test("any bytes at all are refused, and nothing is thrown", () => {
    let state = 1;
    const noise = Uint8Array.from(
      { length: megabyte },
      () => (state = (state * 48_271) % 2_147_483_647) & 0x7f,
    );
    for (let length = 1; length <= megabyte; length *= 2)
      expect(first(noise.subarray(0, length))).toBeDefined();
  });
});

describe("JSON that is made to hurt", () => {
  test.each<[string, string, string]>([
    [
      "__proto__ as a process",
      '{"version":1,"processes":{"__proto__":{"program":"a"}}}',
      "1:27: processes.__proto__: a name (a letter,",
    ],
    [
      "__proto__ as a property",
      inA('"__proto__":{"program":"b"}'),
      "1:46: processes.a.__proto__: one of description, program,",
    ],
    [
      "constructor as a pipe",
      inA('"stdin":{"pipe":"constructor"}'),
      '1:62: processes.a.stdin.pipe: the name of a pipe was expected, not "constructor"',
    ],
    [
      "a number without end",
      inA('"limits":{"ticks":1e999}'),
      "1:64: processes.a.limits.ticks: a whole number from 1 to 9007199254740991 was expected, not Infinity",
    ],
    [
      "a number of many digits",
      inA(`"limits":{"ticks":${"9".repeat(400)}}`),
      "1:64: processes.a.limits.ticks: a whole number",
    ],
    ["half a character in a name", inA('"env":{"\\udc00":""}'), "1:53: processes.a.env"],
    [
      "NUL",
      inA('"args":["\\u0000"]'),
      '1:54: processes.a.args[0]: a text of Unicode without NUL was expected, not "\\u0000"',
    ],
    [
      "a name of a megabyte",
      inA(`"${"n".repeat(1e6)}":1`),
      `1:46: processes.a["${"n".repeat(80)}..."]: one of description, program,`,
    ],
    [
      "300,000 faults",
      inA(`"args":[${many(3e5, () => "1")}]`),
      "1:54: processes.a.args[0]: a text was expected, not 1",
    ],
    [
      "90,000 names that there are not",
      inA(many(9e4, (index) => `"${index}":1`)),
      '1:46: processes.a["0"]: one of',
    ],
    [
      "150,000 times one name",
      inA(many(15e4, () => '"z":1')),
      '1:52: processes.a.z: "z" was expected once, and is at 1:46 already',
    ],
    [
      "10,001 processes",
      `{"version":1,"processes":{${many(10_001, (index) => `"p${index}":{"program":"a"}`)}}}`,
      "1:26: processes: at most 10000 were expected, not 10001",
    ],
    [
      "100,001 pipes",
      `{"version":1,"processes":{},"pipes":{${many(100_001, (index) => `"p${index.toString(36)}":1`)}}}`,
      "1:26: processes: processes by name were expected",
    ],
    [
      "a ring of 10,000 processes",
      `{"version":1,"processes":{${many(10_000, (index) => `"p${index}":{"program":"a","after":["p${(index + 1) % 10_000}"]}`)}}}`,
      "1:56: processes.p0.after[0]: an order that can be kept was expected, and p0 starts after p1, p1 starts after p2,",
    ],
  ])("%s", (_, text, expected) => {
    expect(firstOf(text).slice(0, expected.length)).toBe(expected);
  });

  test("an environment may hold a name as __proto__, and it stays one", () => {
    const result = judgeMachineFile(new TextEncoder().encode(inA('"env":{"__proto__":"x"}')), host);
    expect(result.ok && result.value.processes[0]?.environment).toEqual(["__proto__=x"]);
    expect(({} as Record<string, unknown>)["program"]).toBeUndefined();
  });

  test("a chain of 9,000 processes and pipes is a machine", () => {
    const last = 9_000;
    const stage = (index: number): string => {
      const input = index === 0 ? '"null"' : `{"pipe":"l${index}"}`;
      const output = index === last ? '"null"' : `{"pipe":"l${index + 1}"}`;
      return `"p${index}":{"program":"x","stdin":${input},"stdout":${output}}`;
    };
    const pipes = many(last, (index) => `"l${index + 1}":{}`);
    const text = `{"version":1,"processes":{${many(last + 1, stage)}},"pipes":{${pipes}}}`;
    expect(judgeMachineFile(new TextEncoder().encode(text), host).ok).toBe(true);
  });
});
