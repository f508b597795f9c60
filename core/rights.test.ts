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
    rightNamesOf(regularFileRights).filter((name) => name.startsWith("path") || name === "fdReaddir"),
  ).toEqual([]);
});

test("no right of a socket is of a file or a directory", () => {
  expect((regularFileRights | directoryRights) & (right.sockAccept | right.sockShutdown)).toBe(0);
});

test("without the rights that write, looking is all that is left", () => {
  expect(rightNamesOf((regularFileRights | directoryRights) & ~writeRights)).toEqual([
    "fdDatasync",
    "fdRead",
    "fdSeek",
    "fdFdstatSetFlags",
    "fdSync",
    "fdTell",
    "fdAdvise",
    "pathOpen",
    "fdReaddir",
    "pathReadlink",
    "pathFilestatGet",
    "fdFilestatGet",
    "pollFdReadwrite",
  ]);
});

test("a set is told by its names in the order of their bits", () => {
  expect(rightNamesOf(right.fdWrite | right.fdRead)).toEqual(["fdRead", "fdWrite"]);
  expect(rightNamesOf(0)).toEqual([]);
});
