import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { WriterLock } from "../replay/writer-lock.ts";
import { HOME, newRecordingPath, recordingPath } from "./recordings.ts";

const before = process.cwd();
let home = "";
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-recordings-")));
  process.chdir(home);
});
afterEach(() => {
  process.chdir(before);
  rmSync(home, { recursive: true, force: true });
});

/** A recording as if it had been made. */
function made(program: string, keep = 20): string {
  const path = newRecordingPath(program, keep);
  mkdirSync(path, { recursive: true });
  return path;
}

const kept = (): string[] =>
  readdirSync(HOME)
    .filter((name) => name !== "last")
    .sort();

describe("a new recording", () => {
  test.each([
    ["x.wasm", "x"],
    ["/some/where/my prog.wasm", "my_prog"],
    ["naïve-1.2.wasm", "na_ve-1.2"],
    ["../..", ".."],
  ])("of %s is named after the time and the program", (program, name) => {
    expect(made(program)).toMatch(/^\.foldos\/\d{8}-\d{6}-\d{3}-/);
    expect(kept()[0]?.slice(20)).toBe(name);
  });

  test("is the last one from then on, and no other", () => {
    const first = made("a.wasm");
    const second = made("b.wasm");
    expect(first).not.toBe(second);
    expect(join(HOME, readlinkSync(join(HOME, "last")))).toBe(second);
    expect(recordingPath("last", "replay")).toBe(join(home, second));
    expect(kept()).toHaveLength(2);
  });

  test("never has the place of another, however fast they come", () => {
    const paths = Array.from({ length: 20 }, () => made("a.wasm"));
    expect(new Set(paths).size).toBe(20);
  });
});

describe("so many recordings are kept", () => {
  test("and the oldest ones go first", () => {
    const paths = Array.from({ length: 6 }, () => made("a.wasm", 3));
    expect(kept().map((name) => join(HOME, name))).toEqual(paths.slice(-3));
  });

  test("but none that somebody writes, and nothing that is no recording", () => {
    const written = made("a.wasm", 1);
    const lock = new WriterLock(written);
    mkdirSync(join(HOME, "my-notes"));
    writeFileSync(join(HOME, "file"), "");
    for (let more = 0; more < 3; more += 1) made("b.wasm", 1);
    expect([existsSync(written), kept()]).toEqual([true, expect.arrayContaining(["file", "my-notes"])]);
    expect(kept()).toHaveLength(4);
    lock.release();
    made("b.wasm", 1);
    expect(existsSync(written)).toBe(false);
  });
});

describe("a recording's path", () => {
  test("is what was given", () => {
    expect([recordingPath("some/rec", "log"), recordingPath("/abs", "log")]).toEqual([
      join(home, "some/rec"),
      "/abs",
    ]);
  });

  test("of the last one is told when there is none", () => {
    expect(() => recordingPath("last", "log")).toThrow("`foldos run PROGRAM.wasm` makes a recording");
    expect(() => recordingPath(undefined, "log")).toThrow("which recording? foldos log REC");
  });

  test('is a place named "last" where there is one', () => {
    made("a.wasm");
    mkdirSync("last");
    expect(recordingPath("last", "log")).toBe(join(home, "last"));
  });
});

test("a home that cannot be used is told, with what to do", () => {
  writeFileSync(HOME, "");
  expect(() => newRecordingPath("a.wasm", 5)).toThrow(
    /\.foldos\/ cannot be used for recordings \(it is no directory\); give --record/,
  );
});
