import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import { fileType } from "../hosts/host-event.ts";
import {
  BOOT_WALL_MICROS,
  hostNode,
  ROOT_FD,
  scriptedMachine,
  type ScriptedMachine,
} from "../scripted-machine.ts";
import type { Request, TimesRequest } from "./request.ts";

/** Why else than for want of a right is told in refusal-reasons.test.ts. */
const refused = (code: number, missing = 0) => ({
  kind: "refused",
  errno: code,
  reason: missing === 0 ? expect.any(String) : "lacks-right",
  missing,
});
const fd = ROOT_FD;
const asked: TimesRequest = {
  accessedSeconds: 1,
  accessedNanos: 2,
  modifiedSeconds: 3,
  modifiedNanos: 4,
  fstflags: 5,
};
const examine = (path: string, follow = false): Request => ({ call: "path_filestat_get", fd, path, follow });
const readlink = (path: string): Request => ({ call: "path_readlink", fd, path });
const setTimes = (path: string, fstflags = 5, follow = false): Request => ({
  call: "path_filestat_set_times",
  fd,
  path,
  follow,
  ...asked,
  fstflags,
});

/** f is a file, d a directory, to-f and to-d links, gone a link that leads nowhere. */
function tree(): ScriptedMachine {
  const machine = scriptedMachine();
  machine.file("f", 3);
  machine.directory("d");
  for (const [target, path] of [
    ["f", "to-f"],
    ["d", "to-d"],
    ["nowhere", "gone"],
  ] as const)
    machine.symlink(target, path);
  return machine;
}

describe("looking at what a path names", () => {
  test.each([
    ["f", false, "f"],
    ["d/", false, "d"],
    [".", false, "."],
    ["to-f", false, "to-f"],
    ["to-f", true, "f"],
    ["to-d/", false, "d"],
    ["gone", false, "gone"],
  ])("%s, following %p, is %s", (path, follow, named) => {
    const machine = tree();
    expect(machine.ask(examine(path, follow))).toMatchObject({
      facts: [{ type: "file/examined", inode: machine.inodeOf(named) }],
    });
  });

  test.each([
    ["new", false, errno.noent],
    ["gone", true, errno.noent],
    ["gone/", false, errno.noent],
    ["f/", false, errno.notdir],
    ["f/.", false, errno.notdir],
    ["to-f/", false, errno.notdir],
    ["../f", false, errno.perm],
  ])("%s, following %p, is refused with %d", (path, follow, code) => {
    expect(tree().ask(examine(path, follow))).toEqual(refused(code));
  });
});

describe("reading a link", () => {
  test.each(["to-f", "gone", "d/../to-d"])("%s says what it names, and is not followed", (path) => {
    const machine = tree();
    expect(machine.ask(readlink(path))).toMatchObject({
      facts: [{ type: "symlink/read", inode: machine.inodeOf(path) }],
    });
  });

  test.each([
    ["f", errno.inval],
    ["d", errno.inval],
    ["d/", errno.inval],
    [".", errno.inval],
    ["f/", errno.notdir],
    ["new", errno.noent],
  ])("%s is refused with %d", (path, code) => {
    expect(tree().ask(readlink(path))).toEqual(refused(code));
  });
});

describe("setting times", () => {
  const now = { seconds: BOOT_WALL_MICROS / 1_000_000 + 2, nanos: 500_000_000 };

  test.each([
    ["neither", 0, { setAccessed: false, setModified: false }],
    ["accessed", 1, { setAccessed: true, accessedSeconds: 1, accessedNanos: 2, setModified: false }],
    [
      "accessed to now",
      2,
      { setAccessed: true, accessedSeconds: now.seconds, accessedNanos: now.nanos, setModified: false },
    ],
    ["modified", 4, { setAccessed: false, setModified: true, modifiedSeconds: 3, modifiedNanos: 4 }],
    ["modified to now", 8, { setModified: true, modifiedSeconds: now.seconds, modifiedNanos: now.nanos }],
    ["both", 5, { accessedSeconds: 1, modifiedSeconds: 3 }],
    ["accessed to now and modified", 6, { accessedSeconds: now.seconds, modifiedSeconds: 3 }],
  ])("%s", (_, fstflags, expected) => {
    const machine = tree();
    machine.at = 2_500_000;
    expect(machine.ask(setTimes("f", fstflags))).toMatchObject({
      facts: [{ type: "file/times-set", ...expected }],
    });
  });

  test.each([3, 12, 15, 16, 0xffff])(
    "with flags %d, which contradict each other or are none, is EINVAL",
    (fstflags) => {
      expect(tree().ask(setTimes("f", fstflags))).toEqual(refused(errno.inval));
    },
  );

  test("of a link, or of what it names", () => {
    const machine = tree();
    expect(machine.ask(setTimes("to-f"))).toMatchObject({ facts: [{ inode: machine.inodeOf("to-f") }] });
    expect(machine.ask(setTimes("to-f", 5, true))).toMatchObject({
      facts: [{ inode: machine.inodeOf("f") }],
    });
  });

  test.each([
    ["new", errno.noent],
    ["f/", errno.notdir],
    ["../f", errno.perm],
  ])("of %s is refused with %d", (path, code) => {
    expect(tree().ask(setTimes(path, 3))).toEqual(refused(code));
  });

  test.each([
    ["no", errno.acces],
    ["read-only", errno.rofs],
  ] as const)("of a host's file that may not be written (%s) are not set", (writable, why) => {
    const machine = scriptedMachine();
    const root = machine.state.files.nextInode;
    const host = machine.mount();
    const inode = machine.list(root, ["a", fileType.regular]);
    machine.happen(0, hostNode({ inode, directory: root, name: "a", kind: fileType.regular, writable }));
    expect(machine.ask({ ...setTimes("a"), fd: host } as Request)).toEqual(refused(why));
  });
});

describe("before the path is looked at", () => {
  test.each<[string, Request, number]>([
    ["path_filestat_get", examine(""), right.pathFilestatGet],
    ["path_readlink", readlink(""), right.pathReadlink],
    ["path_filestat_set_times", setTimes("", 99), right.pathFilestatSetTimes],
  ])("%s looks at the descriptor and its rights", (_, request, missing) => {
    const machine = tree();
    expect(machine.ask({ ...request, fd: 99 } as Request)).toEqual(refused(errno.badf));
    expect(machine.ask({ ...request, fd: 0 } as Request)).toEqual(refused(errno.notdir));
    const rights = machine.rightsOf(fd) & ~missing;
    machine.perform({ call: "fd_fdstat_set_rights", fd, rights, inheriting: 0, hasUnknown: false });
    expect(machine.ask(request)).toEqual(refused(errno.notcapable, missing));
  });
});
