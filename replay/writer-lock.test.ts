import { once } from "node:events";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { WriterLock, writerOf } from "./writer-lock.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "foldos-lock-"));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const file = (): string => join(home, "writer");

test("a recording that nobody writes has no writer", () => {
  expect(writerOf(home)).toBeNull();
});

test("a lock names its process, and is gone when it is released", () => {
  const lock = new WriterLock(home);
  expect(writerOf(home)).toBe(process.pid);
  lock.release();
  expect([writerOf(home), existsSync(file())]).toEqual([null, false]);
  new WriterLock(home).release();
});

test("a second writer is refused by the first one's pid, and told what is possible", () => {
  const lock = new WriterLock(home);
  expect(() => new WriterLock(home)).toThrow(
    `process ${process.pid} is writing it; wait until it ends; reading is possible`,
  );
  expect(writerOf(home)).toBe(process.pid);
  lock.release();
});

describe("a lock is void", () => {
  const gone = spawnSync("true").pid;
  const started = (() => {
    const stat = readFileSync("/proc/self/stat", "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  })();

  test.each([
    ["whose process is gone", `${gone} 123`],
    ["whose process is gone, and whose beginning nobody knew", `${gone} 0`],
    ["whose pid another process has by now", `${process.pid} ${started + 1}`],
    ["that is empty, because its writer died before it wrote", ""],
    ["that says nothing", "x y"],
    ["of no process", "-1 0"],
  ])("%s", (_, text) => {
    writeFileSync(file(), text);
    expect(writerOf(home)).toBeNull();
    const lock = new WriterLock(home);
    expect(writerOf(home)).toBe(process.pid);
    lock.release();
  });
});

test("a lock in a directory that is not there is an error, not a lock", () => {
  expect(() => new WriterLock(join(home, "none"))).toThrow("ENOENT");
});

test("a lock is void whose process has ended, though its parent has not heard of it yet", async () => {
  // The shell becomes another program, which never asks how the process that the shell started has ended.
  const parent = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 30"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [said] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(said.toString());
  const stat = (): string[] => {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  };
  while (stat()[0] !== "Z") await new Promise((resolve) => setTimeout(resolve, 5));
  writeFileSync(file(), `${pid} ${stat()[19]}`);
  expect(writerOf(home)).toBeNull();
  parent.kill();
});
