import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { directoryGrant, parseRunFlags, wholeNumber } from "./run-flags.ts";

let home = "";
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-flags-")));
  mkdirSync(join(home, "d"));
  mkdirSync(join(home, "with:colon"));
  writeFileSync(join(home, "file"), "");
  symlinkSync("d", join(home, "link"));
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** What went wrong with the words, which is told as a wrong use and not as a bug. */
function complaint(...words: readonly string[]): string {
  try {
    parseRunFlags(words);
  } catch (error) {
    expect((error as Error).name).toBe("UsageError");
    return (error as Error).message;
  }
  return "";
}

test("without options all that is usual holds", () => {
  expect(parseRunFlags(["x.wasm"])).toEqual({
    program: "x.wasm",
    args: [],
    environment: [],
    directories: [],
    record: null,
    isRecorded: true,
    keep: 20,
    seed: null,
    memoryPages: 65_536,
    clock: "host",
    durability: "group",
    keyframeEvents: null,
    turns: null,
    imageMebibytes: 64,
    nans: "canonical",
  });
});

test("images, and nothing else that is said of them, make a program take turns", () => {
  const turnsOf = (...flags: readonly string[]): unknown => parseRunFlags([...flags, "x.wasm"]).turns;
  expect(turnsOf("--image-mib", "16")).toEqual({ quantum: 10_000_000, seed: 0, maxTicks: 0 });
  expect(turnsOf("--image-mib", "0")).toBe(null);
});

describe("everything behind the program is the program's own", () => {
  test.each([
    [["x.wasm", "--env", "A=1"], "x.wasm", ["--env", "A=1"]],
    [["--clock", "virtual", "x.wasm", "--clock"], "x.wasm", ["--clock"]],
    [["--clock=virtual", "x.wasm", "y.wasm"], "x.wasm", ["y.wasm"]],
    [["--no-record", "x.wasm", "--", "z"], "x.wasm", ["--", "z"]],
    [["--", "--odd.wasm", "z"], "--odd.wasm", ["z"]],
    [["x.wasm", ""], "x.wasm", [""]],
    [["--env", "x.wasm", "y.wasm"], "y.wasm", []],
    [["-", "a"], "-", ["a"]],
  ])("%j", (words, program, args) => {
    expect(parseRunFlags(words)).toMatchObject({ program, args });
  });
});

describe("options", () => {
  test.each([
    [["--record", "rec"], { record: "rec", isRecorded: true }],
    [["--no-record"], { isRecorded: false }],
    [["--keep", "3"], { keep: 3 }],
    [["--seed", "0"], { seed: 0 }],
    [["--seed", "9007199254740991"], { seed: 2 ** 53 - 1 }],
    [["--clock", "virtual"], { clock: "virtual" }],
    [["--durability", "event"], { durability: "event" }],
    [["--durability", "none"], { durability: "none" }],
    [["--keyframe-events", "100"], { keyframeEvents: 100 }],
    [["--max-memory", "65536"], { memoryPages: 1 }],
    [["--max-memory", "65537"], { memoryPages: 2 }],
    [["--max-memory", "64K"], { memoryPages: 1 }],
    [["--max-memory", "16m"], { memoryPages: 256 }],
    [["--max-memory", "1GiB"], { memoryPages: 16_384 }],
    [["--max-memory", "4GB"], { memoryPages: 65_536 }],
  ])("%j", (words, expected) => {
    expect(parseRunFlags([...words, "x.wasm"])).toMatchObject(expected);
  });

  test("for the environment are kept in their order; a name alone takes what is there, or nothing", () => {
    process.env["FOLDOS_FLAG_TEST"] = "from outside";
    const { environment } = parseRunFlags([
      "--env",
      "A=1",
      "--env",
      "B=x=y",
      "--env=C=",
      "--env",
      "FOLDOS_FLAG_TEST",
      "--env",
      "FOLDOS_NOT_THERE",
      "x.wasm",
    ]);
    delete process.env["FOLDOS_FLAG_TEST"];
    expect(environment).toEqual(["A=1", "B=x=y", "C=", "FOLDOS_FLAG_TEST=from outside"]);
  });
});

describe("a wrong use is told with what was expected", () => {
  test.each<[readonly string[], string]>([
    [[], "which program?"],
    [["--no-record"], "which program?"],
    [["--clock"], "which program?"],
    [["--nonsense", "x.wasm"], "--nonsense"],
    [["-x", "x.wasm"], "`foldos run --help` lists the options"],
    [["--no-record=yes", "x.wasm"], "--no-record"],
    [["--no-record", "--record", "r", "x.wasm"], "--no-record --record r: one or the other was expected"],
    [["--clock", "sun", "x.wasm"], "--clock sun: one of host, virtual was expected"],
    [["--durability", "some", "x.wasm"], "one of group, event, none was expected"],
    [["--keep", "0", "x.wasm"], "--keep 0: a whole number from 1 to 1000000 was expected"],
    [["--keep", "1e3", "x.wasm"], "a whole number"],
    [
      ["--seed", "-1", "x.wasm"],
      "Option '--seed' argument is ambiguous; `foldos run --help` lists the options",
    ],
    [["--seed", "9007199254740992", "x.wasm"], "a whole number"],
    [["--keyframe-events", "0", "x.wasm"], "a whole number from 1"],
    [["--max-memory", "5Q", "x.wasm"], "--max-memory 5Q: bytes were expected, as 65536, 64M or 1G"],
    [["--max-memory", "0", "x.wasm"], "from 64K to 4G"],
    [["--max-memory", "5G", "x.wasm"], "from 64K to 4G"],
    [["--env", "=x", "x.wasm"], "a name was expected"],
    [["--env", "", "x.wasm"], "a name was expected"],
    [["--env", "A=\0", "x.wasm"], "cannot hold a NUL"],
    [["--dir", "", "x.wasm"], "neither may be empty"],
    [["--dir", "/no/such/place", "x.wasm"], "/no/such/place cannot be used (ENOENT); make it first"],
  ])("%j", (words, expected) => {
    expect(complaint(...words)).toContain(expected);
  });
});

describe("a directory", () => {
  test.each([
    ["d", "d", "HOME/d", "write-through"],
    ["d::/", "d", "/", "write-through"],
    ["d::/data:ro", "d", "/data", "read-only"],
    ["d:copy", "d", "HOME/d", "copy"],
    ["d::.:rw", "d", ".", "write-through"],
    ["with:colon::/c", "with:colon", "/c", "write-through"],
    ["link::/l", "d", "/l", "write-through"],
  ])("%s", (word, host, guest, mode) => {
    const granted = directoryGrant(join(home, word));
    expect(granted).toEqual({ host: join(home, host), guest: guest.replace("HOME", home), mode });
  });

  test.each([
    ["file", "is no directory"],
    ["none", "cannot be used (ENOENT)"],
    ["file/x", "cannot be used (ENOTDIR)"],
    ["d::", "neither may be empty"],
    ["d:: :ro:copy", ""],
  ])("%s is refused unless it can be used", (word, expected) => {
    if (expected === "")
      expect(directoryGrant(join(home, word))).toMatchObject({ guest: " :ro", mode: "copy" });
    else expect(() => directoryGrant(join(home, word))).toThrow(expected);
  });
});

test.each(["", " 5", "5 ", "0x10", "1.0", "+1", "٣"])("%j is no whole number", (word) => {
  expect(() => wholeNumber("--n", word, 0, 100)).toThrow("a whole number from 0 to 100 was expected");
});
