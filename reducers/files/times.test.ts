import { expect, test } from "@jest/globals";
import { get } from "../../core/table.ts";
import { BOOT_WALL_MICROS, PID, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import type { Inode } from "./file-state.ts";

const BOOT_SECONDS = BOOT_WALL_MICROS / 1_000_000;
const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;

const inodeAt = (machine: ScriptedMachine, path: string): Inode =>
  get(machine.state.files.inodes, machine.inodeOf(path));

/** Accessed, modified and changed, in microseconds since boot. */
const timesOf = (machine: ScriptedMachine, path: string): number[] => {
  const inode = inodeAt(machine, path);
  return [
    (inode.accessedSeconds - BOOT_SECONDS) * SECOND + inode.accessedNanos / 1000,
    (inode.modifiedSeconds - BOOT_SECONDS) * SECOND + inode.modifiedNanos / 1000,
    (inode.changedSeconds - BOOT_SECONDS) * SECOND + inode.changedNanos / 1000,
  ];
};

test("a new file has the wall clock's time, to the microsecond, three times", () => {
  const machine = scriptedMachine();
  machine.at = 1_500_007;
  machine.file("a");
  const { accessedNanos, modifiedSeconds } = inodeAt(machine, "a");
  expect([modifiedSeconds, accessedNanos]).toEqual([BOOT_SECONDS + 1, 500_007_000]);
  expect(timesOf(machine, "a")).toEqual([1_500_007, 1_500_007, 1_500_007]);
});

test("a write touches modified and changed, a read accessed", () => {
  const machine = scriptedMachine();
  const fd = machine.file("a", 10);
  machine.at = 1000;
  machine.perform({ call: "fd_write", fd, size: 5 });
  machine.at = 2000;
  machine.perform({ call: "fd_pread", fd, size: 5, offset: 0 });
  expect(timesOf(machine, "a")).toEqual([2000, 1000, 1000]);
});

test("a second read without a change between is not noted, and after a day it is", () => {
  const machine = scriptedMachine();
  const fd = machine.file("a", 10);
  const read = (at: number): number | undefined => {
    machine.at = at;
    machine.perform({ call: "fd_pread", fd, size: 5, offset: 0 });
    return timesOf(machine, "a")[0];
  };
  expect([read(1000), read(2000), read(DAY), read(DAY + SECOND)]).toEqual([1000, 1000, DAY, DAY]);
  machine.at = DAY + 2 * SECOND;
  machine.perform({ call: "fd_pwrite", fd, size: 1, offset: 0 });
  expect(read(DAY + 3 * SECOND)).toBe(DAY + 3 * SECOND);
});

test("a name that comes or goes touches its directory, and changes what it names", () => {
  const machine = scriptedMachine();
  machine.directory("d");
  machine.file("a");
  machine.at = 1000;
  machine.perform({ call: "path_link", fd: 3, path: "a", follow: false, toFd: 3, toPath: "d/b" });
  expect([timesOf(machine, "d"), timesOf(machine, "a")]).toEqual([
    [0, 1000, 1000],
    [0, 0, 1000],
  ]);
  machine.at = 2000;
  machine.perform({ call: "path_rename", fd: 3, path: "d/b", toFd: 3, toPath: "c" });
  expect([timesOf(machine, "d"), timesOf(machine, "."), timesOf(machine, "a")]).toEqual([
    [0, 2000, 2000],
    expect.arrayContaining([2000]),
    [0, 0, 2000],
  ]);
  machine.at = 3000;
  machine.perform({ call: "path_unlink_file", fd: 3, path: "c" });
  expect(timesOf(machine, "a")).toEqual([0, 0, 3000]);
});

test("times that are set are set to the nanosecond, and what was not asked for stays", () => {
  const machine = scriptedMachine();
  machine.file("a");
  machine.at = 1000;
  const fact = {
    type: "file/times-set" as const,
    by: 4,
    inode: machine.inodeOf("a"),
    setAccessed: true,
    accessedSeconds: 7,
    accessedNanos: 999_999_999,
    setModified: false,
    modifiedSeconds: 8,
    modifiedNanos: 8,
  };
  machine.happen(PID, fact);
  expect(inodeAt(machine, "a")).toMatchObject({ accessedSeconds: 7, accessedNanos: 999_999_999 });
  expect(timesOf(machine, "a").slice(1)).toEqual([0, 1000]);
  machine.happen(PID, { ...fact, setAccessed: false, setModified: true });
  expect(inodeAt(machine, "a")).toMatchObject({ accessedSeconds: 7, modifiedSeconds: 8, modifiedNanos: 8 });
});

test("a machine whose wall clock said less than kernel time has run counts from 1970", () => {
  const machine = scriptedMachine();
  machine.at = 5000;
  machine.happen(0, { type: "machine/powered-on", wall: 0, clock: "host", version: 1, nameSeed: 9 });
  machine.file("a");
  expect(inodeAt(machine, "a")).toMatchObject({ modifiedSeconds: 0, modifiedNanos: 5_000_000 });
});
