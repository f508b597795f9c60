import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { allRights, directoryRights, regularFileRights, right } from "../../core/rights.ts";
import { fileType } from "../hosts/host-event.ts";
import { ROOT_INODE } from "../files/file-state.ts";
import { hostNode, PID, ROOT_FD, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import { fdflag, oflag } from "./open-path.ts";
import type { RequestOf } from "./request.ts";
import { freeOpen } from "../files/file-selectors.ts";

type OpenRequest = RequestOf<"path_open">;
/** Why else than for want of a right is told in refusal-reasons.test.ts. */
const refused = (code: number, missing = 0) => ({
  kind: "refused",
  errno: code,
  reason: missing === 0 ? expect.any(String) : "lacks-right",
  missing,
});

const open = (machine: ScriptedMachine, path: string, more: Partial<OpenRequest> = {}) =>
  machine.ask({
    call: "path_open",
    fd: ROOT_FD,
    path,
    follow: true,
    oflags: 0,
    rights: right.fdRead,
    inheriting: 0,
    fdflags: 0,
    ...more,
  });

/** f is a file of 10 bytes, d a directory, l leads to f, gone to nothing. Slots 4 and up are free. */
function tree(): ScriptedMachine {
  const machine = scriptedMachine();
  machine.perform({ call: "fd_close", fd: machine.file("f", 10) });
  machine.directory("d");
  machine.symlink("f", "l");
  machine.symlink("new", "gone");
  return machine;
}

/** The machine's root held once more, with these rights; its slot. */
function held(machine: ScriptedMachine, rights: number, inheriting: number): number {
  const target = freeOpen(machine.state.files);
  machine.happen(PID, { type: "file/preopened", inode: ROOT_INODE, open: target });
  return machine.grantFile(target, rights, inheriting, "");
}

const { create, directory, exclusive, truncate } = oflag;

describe("opening", () => {
  test("what is there takes the lowest free slot", () => {
    const machine = tree();
    const inode = machine.inodeOf("f");
    expect(open(machine, "f", { rights: right.fdRead | right.fdSeek, fdflags: fdflag.append })).toMatchObject(
      {
        facts: [
          {
            type: "file/opened",
            slot: 4,
            inode,
            open: freeOpen(machine.state.files),
            rights: right.fdRead | right.fdSeek,
            flags: 1,
          },
        ],
      },
    );
    machine.perform({ call: "fd_close", fd: 1 });
    expect(open(machine, "f")).toMatchObject({ facts: [{ slot: 1 }] });
  });

  test("what is not there makes it, if that is asked for", () => {
    const machine = tree();
    const inode = machine.state.files.nextInode;
    expect(open(machine, "d/new", { oflags: create })).toMatchObject({
      facts: [
        { type: "file/created", directory: machine.inodeOf("d"), name: "new", inode },
        { type: "file/opened", inode },
      ],
    });
    expect(open(machine, "f", { oflags: create })).toMatchObject({ facts: [{ type: "file/opened" }] });
  });

  test("through a dangling link makes what it names", () => {
    expect(open(tree(), "gone", { oflags: create })).toMatchObject({
      facts: [{ type: "file/created", name: "new" }, {}],
    });
  });

  test("with truncation cuts first what is not empty already", () => {
    const machine = tree();
    machine.perform({ call: "fd_close", fd: machine.file("empty") });
    expect(open(machine, "f", { oflags: truncate })).toMatchObject({
      facts: [{ type: "file/resized", size: 0 }, {}],
    });
    expect(open(machine, "empty", { oflags: truncate })).toMatchObject({ facts: [{ type: "file/opened" }] });
  });

  test("a directory gives rights of directories, and a file rights of files", () => {
    const rights = allRights & ~right.fdWrite & ~right.sockAccept & ~right.sockShutdown;
    const machine = tree();
    expect(open(machine, "d", { rights, inheriting: allRights })).toMatchObject({
      facts: [
        {
          rights: rights & directoryRights,
          inheriting: allRights & ~(right.sockAccept | right.sockShutdown),
        },
      ],
    });
    expect(open(machine, "f", { rights, inheriting: allRights })).toMatchObject({
      facts: [{ rights: rights & regularFileRights, inheriting: regularFileRights }],
    });
  });

  test("gives no right that the directory does not hand on", () => {
    const machine = tree();
    const fd = held(machine, right.pathOpen, right.fdRead | right.fdTell);
    expect(
      open(machine, "f", { fd, rights: right.fdRead | right.fdSync, inheriting: allRights }),
    ).toMatchObject({
      facts: [{ rights: right.fdRead, inheriting: right.fdRead | right.fdTell }],
    });
  });

  test.each([".", "d/..", "d/.", "d/"])("the directory %s itself", (path) => {
    expect(open(tree(), path)).toMatchObject({ facts: [{ type: "file/opened" }] });
  });
});

describe("opening is refused", () => {
  test.each<[string, string, Partial<OpenRequest>, number, number?]>([
    ["of what is not there", "new", {}, errno.noent],
    ["of a new name that must be a directory", "new", { oflags: directory }, errno.noent],
    ["of a new name with a slash", "new/", { oflags: create }, errno.isdir],
    ["of what is there and must be new", "f", { oflags: create | exclusive }, errno.exist],
    ["of a link that must be new", "gone", { oflags: create | exclusive }, errno.exist],
    ["of a directory that must be new", "d", { oflags: create | exclusive }, errno.exist],
    ["of a link itself", "l", { follow: false }, errno.loop],
    ["of a file that must be a directory", "f", { oflags: directory }, errno.notdir],
    ["of a file with a slash", "f/", {}, errno.notdir],
    ["of a directory to write", "d", { rights: right.fdWrite }, errno.isdir],
    ["of a directory to truncate", "d", { oflags: truncate }, errno.isdir],
    ["of a directory to create", "d", { oflags: create }, errno.isdir],
    ["with flags that nobody knows", "f", { oflags: 16 }, errno.inval],
    ["with descriptor flags that nobody knows", "f", { fdflags: 32 }, errno.inval],
    ["of a directory that shall be made", "new", { oflags: create | directory }, errno.inval],
    ["outside", "../f", {}, errno.perm],
    ["below a console", "f", { fd: 0 }, errno.notdir],
    ["below a file", "x", { fd: 99 }, errno.badf],
  ])("%s", (_, path, more, code, missing = 0) => {
    expect(open(tree(), path, more)).toEqual(refused(code, missing));
  });

  test.each<[string, number, Partial<OpenRequest>, number]>([
    ["to open", 0, {}, right.pathOpen],
    ["to create", right.pathOpen, { oflags: create }, right.pathCreateFile],
    ["to truncate", right.pathOpen, { oflags: truncate }, right.pathFilestatSetSize],
    [
      "of all that is asked",
      0,
      { oflags: create | truncate },
      right.pathOpen | right.pathCreateFile | right.pathFilestatSetSize,
    ],
  ])("without the right %s, and the right is named", (_, rights, more, missing) => {
    const machine = tree();
    const fd = held(machine, rights, allRights);
    expect(open(machine, "f", { fd, ...more })).toEqual(refused(errno.notcapable, missing));
  });

  test("to read or write where the directory does not hand that on, after it is clear what is there", () => {
    const machine = tree();
    const fd = held(machine, right.pathOpen, right.fdSeek);
    expect(open(machine, "f", { fd, rights: right.fdRead | right.fdWrite })).toEqual(
      refused(errno.notcapable, right.fdRead | right.fdWrite),
    );
    expect(open(machine, "../f", { fd, rights: right.fdRead })).toEqual(refused(errno.perm));
  });

  test.each<[string, number, number, number]>([
    ["at once, data alone", fdflag.dsync, right.fdDatasync | right.fdSync, right.fdDatasync],
    ["at once", fdflag.sync, right.fdSync, right.fdSync],
    ["at once, also when reading", fdflag.rsync, right.fdSync, right.fdSync],
    ["at once in every way", fdflag.dsync | fdflag.rsync | fdflag.sync, right.fdSync, right.fdSync],
  ])("to synchronise %s where the directory does not hand that on", (_, fdflags, anyOf, missing) => {
    const machine = tree();
    const without = held(machine, right.pathOpen, allRights & ~anyOf);
    expect(open(machine, "f", { fd: without, fdflags })).toEqual(refused(errno.notcapable, missing));
    const fd = held(machine, right.pathOpen, right.fdRead | right.fdSync);
    expect(open(machine, "f", { fd, fdflags }).kind).toBe("facts");
  });

  test("below a file", () => {
    const machine = tree();
    expect(open(machine, "x", { fd: machine.open("f") })).toEqual(refused(errno.notdir));
  });

  test("of a new file in a directory that was taken away", () => {
    const machine = tree();
    const fd = machine.openDirectory("d");
    machine.perform({ call: "path_remove_directory", fd: ROOT_FD, path: "d" });
    expect(open(machine, "new", { fd, oflags: create })).toEqual(refused(errno.noent));
  });
});

describe("which refusal comes first", () => {
  test.each<[string, string, Partial<OpenRequest>, number, number?]>([
    ["no descriptor, before flags", "", { fd: 99, oflags: 99 }, errno.badf],
    ["no directory, before rights", "", { fd: 0, oflags: 99 }, errno.notdir],
    ["flags, before the path", "", { oflags: 99 }, errno.inval],
    ["the path, before what it leads to", "/d", { rights: right.fdWrite }, errno.perm],
    [
      "that it exists, before that it is a link",
      "gone",
      { oflags: create | exclusive, follow: false },
      errno.exist,
    ],
    [
      "that it is a link, before that it is no directory",
      "l",
      { follow: false, oflags: directory },
      errno.loop,
    ],
  ])("%s", (_, path, more, code, missing = 0) => {
    expect(open(tree(), path, more)).toEqual(refused(code, missing));
  });
});

describe("a host's file", () => {
  function host(node: { kind?: number; writable?: "no" | "read-only"; readable?: boolean; size?: number }) {
    const machine = scriptedMachine();
    const root = machine.state.files.nextInode;
    const fd = machine.mount();
    const kind = node.kind ?? fileType.regular;
    const inode = machine.list(root, ["a", kind]);
    machine.happen(0, hostNode({ inode, directory: root, name: "a", ...node, kind }));
    return { machine, fd, inode, root };
  }

  test.each([
    ["to write what may not be written", { writable: "no" }, { rights: right.fdWrite }],
    ["to truncate what may not be written", { writable: "no" }, { oflags: truncate }],
    ["to read what may not be read", { readable: false }, { rights: right.fdRead }],
  ] as const)("is EACCES %s", (_, node, more) => {
    const { machine, fd } = host(node);
    expect(open(machine, "a", { fd, ...more })).toEqual(refused(errno.acces));
  });

  test("on a read-only file system is EROFS to write, and may be read", () => {
    const { machine, fd } = host({ writable: "read-only" });
    for (const more of [{ rights: right.fdWrite }, { oflags: truncate }])
      expect(open(machine, "a", { fd, ...more })).toEqual(refused(errno.rofs));
    expect(open(machine, "a", { fd }).kind).toBe("facts");
  });

  test("may be opened for what it allows", () => {
    const { machine, fd } = host({ writable: "no" });
    expect(open(machine, "a", { fd }).kind).toBe("facts");
  });

  test.each([fileType.socketStream, fileType.characterDevice, fileType.blockDevice, fileType.unknown])(
    "of kind %d is not supported",
    (kind) => {
      const { machine, fd } = host({ kind });
      expect(open(machine, "a", { fd })).toEqual(refused(errno.notsup));
    },
  );

  test("that failed fails as it failed", () => {
    const { machine, fd, inode } = host({});
    machine.happen(0, { type: "host/effect-failed", inode, errno: errno.nospc, effect: 0 });
    expect(open(machine, "a", { fd })).toEqual(refused(errno.nospc));
  });

  test("is not made in a directory that may not be written", () => {
    const { machine, fd, root } = host({ kind: fileType.directory });
    machine.happen(
      0,
      hostNode({ inode: root, directory: 0, name: "", kind: fileType.directory, writable: "no" }),
    );
    expect(open(machine, "new", { fd, oflags: create })).toEqual(refused(errno.acces));
  });
});
