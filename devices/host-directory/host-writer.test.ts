import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  renameSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { hostErrno } from "./host-errno.ts";
import { HostWriter } from "./host-writer.ts";
import { errno } from "../../core/errno.ts";

let home = "";
let writer = new HostWriter();
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-writer-")));
  writer = new HostWriter();
});
afterEach(() => {
  writer.close();
  rmSync(home, { recursive: true, force: true });
});

const at = (name: string): string => join(home, name);
const text = (name: string): string => readFileSync(at(name), "utf8");

const stream = (content: string) => ({
  copyTo: (target: Uint8Array, offset: number, position: number, length: number) =>
    target.set(Buffer.from(content).subarray(position, position + length), offset),
});
const write = (name: string, offset: number, content: string): void =>
  writer.write({ path: at(name), offset, position: 0, length: content.length }, stream(content));

const failure = (act: () => void): number => {
  try {
    act();
  } catch (error) {
    return hostErrno(error);
  }
  return 0;
};

/** Carries out a change twice, as after a crash that came just behind the first time. */
const twice = (change: () => void): void => {
  change();
  change();
};

describe("each change can be carried out again", () => {
  test("making", () => {
    twice(() => writer.createFile(at("f")));
    twice(() => writer.createDirectory(at("d")));
    twice(() => writer.createSymlink(at("l"), "../any where"));
    expect([text("f"), lstatSync(at("d")).isDirectory(), readlinkSync(at("l"))]).toEqual([
      "",
      true,
      "../any where",
    ]);
  });

  test("writing and sizing", () => {
    writer.createFile(at("f"));
    twice(() => write("f", 0, "hello, world"));
    twice(() => write("f", 7, "W"));
    twice(() => writer.resize(at("f"), 10));
    expect(text("f")).toBe("hello, Wor");
    writer.resize(at("f"), 12);
    expect(text("f")).toBe("hello, Wor\0\0");
  });

  test("linking, renaming, taking away", () => {
    writer.createFile(at("f"));
    write("f", 0, "x");
    twice(() => writer.link(at("f"), at("g")));
    expect(statSync(at("g")).nlink).toBe(2);
    twice(() => writer.rename(at("f"), at("h")));
    twice(() => writer.removeFile(at("g")));
    writer.createDirectory(at("d"));
    twice(() => writer.removeDirectory(at("d")));
    expect(["f", "g", "h", "d"].map((name) => existsSync(at(name)))).toEqual([false, false, true, false]);
  });

  test("setting times, of a link itself too", () => {
    writer.createFile(at("f"));
    writer.createSymlink(at("l"), "f");
    twice(() => writer.setTimes(at("f"), 1_600_000_000.5, 1_500_000_000));
    writer.setTimes(at("l"), null, 7);
    writer.setTimes(at("f"), null, 1_400_000_000);
    const { atimeMs, mtimeMs } = statSync(at("f"));
    expect([atimeMs, mtimeMs, lstatSync(at("l")).mtimeMs]).toEqual([
      1_600_000_000_500, 1_400_000_000_000, 7000,
    ]);
  });

  test("syncing", () => {
    writer.createFile(at("f"));
    writer.createDirectory(at("d"));
    expect(() => twice(() => (writer.sync(at("f")), writer.sync(at("d"))))).not.toThrow();
  });
});

describe("writing", () => {
  test("goes to the place that the file has now, when it was renamed or replaced in between", () => {
    for (const name of ["f", "g"]) writer.createFile(at(name));
    write("f", 0, "one");
    writer.rename(at("f"), at("g"));
    writer.createFile(at("f"));
    write("g", 3, "two");
    write("f", 0, "new");
    expect([text("f"), text("g")]).toEqual(["new", "onetwo"]);
  });

  test("of many megabytes is whole", () => {
    writer.createFile(at("f"));
    const content = "0123456789abcdef".repeat(200_000);
    write("f", 3, content);
    expect(text("f")).toBe(`\0\0\0${content}`);
  });

  test("keeps no more files open than it may", () => {
    for (let file = 0; file < 150; file += 1) {
      writer.createFile(at(`f${file}`));
      write(`f${file}`, 0, String(file));
    }
    expect([text("f0"), text("f149")]).toEqual(["0", "149"]);
  });
});

describe("a change that cannot be", () => {
  test("is told with the host's errno", () => {
    mkdirSync(at("d"));
    writeFileSync(at("d/f"), "");
    expect(failure(() => writer.createFile(at("none/f")))).toBe(errno.noent);
    expect(failure(() => writer.removeDirectory(at("d")))).toBe(errno.notempty);
    expect(failure(() => write("none", 0, "x"))).toBe(errno.noent);
    expect(failure(() => writer.rename(at("none"), at("nowhere")))).toBe(errno.noent);
    expect(failure(() => writer.resize(at("d"), 0))).not.toBe(0);
  });

  test("never goes through a link that somebody put there meanwhile", () => {
    writeFileSync(at("outside"), "untouched");
    symlinkSync("outside", at("f"));
    expect([failure(() => write("f", 0, "x")), failure(() => writer.resize(at("f"), 0))]).toEqual([
      errno.loop,
      errno.loop,
    ]);
    mkdirSync(at("d"));
    renameSync(at("d"), at("moved"));
    symlinkSync("moved", at("d"));
    expect(failure(() => writer.createFile(at("d/new")))).not.toBe(0);
    expect([text("outside"), existsSync(at("moved/new"))]).toEqual(["untouched", false]);
  });
});
