import { expect, test } from "@jest/globals";
import { allRights, directoryRights, regularFileRights, right, rightNamesOf, writeRights } from "./rights.ts";

test("the rights are the bits 0 to 29, each once", () => {
  expect(Object.values(right)).toEqual(Array.from({ length: 30 }, (_, bit) => 2 ** bit));
  expect(Object.values(right).reduce((sum, bit) => sum + bit, 0)).toBe(allRights);
});

test.each([
  ["fdRead", 1],
  ["fdWrite", 6],
  ["pathOpen", 13],
  ["fdReaddir", 14],
  ["pathUnlinkFile", 26],
  ["sockAccept", 29],
] as const)("%s is bit %d, as WASI preview 1 has it", (name, bit) => {
  expect(right[name]).toBe(2 ** bit);
});

test("a directory can be neither read nor written nor sought in", () => {
  const never =
    right.fdRead | right.fdWrite | right.fdSeek | right.fdTell | right.fdAllocate | right.fdFilestatSetSize;
  expect(directoryRights & never).toBe(0);
});

test("nothing can be looked up below a regular file", () => {
  expect(
    rightNamesOf(regularFileRights).filter((name) => name.startsWith("path") || name === "fd_readdir"),
  ).toEqual([]);
});

test("no right of a socket is of a file or a directory", () => {
  expect((regularFileRights | directoryRights) & (right.sockAccept | right.sockShutdown)).toBe(0);
});

test("without the rights that write, looking is all that is left", () => {
  expect(rightNamesOf((regularFileRights | directoryRights) & ~writeRights)).toEqual([
    "fd_datasync",
    "fd_read",
    "fd_seek",
    "fd_fdstat_set_flags",
    "fd_sync",
    "fd_tell",
    "fd_advise",
    "path_open",
    "fd_readdir",
    "path_readlink",
    "path_filestat_get",
    "fd_filestat_get",
    "poll_fd_readwrite",
  ]);
});

test("a set is told by its names in the order of their bits", () => {
  expect(rightNamesOf(right.fdWrite | right.fdRead)).toEqual(["fd_read", "fd_write"]);
  expect(rightNamesOf(0)).toEqual([]);
});
