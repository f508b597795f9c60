import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { ScriptedGuest } from "./scripted-guest.ts";

const IOVECS = 1024;
const DATA = 4096;
const TARGET = 8192;
const COUNT = 2048;

/** A guest with a file in slot 4 that says "hello, world". */
function guest(): ScriptedGuest {
  const made = new ScriptedGuest();
  made.machine.file("f");
  expect(write(made, 4, "hello, world")).toBe(0);
  made.memory.bytes.fill(9, TARGET, TARGET + 100);
  return made;
}

function write(made: ScriptedGuest, fd: number, text: string): number {
  return made.call("fd_write", fd, ...made.iovecs(IOVECS, made.text(DATA, text)), COUNT);
}

test("what was written is counted, and goes to the file's position", () => {
  const made = guest();
  expect(made.u32(COUNT)).toBe(12);
  expect(write(made, 4, "!")).toBe(0);
  expect(made.call("fd_pread", 4, ...made.iovecs(IOVECS, [TARGET, 50]), 0n, COUNT)).toBe(0);
  expect([made.u32(COUNT), made.textAt(TARGET, 13), made.u8(TARGET + 13)]).toEqual([13, "hello, world!", 9]);
});

test("several iovecs are one write, and one read", () => {
  const made = guest();
  const iovecs = made.iovecs(IOVECS, made.text(DATA, "ab"), [0, 0], made.text(DATA + 100, "cde"));
  expect(made.call("fd_pwrite", 4, ...iovecs, 1n, COUNT)).toBe(0);
  expect(made.u32(COUNT)).toBe(5);
  made.call(
    "fd_pread",
    4,
    ...made.iovecs(IOVECS, [TARGET, 3], [TARGET + 10, 0], [TARGET + 20, 5]),
    0n,
    COUNT,
  );
  expect([made.textAt(TARGET, 3), made.u8(TARGET + 3), made.textAt(TARGET + 20, 5)]).toEqual([
    "hab",
    9,
    "cde w",
  ]);
});

test("a read is short at the end, and moves the position by what it gave", () => {
  const made = guest();
  made.call("fd_seek", 4, 7n, 0, COUNT + 8);
  const iovecs = made.iovecs(IOVECS, [TARGET, 50]);
  expect(made.call("fd_read", 4, ...iovecs, COUNT)).toBe(0);
  expect([made.u32(COUNT), made.textAt(TARGET, 5)]).toEqual([5, "world"]);
  made.call("fd_read", 4, ...iovecs, COUNT);
  expect(made.u32(COUNT)).toBe(0);
});

test("what was never written reads as zeros", () => {
  const made = guest();
  made.call("fd_pwrite", 4, ...made.iovecs(IOVECS, made.text(DATA, "x")), 20n, COUNT);
  made.call("fd_pread", 4, ...made.iovecs(IOVECS, [TARGET, 50]), 10n, COUNT);
  expect([made.u32(COUNT), made.bytes(TARGET, 12)]).toEqual([
    11,
    [...Buffer.from("ld"), 0, 0, 0, 0, 0, 0, 0, 0, 0x78, 9],
  ]);
});

test("no iovecs at all write and read nothing", () => {
  const made = guest();
  for (const name of ["fd_write", "fd_read"]) {
    made.memory.setU32(COUNT, 77);
    expect(made.call(name, 4, 0, 0, COUNT)).toBe(0);
    expect(made.u32(COUNT)).toBe(0);
  }
});

test("the console is read as it arrived", () => {
  const made = guest();
  const position = made.machine.state.head;
  made.stream.set(Buffer.from("typed"), position);
  made.machine.happen(0, { type: "console/input-arrived", position, length: 5 });
  expect(made.call("fd_read", 0, ...made.iovecs(IOVECS, [TARGET, 3], [TARGET + 10, 50]), COUNT)).toBe(0);
  expect([made.u32(COUNT), made.textAt(TARGET, 3), made.textAt(TARGET + 10, 2)]).toEqual([5, "typ", "ed"]);
});

describe("a positioned transfer takes its offset as unsigned", () => {
  test.each([
    ["fd_pread", -1n, 0],
    ["fd_pread", 1n << 63n, 0],
    ["fd_pwrite", -1n, errno.fbig],
    ["fd_pwrite", 1n << 43n, errno.fbig],
  ])("%s at %d", (name, offset, code) => {
    const made = guest();
    expect(made.call(name, 4, ...made.iovecs(IOVECS, [TARGET, 1]), offset, COUNT)).toBe(code);
  });
});

test("a read that goes over its own iovecs and count is still answered, the count last", () => {
  const made = guest();
  const [pointer, count] = made.iovecs(IOVECS, [IOVECS, 8], [TARGET, 4]);
  expect(made.call("fd_pread", 4, pointer, count, 0n, IOVECS + 4)).toBe(0);
  expect([made.textAt(IOVECS, 4), made.u32(IOVECS + 4), made.textAt(TARGET, 4)]).toEqual([
    "hell",
    12,
    "orld",
  ]);
});
