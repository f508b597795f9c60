import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { allRights, directoryRights, regularFileRights, right } from "../../core/rights.ts";
import { fileType } from "../hosts/host-event.ts";
import { hostNode, ROOT_FD, scriptedMachine } from "../scripted-machine.ts";
import type { Request } from "./request.ts";

/** Why else than for want of a right is told in refusal-reasons.test.ts. */
const refused = (code: number, missing = 0) => ({
  kind: "refused",
  errno: code,
  reason: missing === 0 ? expect.any(String) : "lacks-right",
  missing,
});
const STDIN = 0;
const STDOUT = 1;

/** A machine with a file of 100 bytes in slot 4, held with these rights. */
function withFile(rights = regularFileRights) {
  const machine = scriptedMachine();
  machine.perform({ call: "fd_close", fd: machine.file("a", 100) });
  return { machine, fd: machine.open("a", 0, rights) };
}

const times = {
  accessedSeconds: 1,
  accessedNanos: 2,
  modifiedSeconds: 3,
  modifiedNanos: 4,
  fstflags: 5,
} as const;

/** Every call on a descriptor, with arguments that are right. */
const calls: readonly Request[] = [
  { call: "fd_advise", fd: 0, offset: 0, size: 0, advice: 0 },
  { call: "fd_allocate", fd: 0, offset: 0, size: 1 },
  { call: "fd_close", fd: 0 },
  { call: "fd_datasync", fd: 0 },
  { call: "fd_fdstat_get", fd: 0 },
  { call: "fd_fdstat_set_flags", fd: 0, flags: 0 },
  { call: "fd_fdstat_set_rights", fd: 0, rights: 0, inheriting: 0, hasUnknown: false },
  { call: "fd_filestat_get", fd: 0 },
  { call: "fd_filestat_set_size", fd: 0, size: 0 },
  { call: "fd_filestat_set_times", fd: 0, ...times },
  { call: "fd_pread", fd: 0, size: 0, offset: 0 },
  { call: "fd_prestat_get", fd: 0 },
  { call: "fd_prestat_dir_name", fd: 0, size: 9 },
  { call: "fd_pwrite", fd: 0, size: 0, offset: 0 },
  { call: "fd_read", fd: 0, size: 0 },
  { call: "fd_readdir", fd: 0, cookie: 0 },
  { call: "fd_renumber", fd: 0, to: 0 },
  { call: "fd_seek", fd: 0, offset: 0, whence: 0 },
  { call: "fd_sync", fd: 0 },
  { call: "fd_tell", fd: 0 },
  { call: "fd_write", fd: 0, size: 0 },
  { call: "sock_accept", fd: 0 },
  { call: "sock_recv", fd: 0 },
  { call: "sock_send", fd: 0 },
  { call: "sock_shutdown", fd: 0 },
];

describe("a descriptor that is not held is EBADF before all else", () => {
  test.each(calls.map((request) => [request.call, request] as const))("%s", (_, request) => {
    const machine = scriptedMachine();
    for (const fd of [99, 2 ** 31, 2 ** 32 - 1])
      expect(machine.ask({ ...request, fd } as Request)).toEqual(refused(errno.badf));
  });
});

describe("on a console", () => {
  test.each<[string, Request, number]>([
    ["fd_advise", { call: "fd_advise", fd: STDIN, offset: 0, size: 0, advice: 0 }, errno.spipe],
    ["fd_allocate", { call: "fd_allocate", fd: STDIN, offset: 0, size: 1 }, errno.badf],
    ["fd_filestat_set_size", { call: "fd_filestat_set_size", fd: STDIN, size: 0 }, errno.badf],
    ["fd_pread", { call: "fd_pread", fd: STDIN, size: 0, offset: 0 }, errno.spipe],
    ["fd_pwrite", { call: "fd_pwrite", fd: STDOUT, size: 0, offset: 0 }, errno.spipe],
    ["fd_prestat_get", { call: "fd_prestat_get", fd: STDIN }, errno.badf],
    ["fd_readdir", { call: "fd_readdir", fd: STDIN, cookie: 0 }, errno.notdir],
    ["fd_seek", { call: "fd_seek", fd: STDIN, offset: 0, whence: 1 }, errno.spipe],
    ["fd_tell", { call: "fd_tell", fd: STDIN }, errno.spipe],
    ["sock_recv", { call: "sock_recv", fd: STDIN }, errno.notsock],
    ["sock_accept", { call: "sock_accept", fd: STDIN }, errno.notsock],
    ["sock_send", { call: "sock_send", fd: STDIN }, errno.notsock],
    ["sock_shutdown", { call: "sock_shutdown", fd: STDIN }, errno.notsock],
  ])("%s is refused", (_, request, code) => {
    expect(scriptedMachine().ask(request)).toEqual(refused(code));
  });

  test.each<[string, Request, number]>([
    ["fd_sync", { call: "fd_sync", fd: STDOUT }, right.fdSync],
    ["fd_datasync", { call: "fd_datasync", fd: STDOUT }, right.fdDatasync],
    [
      "fd_filestat_set_times",
      { call: "fd_filestat_set_times", fd: STDOUT, ...times },
      right.fdFilestatSetTimes,
    ],
  ])("%s wants a right that no console has", (_, request, missing) => {
    expect(scriptedMachine().ask(request)).toEqual(refused(errno.notcapable, missing));
    const machine = scriptedMachine();
    const fd = machine.grant("console", STDOUT, allRights);
    expect(machine.ask({ ...request, fd } as Request)).toEqual(refused(errno.inval));
  });

  test.each<Request>([
    { call: "fd_fdstat_get", fd: STDIN },
    { call: "fd_filestat_get", fd: STDIN },
    { call: "fd_fdstat_set_flags", fd: STDIN, flags: 4 },
  ])("$call is answered", (request) => {
    expect(scriptedMachine().ask(request)).toMatchObject({
      facts: [{ type: "capability/examined", slot: STDIN }],
    });
  });
});

describe("a right that is missing is named", () => {
  test.each<[string, Request, number]>([
    ["fd_advise", { call: "fd_advise", fd: 4, offset: 0, size: 0, advice: 0 }, right.fdAdvise],
    ["fd_datasync", { call: "fd_datasync", fd: 4 }, right.fdDatasync],
    ["fd_sync", { call: "fd_sync", fd: 4 }, right.fdSync],
    ["fd_fdstat_set_flags", { call: "fd_fdstat_set_flags", fd: 4, flags: 0 }, right.fdFdstatSetFlags],
    ["fd_filestat_get", { call: "fd_filestat_get", fd: 4 }, right.fdFilestatGet],
    ["fd_filestat_set_times", { call: "fd_filestat_set_times", fd: 4, ...times }, right.fdFilestatSetTimes],
    ["fd_seek", { call: "fd_seek", fd: 4, offset: 0, whence: 0 }, right.fdSeek],
  ])("%s", (_, request, missing) => {
    expect(withFile(regularFileRights & ~missing).machine.ask(request)).toEqual(
      refused(errno.notcapable, missing),
    );
    expect(withFile().machine.ask(request).kind).toBe("facts");
  });
});

describe("malformed arguments are EINVAL", () => {
  test.each<Request>([
    { call: "fd_advise", fd: 4, offset: 0, size: 0, advice: 6 },
    { call: "fd_fdstat_set_flags", fd: 4, flags: 32 },
    { call: "fd_filestat_set_times", fd: 4, ...times, fstflags: 3 },
    { call: "fd_filestat_set_times", fd: 4, ...times, fstflags: 12 },
    { call: "fd_filestat_set_times", fd: 4, ...times, fstflags: 16 },
    { call: "fd_seek", fd: 4, offset: 0, whence: 3 },
    { call: "fd_seek", fd: 4, offset: -1, whence: 0 },
    { call: "fd_seek", fd: 4, offset: -101, whence: 2 },
  ])("%j", (request) => {
    expect(withFile().machine.ask(request)).toEqual(refused(errno.inval));
  });
});

describe("renumbering", () => {
  test("closes what the other slot had, then moves", () => {
    const { machine, fd } = withFile();
    expect(machine.ask({ call: "fd_renumber", fd, to: STDOUT })).toMatchObject({
      facts: [
        { type: "capability/closed", slot: STDOUT, object: "console", target: 1 },
        { type: "capability/moved", slot: fd, to: STDOUT },
      ],
    });
  });

  test("to itself changes nothing", () => {
    const { machine, fd } = withFile();
    expect(machine.ask({ call: "fd_renumber", fd, to: fd })).toMatchObject({
      facts: [{ type: "capability/examined" }],
    });
  });

  test("to a slot that is empty is EBADF", () => {
    const { machine, fd } = withFile();
    expect(machine.ask({ call: "fd_renumber", fd, to: 50 })).toEqual({ ...refused(errno.badf), slot: 50 });
  });
});

describe("narrowing rights", () => {
  const narrow = (rights: number, inheriting: number, hasUnknown = false) =>
    withFile(right.fdRead | right.fdSeek).machine.ask({
      call: "fd_fdstat_set_rights",
      fd: 4,
      rights,
      inheriting,
      hasUnknown,
    });

  test("to fewer, or to the same, happens", () => {
    expect(narrow(right.fdRead, 0)).toMatchObject({
      facts: [{ type: "capability/narrowed", slot: 4, rights: right.fdRead }],
    });
    expect(narrow(right.fdRead | right.fdSeek, 0).kind).toBe("facts");
  });

  test("to more is refused, and what is beyond is named", () => {
    const widens = (beyond: number) => ({ ...refused(errno.notcapable, beyond), reason: "would-widen" });
    expect(narrow(right.fdRead | right.fdWrite, 0)).toEqual(widens(right.fdWrite));
    expect(narrow(0, right.pathOpen)).toEqual(widens(right.pathOpen));
  });

  test("to rights that nobody knows is refused", () => {
    expect(narrow(0, 0, true)).toEqual(refused(errno.notcapable));
  });
});

describe("a preopened directory", () => {
  test("says its name to who has room for it", () => {
    const machine = scriptedMachine();
    expect(machine.ask({ call: "fd_prestat_get", fd: ROOT_FD }).kind).toBe("facts");
    expect(machine.ask({ call: "fd_prestat_dir_name", fd: ROOT_FD, size: 1 }).kind).toBe("facts");
    expect(machine.ask({ call: "fd_prestat_dir_name", fd: ROOT_FD, size: 0 })).toEqual(
      refused(errno.nametoolong),
    );
  });

  test("is no longer one once another directory has its place", () => {
    const machine = scriptedMachine();
    machine.directory("d");
    const fd = machine.openDirectory("d");
    expect(machine.ask({ call: "fd_prestat_get", fd })).toEqual(refused(errno.badf));
    machine.perform({ call: "fd_renumber", fd, to: ROOT_FD });
    expect(machine.ask({ call: "fd_prestat_get", fd: ROOT_FD })).toEqual(refused(errno.badf));
  });
});

describe("listing a directory", () => {
  test("says from which cookie on", () => {
    expect(scriptedMachine().ask({ call: "fd_readdir", fd: ROOT_FD, cookie: 7 })).toMatchObject({
      facts: [{ type: "directory/read", cookie: 7 }],
    });
  });

  test("asks the host first, if it is the host's, and fails as the host failed", () => {
    const machine = scriptedMachine();
    const inode = machine.state.files.nextInode;
    const fd = machine.mount();
    expect(machine.ask({ call: "fd_readdir", fd, cookie: 0 })).toEqual({
      kind: "needs",
      demand: { need: "listing", inode },
    });
    machine.happen(0, { type: "host/read-failed", inode, errno: errno.acces });
    expect(machine.ask({ call: "fd_readdir", fd, cookie: 0 })).toEqual(refused(errno.acces));
    expect(machine.ask({ call: "fd_sync", fd })).toEqual(refused(errno.acces));
  });

  test("without the right, or of a file, is refused", () => {
    const machine = scriptedMachine();
    const fd = machine.open(".", 0, directoryRights & ~right.fdReaddir);
    expect(machine.ask({ call: "fd_readdir", fd, cookie: 0 })).toEqual(
      refused(errno.notcapable, right.fdReaddir),
    );
    expect(withFile().machine.ask({ call: "fd_readdir", fd: 4, cookie: 0 })).toEqual(refused(errno.notdir));
  });
});

test.each([
  ["no", errno.acces],
  ["read-only", errno.rofs],
] as const)("the times of a host's file that may not be written (%s) are not set", (writable, why) => {
  const machine = scriptedMachine();
  const root = machine.state.files.nextInode;
  const host = machine.mount();
  const inode = machine.list(root, ["a", fileType.regular]);
  machine.happen(0, hostNode({ inode, directory: root, name: "a", kind: fileType.regular, writable }));
  const rights = right.fdFilestatSetTimes;
  machine.perform({
    call: "path_open",
    fd: host,
    path: "a",
    follow: true,
    oflags: 0,
    rights,
    inheriting: 0,
    fdflags: 0,
  });
  expect(machine.ask({ call: "fd_filestat_set_times", fd: host + 1, ...times })).toEqual(refused(why));
});
