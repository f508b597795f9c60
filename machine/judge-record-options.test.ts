import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { judgeRecordOptions } from "./judge-record-options.ts";
import { record, type RecordOptions } from "./record.ts";

const home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-options-")));
mkdirSync(join(home, "d"));
symlinkSync("d", join(home, "link"));
writeFileSync(join(home, "file"), "");
afterAll(() => rmSync(home, { recursive: true }));

const recording = join(home, "rec");
const least = { program: "x.wasm", recording };
/** What a program without types would give. */
const untyped = (options: unknown): RecordOptions => options as RecordOptions;

test("without options all that is usual holds", () => {
  expect(judgeRecordOptions(least)).toEqual({
    ...least,
    args: [],
    environment: [],
    directories: [],
    seed: null,
    clock: "host",
    durability: "group",
    memoryPages: 65_536,
    signal: null,
  });
});

test("what is given is kept, and a directory is granted without links on its way", () => {
  const { signal } = new AbortController();
  const directories = [
    { host: join(home, "link"), guest: "/" },
    { host: join(home, "d"), guest: "/d", mode: "copy" as const },
  ];
  const given = {
    args: ["", "é😀"],
    seed: 0,
    clock: "virtual",
    durability: "none",
    memoryPages: 1,
    signal,
  } as const;
  expect(judgeRecordOptions({ ...least, ...given, env: { A: "1", B: "" }, directories })).toEqual({
    ...least,
    ...given,
    environment: ["A=1", "B="],
    directories: [
      { host: join(home, "d"), guest: "/", mode: "write-through" },
      { host: join(home, "d"), guest: "/d", mode: "copy" },
    ],
  });
});

const granting = (host: string): unknown => ({ ...least, directories: [{ host, guest: "/" }] });

describe("what is not allowed is told with what was expected and what was given, and nothing is made", () => {
  test.each<[string, unknown, string]>([
    ["TypeError", undefined, "options: an object was expected, not undefined"],
    ["TypeError", {}, "program: a text was expected, not undefined"],
    ["TypeError", { program: "x.wasm" }, "recording: a text was expected, not undefined"],
    ["RangeError", { ...least, program: "" }, "program: a text that is not empty was expected, not ''"],
    ["RangeError", { ...least, recording: "a\0" }, "recording: a text of Unicode without NUL was expected"],
    ["TypeError", { ...least, memory: 1 }, "signal was expected, not 'memory'"],
    ["RangeError", { ...least, clock: "foo" }, "clock: one of host, virtual was expected, not 'foo'"],
    ["TypeError", { ...least, clock: 1 }, "clock: one of host, virtual was expected, not 1"],
    ["RangeError", { ...least, durability: "foo" }, "one of group, event, none was expected, not 'foo'"],
    [
      "RangeError",
      { ...least, seed: -1 },
      "seed: a whole number from 0 to 9007199254740991 was expected, not -1",
    ],
    ["RangeError", { ...least, seed: 1.5 }, "not 1.5"],
    ["TypeError", { ...least, seed: "7" }, "not '7'"],
    [
      "RangeError",
      { ...least, memoryPages: 1e9 },
      "a whole number from 1 to 65536 was expected, not 1000000000",
    ],
    ["RangeError", { ...least, memoryPages: 0 }, "not 0"],
    ["TypeError", { ...least, args: "a" }, "args: a list was expected, not 'a'"],
    ["TypeError", { ...least, args: [1] }, "args[0]: a text was expected, not 1"],
    ["RangeError", { ...least, args: ["a", "b\0"] }, "args[1]: a text of Unicode without NUL was expected"],
    ["RangeError", { ...least, args: ["\ud800"] }, "args[0]: a text of Unicode without NUL"],
    ["TypeError", { ...least, env: new Map() }, "env: an object was expected"],
    ["TypeError", { ...least, env: { A: 1 } }, "env.A: a text was expected, not 1"],
    ["RangeError", { ...least, env: { A: "\0" } }, "env.A: a text of Unicode without NUL"],
    ["RangeError", { ...least, env: { "A=B": "" } }, "env: a name without = and NUL was expected, not 'A=B'"],
    ["TypeError", { ...least, directories: {} }, "directories: a list was expected"],
    ["TypeError", { ...least, directories: [{ guest: "/" }] }, "directories[0].host: a text was expected"],
    ["TypeError", { ...least, directories: [{ host: home }] }, "directories[0].guest: a text was expected"],
    [
      "RangeError",
      { ...least, directories: [{ host: home, guest: "/", mode: "xx" }] },
      "directories[0].mode: one of write-through, read-only, copy was expected, not 'xx'",
    ],
    [
      "TypeError",
      { ...least, directories: [{ host: home, guest: "/", readOnly: true }] },
      "directories[0]: one of host, guest, mode was expected, not 'readOnly'",
    ],
    [
      "RangeError",
      granting(join(home, "gone")),
      "gone cannot be used (ENOENT); make it first, or give another",
    ],
    ["RangeError", granting(join(home, "file")), "file is no directory"],
    ["TypeError", { ...least, signal: {} }, "signal: an AbortSignal was expected, not {}"],
  ])("%s of %j", async (name, options, what) => {
    await expect(record(untyped(options))).rejects.toMatchObject({
      name,
      message: expect.stringMatching(/^record: /),
    });
    await expect(record(untyped(options))).rejects.toThrow(what);
    expect(existsSync(recording)).toBe(false);
  });
});
