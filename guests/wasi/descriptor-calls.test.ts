import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { allRights, directoryRights, regularFileRights, right } from "../../core/rights.ts";
import { BOOT_WALL_MICROS } from "../../reducers/scripted-machine.ts";
import { ScriptedGuest } from "./scripted-guest.ts";
import { descriptorCalls } from "./descriptor-calls.ts";
import { freeOpen } from "../../reducers/files/file-selectors.ts";

const AT = 1024;
const ROOT = 3;
const BOOT_NANOS = BigInt(BOOT_WALL_MICROS) * 1000n;

/** A guest with a file of 10 bytes open in slot 4, whose memory is full of nines where answers go. */
function guest(): ScriptedGuest {
  const made = new ScriptedGuest();
  made.machine.file("f", 10);
  made.memory.bytes.fill(9, AT, AT + 128);
  return made;
}

describe("fdstat stands as the specification lays it out", () => {
  test("for a file", () => {
    const made = guest();
    made.call("fd_fdstat_set_flags", 4, 5);
    expect(made.call("fd_fdstat_get", 4, AT)).toBe(0);
    expect([made.u8(AT), made.u16(AT + 2), made.u64(AT + 8)]).toEqual([4, 5, BigInt(regularFileRights)]);
    expect(made.bytes(AT, 2)).toEqual([4, 0]);
    expect(made.bytes(AT + 4, 4)).toEqual([0, 0, 0, 0]);
    expect(made.u64(AT + 16)).toBe(BigInt(regularFileRights));
    expect(made.u8(AT + 24)).toBe(9);
  });

  test("for a directory", () => {
    const made = guest();
    made.call("fd_fdstat_get", ROOT, AT);
    expect([made.u8(AT), made.u16(AT + 2), made.u64(AT + 8)]).toEqual([3, 0, BigInt(directoryRights)]);
    expect(made.u64(AT + 16)).toBe(BigInt(allRights & ~(right.sockAccept | right.sockShutdown)));
  });

  test.each([
    [0, true],
    [1, false],
    [2, true],
  ])("for console stream %d, which is a terminal: %p", (fd, isTerminal) => {
    const made = guest();
    made.machine.happen(0, { type: "console/attached", input: true, output: false, error: true });
    made.call("fd_fdstat_get", fd, AT);
    expect([made.u8(AT), made.u16(AT + 2)]).toEqual([isTerminal ? 2 : 0, 0]);
  });

  test("for a pipe", () => {
    const made = guest();
    made.machine.happen(0, { type: "pipe/created", pipe: 1 });
    const fd = made.machine.grant("pipe-reader", 1, right.fdRead);
    made.call("fd_fdstat_get", fd, AT);
    expect([made.u8(AT), made.u64(AT + 8)]).toEqual([0, 2n]);
  });
});

describe("filestat stands as the specification lays it out", () => {
  test("for a file", () => {
    const made = guest();
    made.call("fd_filestat_set_times", 4, 1_000_000_007n, 2_000_000_009n, 5);
    made.machine.at = 2_000_000;
    made.call("fd_filestat_get", 4, AT);
    const inode = BigInt(made.machine.inodeOf("f"));
    expect([0, 8, 24, 32].map((offset) => made.u64(AT + offset))).toEqual([1n, inode, 1n, 10n]);
    expect(made.bytes(AT + 16, 8)).toEqual([4, 0, 0, 0, 0, 0, 0, 0]);
    expect([40, 48, 56].map((offset) => made.u64(AT + offset))).toEqual([
      1_000_000_007n,
      2_000_000_009n,
      BOOT_NANOS,
    ]);
    expect(made.u8(AT + 64)).toBe(9);
  });

  test("for the console, of which there is little to say", () => {
    const made = guest();
    made.machine.happen(0, { type: "console/attached", input: true, output: false, error: false });
    made.call("fd_filestat_get", 0, AT);
    expect([made.u8(AT + 16), made.u64(AT + 24), made.u64(AT + 32)]).toEqual([2, 1n, 0n]);
    expect(made.bytes(AT + 40, 24)).toEqual(new Array(24).fill(0));
  });

  test("with times to the last nanosecond that 64 bits can say", () => {
    const made = guest();
    made.call("fd_filestat_set_times", 4, -1n, (1n << 64n) - 2n, 5);
    made.call("fd_filestat_get", 4, AT);
    expect([made.u64(AT + 40), made.u64(AT + 48)]).toEqual([(1n << 64n) - 1n, (1n << 64n) - 2n]);
  });
});

describe("a preopen", () => {
  test("is told as a tag, and the length of its name", () => {
    const made = guest();
    expect(made.call("fd_prestat_get", ROOT, AT)).toBe(0);
    expect([made.u32(AT), made.u32(AT + 4), made.u8(AT + 8)]).toEqual([0, 1, 9]);
  });

  test("is told its name, without an end, into as much room as there is", () => {
    const made = guest();
    expect(made.call("fd_prestat_dir_name", ROOT, AT, 5)).toBe(0);
    expect(made.bytes(AT, 2)).toEqual([0x2f, 9]);
    expect(made.call("fd_prestat_dir_name", ROOT, AT, 0)).toBe(errno.nametoolong);
  });

  test("whose name is not of letters alone is as long as its bytes", () => {
    const made = guest();
    const open = freeOpen(made.machine.state.files);
    made.machine.happen(1, { type: "file/preopened", inode: 1, open });
    const fd = made.machine.grantFile(open, directoryRights, 0, "dätä");
    made.call("fd_prestat_get", fd, AT);
    made.call("fd_prestat_dir_name", fd, AT + 16, 6);
    expect([made.u32(AT + 4), made.textAt(AT + 16, 6)]).toEqual([6, "dätä"]);
  });
});

describe("a position", () => {
  test("is answered in 64 bits", () => {
    const made = guest();
    expect(made.call("fd_seek", 4, 0x1_2345_6789n, 0, AT)).toBe(0);
    expect(made.call("fd_tell", 4, AT + 8)).toBe(0);
    expect([made.u64(AT), made.u64(AT + 8), made.u8(AT + 16)]).toEqual([0x1_2345_6789n, 0x1_2345_6789n, 9]);
  });

  test("that is refused is not written", () => {
    const made = guest();
    expect(made.call("fd_seek", 4, -11n, 2, AT)).toBe(errno.inval);
    expect(made.call("fd_seek", 4, 1n << 62n, 2, AT)).toBe(errno.overflow);
    expect(made.call("fd_seek", 4, -(1n << 63n), 2, AT)).toBe(errno.inval);
    expect(made.bytes(AT, 8)).toEqual(new Array(8).fill(9));
  });
});

describe("arguments of 64 bits", () => {
  const parse = (name: string, ...args: (number | bigint)[]) =>
    descriptorCalls[name]?.parse(guest().memory, args);

  test("are judged as unsigned where they are offsets and sizes", () => {
    expect(parse("fd_allocate", 4, -1n, 1n)).toMatchObject({ offset: Number.MAX_SAFE_INTEGER, size: 1 });
    expect(parse("fd_filestat_set_size", 4, 1n << 63n)).toMatchObject({ size: Number.MAX_SAFE_INTEGER });
    expect(guest().call("fd_filestat_set_size", 4, -1n)).toBe(errno.fbig);
    expect(guest().call("fd_allocate", 4, 0n, 0n)).toBe(errno.inval);
  });

  test("are judged as sets where they are rights, and a bit that is none is noticed", () => {
    expect(parse("fd_fdstat_set_rights", 4, 3n, 1n)).toMatchObject({
      rights: 3,
      inheriting: 1,
      hasUnknown: false,
    });
    expect(parse("fd_fdstat_set_rights", 4, 1n << 30n, 0n)).toMatchObject({ rights: 0, hasUnknown: true });
    expect(parse("fd_fdstat_set_rights", 4, 0n, -1n)).toMatchObject({
      inheriting: allRights,
      hasUnknown: true,
    });
    expect(guest().call("fd_fdstat_set_rights", 4, 1n << 40n, 0n)).toBe(errno.notcapable);
    expect(guest().call("fd_fdstat_set_rights", 4, 2n, 0n)).toBe(0);
  });

  test("are judged as signed where they say how far to seek", () => {
    expect(parse("fd_seek", 4, -(1n << 63n), 0, AT)).toMatchObject({ offset: -Number.MAX_SAFE_INTEGER });
    expect(parse("fd_seek", 4, (1n << 63n) - 1n, 0, AT)).toMatchObject({ offset: Number.MAX_SAFE_INTEGER });
  });
});

test("arguments of 32 bits are unsigned, whatever sign WebAssembly gave them", () => {
  expect(descriptorCalls["fd_close"]?.parse(guest().memory, [-1])).toEqual({
    call: "fd_close",
    fd: 0xffff_ffff,
  });
  expect(guest().call("fd_close", -1)).toBe(errno.badf);
});

test("what answers nothing but success writes nothing", () => {
  const made = guest();
  const before = made.bytes(0, 4096);
  expect([
    made.call("fd_advise", 4, 0n, 0n, 3),
    made.call("fd_sync", 4),
    made.call("fd_datasync", 4),
    made.call("fd_allocate", 4, 0n, 20n),
    made.call("fd_filestat_set_size", 4, 5n),
    made.call("fd_renumber", 4, 2),
    made.call("fd_close", 2),
  ]).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(made.bytes(0, 4096)).toEqual(before);
});
