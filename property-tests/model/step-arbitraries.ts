/**
 * Sequences of calls as programs might make them, and as they never would: few names so that they meet, sizes and offsets at the
 * edges of chunks, descriptors that are mostly held, paths that go up, through links, and end in slashes.
 */
import fc from "fast-check";
import { allRights, right } from "../../core/rights.ts";
import { path, target, usualPath, type Weighted, weighted } from "./path-arbitraries.ts";
import type { CallSpec, Pick, Step, SubscriptionSpec } from "./call-spec.ts";

/** The first descriptors more than the later: of directories that is the root of the machine's own files, then the host's. */
const nth = fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 4, 5);

const pick = (kind: "file" | "directory" | "any"): fc.Arbitrary<Pick> =>
  fc.oneof(
    weighted(30, fc.tuple(fc.constant(kind), nth)),
    weighted(1, fc.tuple(fc.constant("any" as const), fc.nat(9))),
    weighted(
      1,
      fc.tuple(fc.constant("number" as const), fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 99, 2 ** 32 - 1)),
    ),
  );
const file = pick("file");
const directory = pick("directory");
const any = pick("any");

const size = fc.constantFrom(0, 1, 2, 3, 7, 100, 4095, 4096, 4097, 8192);
const offset = fc.oneof(
  weighted(8, fc.constantFrom(0, 1, 5, 4090, 4095, 4096, 4097, 8191, 8192, 12_288)),
  weighted(1, fc.constantFrom(20_000, 2 ** 32, 4096 * 2 ** 31, 2 ** 53 - 1, 2 ** 63)),
);
const sizes = fc.oneof(
  weighted(
    6,
    size.map((one) => [one]),
  ),
  weighted(2, fc.array(fc.constantFrom(0, 1, 3, 4095, 4097), { maxLength: 3 })),
);
const fileSize = fc.constantFrom(0, 1, 100, 4095, 4096, 4097, 8191, 8192, 9000, 12_288, 2 ** 44);
const fill = fc.nat(199);
const rights = fc.oneof(
  weighted(36, fc.constant(allRights)),
  weighted(6, fc.constant(allRights & ~right.fdWrite)),
  weighted(3, fc.constantFrom(0, right.fdRead, right.fdWrite, right.fdRead | right.fdWrite | right.fdSeek)),
  weighted(2, fc.nat(allRights)),
  weighted(1, fc.constant(2 ** 40 + 2)),
);
const fewRights = fc.constantFrom(
  0,
  right.fdRead,
  right.fdWrite | right.fdSeek,
  allRights & ~right.fdWrite,
  2 ** 33,
);
const nanos = fc.constantFrom(0, 1, 999, 1000, 5_000_000, 1_577_836_800_000_000_000, 2 ** 63);
const fstflags = fc.oneof(weighted(4, fc.constantFrom(5, 10, 1, 8, 2, 4)), weighted(1, fc.nat(31)));
const follow = fc.oneof(weighted(30, fc.nat(1)), weighted(1, fc.constant(2)));
const wall = fc.constantFrom(0, 1, 1_000_000_001, 1_600_000_000_123_456_768, 2 ** 64 - 2048);
const times = { accessed: wall, modified: wall, fstflags };

const call = <Spec extends CallSpec>(
  weight: number,
  model: { [Key in keyof Spec]: fc.Arbitrary<Spec[Key]> },
) => weighted<CallSpec>(weight, fc.record(model) as unknown as fc.Arbitrary<Spec>);

const names = <const Names extends readonly string[]>(...all: Names) =>
  fc.constantFrom<Names[number]>(...all);

/** Calls that make, read, write and look at files. */
const contentCalls: readonly Weighted<CallSpec>[] = [
  call(16, { call: names("fd_write"), fd: file, sizes, fill, offset: fc.constant(0) }),
  call(6, { call: names("fd_pwrite"), fd: file, sizes, fill, offset }),
  call(6, { call: names("fd_read"), fd: file, sizes, fill: fc.constant(0), offset: fc.constant(0) }),
  call(5, { call: names("fd_pread"), fd: file, sizes, fill: fc.constant(0), offset }),
  call(6, {
    call: names("fd_seek"),
    fd: file,
    offset: fc.oneof(offset, fc.constantFrom(-1, -4096)),
    whence: fc.nat(3),
  }),
  call(5, { call: names("fd_filestat_set_size"), fd: file, size: fileSize }),
  call(2, { call: names("fd_allocate"), fd: file, offset, size: fileSize }),
  call(1, { call: names("fd_advise"), fd: file, offset, size: fileSize, advice: fc.nat(6) }),
  call(2, { call: names("fd_tell", "fd_sync", "fd_datasync"), fd: file }),
];

const open = (weight: number, oflags: fc.Arbitrary<number>) =>
  call(weight, {
    call: names("path_open"),
    fd: directory,
    path,
    follow,
    oflags,
    rights,
    inheriting: rights,
    fdflags: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 2, 8, 16, 1, 1, 1, 4, 32),
  });

/** Calls on names. */
const nameCalls: readonly Weighted<CallSpec>[] = [
  open(14, fc.constantFrom(1, 1, 1, 5, 9)),
  open(4, fc.constantFrom(0, 0, 0, 0, 0, 8, 8, 13, 16)),
  open(4, fc.constantFrom(2, 2, 2, 2, 2, 2, 3)),
  call(7, { call: names("path_create_directory"), fd: directory, path }),
  call(4, { call: names("path_remove_directory"), fd: directory, path }),
  call(6, { call: names("path_unlink_file"), fd: directory, path }),
  call(10, {
    call: names("path_rename"),
    fd: directory,
    path,
    toFd: directory,
    toPath: path,
    follow: fc.constant(0),
  }),
  ...[0, 1].map((nth) =>
    call<CallSpec>(3, {
      call: names("path_rename"),
      fd: fc.constant(["directory", nth] as const),
      path: usualPath,
      toFd: fc.constant(["directory", nth] as const),
      toPath: usualPath,
      follow: fc.constant(0),
    }),
  ),
  call(5, {
    call: names("path_link"),
    fd: directory,
    path,
    toFd: directory,
    toPath: path,
    follow: fc.constantFrom(0, 0, 0, 1),
  }),
  call(6, { call: names("path_symlink"), target, fd: directory, path }),
  call(2, { call: names("path_readlink"), fd: directory, path, size: fc.constantFrom(0, 2, 64) }),
  call(3, { call: names("path_filestat_get"), fd: directory, path, follow }),
  call(2, { call: names("path_filestat_set_times"), fd: directory, path, follow, ...times }),
  call(3, {
    call: names("fd_readdir"),
    fd: directory,
    cookie: fc.constantFrom(0, 0, 0, 1, 3, 2 ** 40),
    size: fc.constantFrom(0, 24, 100, 4096),
  }),
];

/** Calls on descriptors, whatever they are of. */
const descriptorCalls: readonly Weighted<CallSpec>[] = [
  call(6, { call: names("fd_close"), fd: file }),
  call(2, { call: names("fd_fdstat_get", "fd_filestat_get", "fd_prestat_get"), fd: any }),
  call(1, { call: names("fd_close"), fd: any }),
  call(1, {
    call: names("sock_accept", "sock_recv", "sock_send", "sock_shutdown", "fd_sync", "fd_tell"),
    fd: any,
  }),
  call(1, { call: names("fd_prestat_dir_name"), fd: any, size: fc.constantFrom(0, 3, 5, 64) }),
  call(3, { call: names("fd_renumber"), fd: file, to: file }),
  call(1, { call: names("fd_renumber"), fd: any, to: any }),
  call(1, {
    call: names("fd_fdstat_set_rights"),
    fd: fc.oneof(file, file, any),
    rights: fewRights,
    inheriting: fewRights,
  }),
  call(2, { call: names("fd_fdstat_set_flags"), fd: any, flags: fc.constantFrom(0, 1, 1, 4, 32) }),
  call(2, { call: names("fd_filestat_set_times"), fd: any, ...times }),
];

const subscription: fc.Arbitrary<SubscriptionSpec> = fc.oneof(
  fc.record({
    kind: names("clock"),
    of: fc.tuple(fc.constant("number" as const), fc.constantFrom(0, 1, 1, 3)),
    nanos,
    isAbsolute: fc.boolean(),
  }),
  fc.record({ kind: names("read", "write"), of: any, nanos: fc.constant(0), isAbsolute: fc.constant(false) }),
);

/** Calls on what is no file: the console, clocks, chance, the process itself. */
const otherCalls: readonly Weighted<CallSpec>[] = [
  call(6, {
    call: names("fd_write"),
    fd: fc.tuple(fc.constant("number" as const), fc.constantFrom(1, 2)),
    sizes,
    fill,
    offset: fc.constant(0),
  }),
  call(3, {
    call: names("fd_read"),
    fd: fc.constant(["number", 0] as const),
    sizes,
    fill: fc.constant(0),
    offset: fc.constant(0),
  }),
  call(3, { call: names("poll_oneoff"), subscriptions: fc.array(subscription, { maxLength: 3 }) }),
  call(3, { call: names("clock_time_get", "clock_res_get"), clock: fc.nat(4) }),
  call(2, { call: names("random_get"), size: fc.constantFrom(0, 1, 16, 5000) }),
  call(2, { call: names("args_get", "args_sizes_get", "environ_get", "environ_sizes_get", "sched_yield") }),
  call(1, { call: names("proc_raise"), code: fc.constantFrom(0, 17, 19, 99) }),
];

const ending = call<CallSpec>(1, { call: names("proc_exit", "proc_raise"), code: fc.constantFrom(0, 3, 9) });

const spoilt = fc.oneof(weighted(40, fc.constant(-1)), weighted(1, fc.nat(8)));

const callStep = (calls: readonly Weighted<CallSpec>[]): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constant("call" as const), call: fc.oneof(...calls), spoilt });

const otherStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("input" as const), size: fc.constantFrom(0, 1, 5, 300) }),
  fc.record({ do: fc.constant("release" as const) }),
);

const mixOf = (calls: readonly Weighted<CallSpec>[], ends: number): fc.Arbitrary<Step> =>
  fc.oneof(weighted(60, callStep(calls)), weighted(4, otherStep), weighted(ends, callStep([ending])));

const flagCall = call<CallSpec>(3, {
  call: names("fd_fdstat_set_flags"),
  fd: file,
  flags: fc.constantFrom(0, 1, 1),
});

const mixes = {
  files: mixOf([...contentCalls, ...nameCalls, ...descriptorCalls], 0),
  names: mixOf([...nameCalls, ...descriptorCalls.slice(0, 2)], 0),
  contents: mixOf([...contentCalls, flagCall, ...nameCalls.slice(0, 2), ...descriptorCalls.slice(0, 1)], 0),
  all: mixOf([...contentCalls, ...nameCalls, ...descriptorCalls, ...otherCalls], 1),
} as const;

export type Mix = keyof typeof mixes;

const begin = (call: CallSpec): Step => ({ do: "call", call, spoilt: -1 });
const root = ["directory", 0] as const;
const opened = { rights: allRights, inheriting: allRights, fdflags: 0, follow: 1 };

/** What most programs find or make before anything else: without it, most calls would be for what is not there. */
const beginnings: readonly Step[] = [
  begin({ call: "path_create_directory", fd: root, path: "b" }),
  begin({ call: "path_create_directory", fd: root, path: "b/c" }),
  begin({ call: "path_open", fd: root, path: "a", oflags: 1, ...opened }),
  begin({ call: "fd_write", fd: ["file", 0], sizes: [5000], fill: 3, offset: 0 }),
  begin({ call: "path_open", fd: root, path: "b/a", oflags: 1, ...opened }),
  begin({ call: "fd_write", fd: ["file", 1], sizes: [100, 3], fill: 4, offset: 0 }),
  begin({ call: "path_symlink", fd: root, target: "b", path: "link" }),
  begin({ call: "path_link", fd: root, path: "a", toFd: root, toPath: "c", follow: 0 }),
  begin({ call: "path_open", fd: ["directory", 1], path: "a", oflags: 0, ...opened }),
  begin({ call: "path_open", fd: root, path: "b", oflags: 2, ...opened, rights: allRights & ~right.fdWrite }),
  begin({
    call: "path_open",
    fd: ["directory", 2],
    path: "a",
    oflags: 0,
    ...opened,
    rights: allRights & ~right.fdWrite,
  }),
  begin({
    call: "path_open",
    fd: ["directory", 2],
    path: "b",
    oflags: 2,
    ...opened,
    rights: allRights & ~right.fdWrite,
  }),
  begin({ call: "path_filestat_get", fd: ["directory", 1], path: "b/link", follow: 1 }),
];

/** Sequences of steps of a mix behind some usual beginnings, as long as not. Without a least length, so that they shrink to nothing. */
export const stepsOf = (mix: Mix, maxLength = 60): fc.Arbitrary<Step[]> =>
  fc
    .tuple(
      ...beginnings.map((step) => fc.nat(3).map((share): Step[] => (share === 0 ? [] : [step]))),
      fc.noBias(fc.array(mixes[mix], { maxLength })),
    )
    .map((parts) => parts.flat());

/** A few bytes here and there in the first two chunks. */
const scattered = call<CallSpec>(1, {
  call: names("fd_pwrite"),
  fd: file,
  sizes: fc.constantFrom([1], [3], [2, 7]),
  fill,
  offset: fc.nat(6000),
});

/** Like a program that appends to one file in small pieces while others happen: what wears a chunk out. */
export const manySmallWrites: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.constant(beginnings.slice(2, 3)),
    fc.noBias(
      fc.array(
        fc.oneof(
          weighted(14, callStep([scattered])),
          weighted(3, callStep(contentCalls.slice(0, 2))),
          weighted(8, callStep(otherCalls.slice(0, 1))),
          weighted(2, callStep(contentCalls)),
          weighted(1, callStep(nameCalls.slice(0, 1))),
        ),
        { maxLength: 160 },
      ),
    ),
  )
  .map((parts) => parts.flat());
