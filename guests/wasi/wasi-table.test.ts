import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { MEMORY_BYTES, ScriptedGuest } from "./scripted-guest.ts";
import type { RawArguments } from "./wasi-call.ts";
import { wasiCallAt, wasiCalls, wasiNames, wasiNumber } from "./wasi-table.ts";

const FD = 3;
const TEXT = [1000, 1] as const;
const IOVECS = [2000, 1] as const;

/**
 * Every function, with arguments whose pointers are right, and which of them are pointers to how many bytes. "." stands at
 * 1,000, one iovec at 2,000, one subscription at 3,000.
 */
const functions: Readonly<
  Record<string, readonly [RawArguments, ...(readonly [index: number, size: number])[]]>
> = {
  args_get: [
    [100, 200],
    [0, 12],
    [1, 17],
  ],
  args_sizes_get: [
    [100, 200],
    [0, 4],
    [1, 4],
  ],
  clock_res_get: [
    [0, 100],
    [1, 8],
  ],
  clock_time_get: [
    [0, 0n, 100],
    [2, 8],
  ],
  environ_get: [
    [100, 200],
    [0, 4],
    [1, 7],
  ],
  environ_sizes_get: [
    [100, 200],
    [0, 4],
    [1, 4],
  ],
  fd_advise: [[4, 0n, 0n, 0]],
  fd_allocate: [[4, 0n, 1n]],
  fd_close: [[4]],
  fd_datasync: [[4]],
  fd_fdstat_get: [
    [4, 100],
    [1, 24],
  ],
  fd_fdstat_set_flags: [[4, 0]],
  fd_fdstat_set_rights: [[4, 0n, 0n]],
  fd_filestat_get: [
    [4, 100],
    [1, 64],
  ],
  fd_filestat_set_size: [[4, 0n]],
  fd_filestat_set_times: [[4, 0n, 0n, 0]],
  fd_pread: [
    [4, ...IOVECS, 0n, 100],
    [1, 8],
    [4, 4],
  ],
  fd_prestat_dir_name: [
    [FD, 100, 1],
    [1, 1],
  ],
  fd_prestat_get: [
    [FD, 100],
    [1, 8],
  ],
  fd_pwrite: [
    [4, ...IOVECS, 0n, 100],
    [1, 8],
    [4, 4],
  ],
  fd_read: [
    [4, ...IOVECS, 100],
    [1, 8],
    [3, 4],
  ],
  fd_readdir: [
    [FD, 100, 50, 0n, 200],
    [1, 50],
    [4, 4],
  ],
  fd_renumber: [[4, 4]],
  fd_seek: [
    [4, 0n, 0, 100],
    [3, 8],
  ],
  fd_sync: [[4]],
  fd_tell: [
    [4, 100],
    [1, 8],
  ],
  fd_write: [
    [4, ...IOVECS, 100],
    [1, 8],
    [3, 4],
  ],
  path_create_directory: [
    [FD, ...TEXT],
    [1, 1],
  ],
  path_filestat_get: [
    [FD, 0, ...TEXT, 100],
    [2, 1],
    [4, 64],
  ],
  path_filestat_set_times: [
    [FD, 0, ...TEXT, 0n, 0n, 0],
    [2, 1],
  ],
  path_link: [
    [FD, 0, ...TEXT, FD, ...TEXT],
    [2, 1],
    [5, 1],
  ],
  path_open: [
    [FD, 0, ...TEXT, 0, 0n, 0n, 0, 100],
    [2, 1],
    [8, 4],
  ],
  path_readlink: [
    [FD, ...TEXT, 100, 10, 200],
    [1, 1],
    [3, 10],
    [5, 4],
  ],
  path_remove_directory: [
    [FD, ...TEXT],
    [1, 1],
  ],
  path_rename: [
    [FD, ...TEXT, FD, ...TEXT],
    [1, 1],
    [4, 1],
  ],
  path_symlink: [
    [...TEXT, FD, ...TEXT],
    [0, 1],
    [3, 1],
  ],
  path_unlink_file: [
    [FD, ...TEXT],
    [1, 1],
  ],
  poll_oneoff: [
    [3000, 100, 1, 200],
    [0, 48],
    [1, 32],
    [3, 4],
  ],
  proc_exit: [[0]],
  proc_raise: [[0]],
  random_get: [
    [100, 8],
    [0, 8],
  ],
  sched_yield: [[]],
  sock_accept: [[0, 0, 0]],
  sock_recv: [[0, 0, 0, 0, 0, 0]],
  sock_send: [[0, 0, 0, 0, 0]],
  sock_shutdown: [[0, 0]],
};

function guest(): ScriptedGuest {
  const made = new ScriptedGuest();
  made.machine.file("f", 10);
  made.text(TEXT[0], ".");
  made.iovecs(IOVECS[0], [2100, 4]);
  return made;
}

const pointers = Object.entries(functions).flatMap(([name, [args, ...each]]) =>
  each.map(([index, size]) => [name, index, size, args] as const),
);

const withArgument = (args: RawArguments, index: number, value: number): RawArguments =>
  args.map((argument, place) => (place === index ? value : argument));

test("the table has the 46 functions of preview 1, each under a number of its own", () => {
  expect(wasiNames).toEqual(Object.keys(functions));
  expect(wasiNames).toHaveLength(46);
  expect(wasiNames.map(wasiNumber)).toEqual(wasiNames.map((_, index) => index));
  for (const name of wasiNames) expect(wasiCallAt(wasiNumber(name))).toBe(wasiCalls[name]);
  expect(wasiNumber("thread_spawn")).toBe(-1);
});

describe("each function", () => {
  test.each(Object.entries(functions))(
    "%s takes the parameters that the specification gives it",
    (name, [args]) => {
      const letters = args.map((argument) => (typeof argument === "bigint" ? "l" : "i")).join("");
      expect(wasiCalls[name]?.parameters).toBe(letters);
    },
  );

  test.each(Object.entries(functions))("%s asks for what it is named after", (name, [args]) => {
    expect(wasiCalls[name]?.parse(guest().memory, args).call).toBe(name);
  });
});

describe("a pointer outside the memory is EFAULT, and one to its last bytes is not", () => {
  test.each(pointers)("%s, argument %d, %d bytes", (name, index, size, args) => {
    for (const pointer of [
      MEMORY_BYTES - size + 1,
      MEMORY_BYTES,
      0x7fff_ffff,
      0x8000_0000,
      0xffff_ffff,
      -1,
    ]) {
      expect(guest().call(name, ...withArgument(args, index, pointer))).toBe(errno.fault);
    }
    expect(guest().call(name, ...withArgument(args, index, MEMORY_BYTES - size))).not.toBe(errno.fault);
  });
});

describe("a length that reaches outside the memory is EFAULT", () => {
  test.each([
    ["fd_prestat_dir_name", 2],
    ["fd_readdir", 2],
    ["path_create_directory", 2],
    ["path_filestat_get", 3],
    ["path_filestat_set_times", 3],
    ["path_link", 3],
    ["path_link", 6],
    ["path_open", 3],
    ["path_readlink", 2],
    ["path_readlink", 4],
    ["path_remove_directory", 2],
    ["path_rename", 2],
    ["path_rename", 5],
    ["path_symlink", 1],
    ["path_symlink", 4],
    ["path_unlink_file", 2],
    ["random_get", 1],
  ])("%s, argument %d", (name, index) => {
    const args = functions[name]?.[0] ?? [];
    for (const length of [MEMORY_BYTES, 0xffff_ffff]) {
      expect(guest().call(name, ...withArgument(args, index, length))).toBe(errno.fault);
    }
  });
});

test("what is malformed is refused before the descriptor is looked at", () => {
  for (const [name, index, , args] of pointers) {
    if (/^(fd|path)_/.test(name)) {
      expect(guest().call(name, ...withArgument(withArgument(args, 0, 99), index, -1))).toBe(errno.fault);
    }
  }
});
