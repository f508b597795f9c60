import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { allRights, right } from "../../core/rights.ts";
import { fileType } from "../hosts/host-event.ts";
import { MAX_LINKS, ROOT_INODE } from "../files/file-state.ts";
import { hostNode, PID, ROOT_FD, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import type { Request } from "./request.ts";

/** Why else than for want of a right is told in refusal-reasons.test.ts. */
const refused = (code: number, missing = 0) => ({
  kind: "refused",
  errno: code,
  reason: missing === 0 ? expect.any(String) : "lacks-right",
  missing,
});
const fd = ROOT_FD;
const mkdir = (path: string): Request => ({ call: "path_create_directory", fd, path });
const rmdir = (path: string): Request => ({ call: "path_remove_directory", fd, path });
const unlink = (path: string): Request => ({ call: "path_unlink_file", fd, path });
const symlink = (target: string, path: string): Request => ({ call: "path_symlink", target, fd, path });
const link = (path: string, toPath: string, follow = false): Request => ({
  call: "path_link",
  fd,
  path,
  follow,
  toFd: fd,
  toPath,
});

/** f and g are files, d is empty, full has a directory x, to-d and to-f are links, gone leads nowhere. */
function tree(): ScriptedMachine {
  const machine = scriptedMachine();
  for (const path of ["f", "g"]) machine.perform({ call: "fd_close", fd: machine.file(path, 3) });
  for (const path of ["d", "full", "full/x"]) machine.directory(path);
  for (const [target, path] of [
    ["d", "to-d"],
    ["f", "to-f"],
    ["nowhere", "gone"],
  ] as const)
    machine.symlink(target, path);
  return machine;
}

describe("making a directory", () => {
  test.each(["new", "new/", "d/new", "to-d/new", "d/../new"])("%s", (path) => {
    const machine = tree();
    const inode = machine.state.files.nextInode;
    const directory = machine.inodeOf(/^(to-)?d\/new/.test(path) ? "d" : ".");
    expect(machine.ask(mkdir(path))).toMatchObject({
      facts: [{ type: "directory/created", directory, name: "new", inode }],
    });
  });

  test.each([
    ["f", errno.exist],
    ["d", errno.exist],
    ["d/", errno.exist],
    [".", errno.exist],
    ["gone", errno.exist],
    ["gone/", errno.exist],
    ["new/.", errno.noent],
    ["new/x", errno.noent],
    ["f/x", errno.notdir],
    ["../x", errno.perm],
    ["", errno.noent],
  ])("%j is refused with %d", (path, code) => {
    expect(tree().ask(mkdir(path))).toEqual(refused(code));
  });
});

describe("taking a directory away", () => {
  test.each(["d", "d/", "full/x", "full/../d"])("%s", (path) => {
    expect(tree().ask(rmdir(path))).toMatchObject({
      facts: [{ type: "directory/removed", name: path.includes("x") ? "x" : "d" }],
    });
  });

  test.each([
    ["new", errno.noent],
    ["f", errno.notdir],
    ["to-d", errno.notdir],
    ["to-d/", errno.notdir],
    ["full", errno.notempty],
    [".", errno.inval],
    ["d/.", errno.inval],
    ["d/..", errno.notempty],
    ["", errno.noent],
    ["/d", errno.perm],
  ])("%j is refused with %d", (path, code) => {
    expect(tree().ask(rmdir(path))).toEqual(refused(code));
  });
});

describe("taking a file's name away", () => {
  test.each(["f", "to-f", "to-d", "gone", "d/../f"])("%s, and never what a link names", (path) => {
    const machine = tree();
    const inode = machine.inodeOf(path);
    expect(machine.ask(unlink(path))).toMatchObject({
      facts: [{ type: "name/unlinked", directory: ROOT_INODE, inode }],
    });
  });

  test.each([
    ["new", errno.noent],
    ["d", errno.isdir],
    ["d/", errno.isdir],
    [".", errno.isdir],
    ["f/", errno.notdir],
    ["f/.", errno.notdir],
    ["to-f/", errno.notdir],
    ["", errno.noent],
    ["../f", errno.perm],
  ])("%j is refused with %d", (path, code) => {
    expect(tree().ask(unlink(path))).toEqual(refused(code));
  });
});

describe("linking", () => {
  test("gives a file one more name, by the capability of where the name is made", () => {
    const machine = tree();
    const inode = machine.inodeOf("f");
    expect(machine.ask(link("f", "d/h"))).toMatchObject({
      facts: [{ type: "name/linked", directory: machine.inodeOf("d"), name: "h", inode }],
    });
  });

  test("a symbolic link links the link", () => {
    const machine = tree();
    expect(machine.ask(link("gone", "h"))).toMatchObject({ facts: [{ inode: machine.inodeOf("gone") }] });
  });

  test.each([
    ["what is not there", link("new", "h"), errno.noent],
    ["a directory", link("d", "h"), errno.perm],
    ["a file with a slash", link("f/", "h"), errno.notdir],
    ["to a name that is taken", link("f", "g"), errno.exist],
    ["to a name that is a dangling link", link("f", "gone"), errno.exist],
    ["to a new name with a slash", link("f", "h/"), errno.noent],
    ["to where there is no directory", link("f", "new/h"), errno.noent],
    ["what a link names", link("to-f", "h", true), errno.inval],
    ["from outside", link("../f", "h"), errno.perm],
    ["to outside", link("f", "../h"), errno.perm],
  ])("%s is refused", (_, request, code) => {
    expect(tree().ask(request)).toEqual(refused(code));
  });

  test("ends where a file has as many names as it can have", () => {
    const machine = tree();
    for (let name = 1; name < MAX_LINKS; name += 1) machine.perform(link("f", `f${name}`));
    expect(machine.ask(link("f", "more"))).toEqual(refused(errno.mlink));
  });

  test("between two mounts is EXDEV", () => {
    const machine = tree();
    const root = machine.state.files.nextInode;
    const host = machine.mount();
    machine.list(root);
    expect(machine.ask({ call: "path_link", fd, path: "f", follow: false, toFd: host, toPath: "h" })).toEqual(
      refused(errno.xdev),
    );
  });
});

describe("making a symbolic link", () => {
  test.each(["f", "nowhere", "../..", "a/b/", "ä", "x".repeat(4095)])(
    "to %j, whether it leads anywhere or not",
    (target) => {
      expect(tree().ask(symlink(target, "new"))).toMatchObject({
        facts: [{ type: "symlink/created", name: "new", target }],
      });
    },
  );

  test.each([
    ["to an absolute path", symlink("/f", "new"), errno.perm],
    ["to nothing", symlink("", "new"), errno.noent],
    ["to a NUL", symlink("a\0b", "new"), errno.inval],
    ["to what is too long", symlink("x".repeat(4096), "new"), errno.nametoolong],
    ["under a name that is taken", symlink("f", "g"), errno.exist],
    ["under a directory's name, with a slash", symlink("f", "d/"), errno.exist],
    ["under a file's name, with a slash", symlink("f", "g/"), errno.notdir],
    ["under a dangling link's name", symlink("f", "gone"), errno.exist],
    ["under a new name with a slash", symlink("f", "new/"), errno.noent],
    ["where there is no directory", symlink("f", "new/h"), errno.noent],
  ])("%s is refused", (_, request, code) => {
    expect(tree().ask(request)).toEqual(refused(code));
  });
});

describe("without the right", () => {
  test.each<[string, Request, number]>([
    ["to make directories", mkdir("new"), right.pathCreateDirectory],
    ["to take directories away", rmdir("d"), right.pathRemoveDirectory],
    ["to unlink", unlink("f"), right.pathUnlinkFile],
    ["to link from", link("f", "h"), right.pathLinkSource],
    ["to link to", link("f", "h"), right.pathLinkTarget],
    ["to make links", symlink("f", "new"), right.pathSymlink],
  ])("%s it is refused before the path is looked at", (_, request, missing) => {
    const machine = tree();
    machine.perform({
      call: "fd_fdstat_set_rights",
      fd,
      rights: machine.rightsOf(fd) & ~missing,
      inheriting: 0,
      hasUnknown: false,
    });
    const denied = refused(errno.notcapable, missing);
    const named = missing === right.pathLinkTarget ? { ...denied, slot: fd } : denied;
    expect(machine.ask(request)).toEqual(named);
    expect(machine.ask({ ...request, ...("path" in request ? { path: "" } : {}) })).toEqual(named);
  });

  test.each([mkdir("x"), rmdir("d"), unlink("f"), link("f", "h"), symlink("f", "x")])(
    "a console is no directory: $call",
    (request) => {
      expect(tree().ask({ ...request, fd: 1 } as Request)).toEqual(refused(errno.notdir));
      expect(tree().ask({ ...request, fd: 99 } as Request)).toEqual(refused(errno.badf));
    },
  );
});

describe("in a host's directory", () => {
  function host(writable: "no" | "yes" | "read-only") {
    const machine = scriptedMachine();
    const root = machine.state.files.nextInode;
    const at = machine.mount();
    machine.happen(0, hostNode({ inode: root, directory: 0, name: "", kind: fileType.directory, writable }));
    const first = machine.list(root, ["f", fileType.regular], ["d", fileType.directory]);
    machine.happen(0, hostNode({ inode: first, directory: root, name: "f", kind: fileType.regular }));
    machine.happen(0, hostNode({ inode: first + 1, directory: root, name: "d", kind: fileType.directory }));
    return {
      machine,
      d: first + 1,
      ask: (request: Request) => machine.ask({ ...request, fd: at, toFd: at } as Request),
    };
  }

  test.each([
    ["no", errno.acces],
    ["read-only", errno.rofs],
  ] as const)("that may not be written (%s), no name is made or taken away", (writable, why) => {
    const { machine, d, ask } = host(writable);
    machine.list(d);
    for (const request of [mkdir("x"), rmdir("d"), unlink("f"), link("f", "h"), symlink("f", "x")]) {
      expect(ask(request)).toEqual(refused(why));
    }
  });

  test("a directory that is taken away is listed first", () => {
    const { machine, d, ask } = host("yes");
    expect(ask(rmdir("d"))).toEqual({ kind: "needs", demand: { need: "listing", inode: d } });
    machine.list(d);
    expect(ask(rmdir("d")).kind).toBe("facts");
  });

  test("a directory that cannot be listed is not taken away, and not asked for for ever", () => {
    const { machine, d, ask } = host("yes");
    machine.happen(PID, { type: "host/read-failed", inode: d, errno: errno.acces });
    expect(ask(rmdir("d"))).toEqual(refused(errno.acces));
  });
});

test("all rights together are what these calls want", () => {
  expect(tree().rightsOf(fd) & ~allRights).toBe(0);
});
