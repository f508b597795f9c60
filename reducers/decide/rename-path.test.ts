import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import { fileType } from "../hosts/host-event.ts";
import { hostNode, ROOT_FD, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import type { Request } from "./request.ts";

/** Why else than for want of a right is told in refusal-reasons.test.ts. */
const refused = (code: number, missing = 0) => ({
  kind: "refused",
  errno: code,
  reason: missing === 0 ? expect.any(String) : "lacks-right",
  missing,
});
const rename = (path: string, toPath: string, fd = ROOT_FD, toFd = fd): Request => ({
  call: "path_rename",
  fd,
  path,
  toFd,
  toPath,
});

/** f and g are files, d and e are empty, full/x/y are directories, to-d leads to d, gone to nothing. */
function tree(): ScriptedMachine {
  const machine = scriptedMachine();
  for (const path of ["f", "g"]) machine.perform({ call: "fd_close", fd: machine.file(path, 3) });
  for (const path of ["d", "e", "full", "full/x", "full/x/y"]) machine.directory(path);
  machine.symlink("d", "to-d");
  machine.symlink("nowhere", "gone");
  return machine;
}

describe("renaming", () => {
  test.each([
    ["a file to a new name", "f", "new", ".", ""],
    ["a file into a directory", "f", "d/new", "d", ""],
    ["a file into what a link names", "f", "to-d/new", "d", ""],
    ["a file over a file", "f", "g", ".", "g"],
    ["a file over a link", "f", "gone", ".", "gone"],
    ["a link, not what it names", "to-d", "new", ".", ""],
    ["a link over a file", "gone", "f", ".", "f"],
    ["a directory to a new name with a slash", "d", "new/", ".", ""],
    ["a directory over an empty one", "full", "e", ".", "e"],
    ["a directory into its neighbour", "d", "full/d", "full", ""],
    ["a directory up", "full/x", "x", ".", ""],
  ])("%s", (_, path, toPath, toDirectory, replaced) => {
    const machine = tree();
    expect(machine.ask(rename(path, toPath))).toMatchObject({
      facts: [
        {
          type: "name/renamed",
          inode: machine.inodeOf(path),
          toDirectory: machine.inodeOf(toDirectory),
          replaced: replaced === "" ? 0 : machine.inodeOf(replaced),
        },
      ],
    });
  });

  test.each(["f", "d", "./f", "d/../f"])("%s to its own name changes nothing", (path) => {
    const name = path.endsWith("d") ? "d" : "f";
    expect(tree().ask(rename(path, name))).toMatchObject({ facts: [{ type: "file/examined" }] });
  });
});

describe("renaming is refused", () => {
  test.each([
    ["of what is not there", "new", "x", errno.noent],
    ["to where there is no directory", "f", "new/x", errno.noent],
    ["through a file", "f", "g/x", errno.notdir],
    ["of a file with a slash", "f/", "new", errno.notdir],
    ["of a file to a name with a slash", "f", "new/", errno.notdir],
    ["of a file over a directory", "f", "d", errno.isdir],
    ["of a directory over a file", "d", "f", errno.notdir],
    ["of a directory over a link to a directory", "e", "to-d", errno.notdir],
    ["of a directory over one that is not empty", "d", "full", errno.notempty],
    ["of a directory into itself", "full", "full/new", errno.inval],
    ["of a directory far into itself", "full", "full/x/y/new", errno.inval],
    ["of a directory onto what is below it", "full", "full/x", errno.inval],
    ["of a directory over the one it is in", "full/x", "full", errno.notempty],
    ["of a directory over the one above the one it is in", "full/x/y", "full", errno.notempty],
    ["of the held directory", ".", "new", errno.busy],
    ["to the held directory", "d", ".", errno.busy],
    ["of a directory by its dot", "d/.", "new", errno.busy],
    ["to a dot", "d", "e/.", errno.busy],
    ["of a directory by ..", "full/x/..", "new", errno.busy],
    ["from outside", "../f", "new", errno.perm],
    ["to outside", "f", "../new", errno.perm],
    ["of nothing", "", "new", errno.noent],
    ["to nothing", "f", "", errno.noent],
  ])("%s", (_, path, toPath, code) => {
    expect(tree().ask(rename(path, toPath))).toEqual(refused(code));
  });

  test("between two mounts", () => {
    const machine = tree();
    const root = machine.state.files.nextInode;
    const host = machine.mount();
    machine.list(root);
    expect(machine.ask(rename("f", "f", ROOT_FD, host))).toEqual(refused(errno.xdev));
  });

  test("without the right of the source, then of the target", () => {
    const both = right.pathRenameSource | right.pathRenameTarget;
    const narrowed = (missing: number): ScriptedMachine => {
      const machine = tree();
      const rights = machine.rightsOf(ROOT_FD) & ~missing;
      machine.perform({
        call: "fd_fdstat_set_rights",
        fd: ROOT_FD,
        rights,
        inheriting: 0,
        hasUnknown: false,
      });
      return machine;
    };
    expect(narrowed(right.pathRenameSource).ask(rename("f", "new"))).toEqual(
      refused(errno.notcapable, right.pathRenameSource),
    );
    expect(narrowed(right.pathRenameTarget).ask(rename("f", "new"))).toEqual({
      ...refused(errno.notcapable, right.pathRenameTarget),
      slot: ROOT_FD,
    });
    expect(narrowed(both).ask(rename("f", "new"))).toEqual(refused(errno.notcapable, right.pathRenameSource));
    expect(tree().ask(rename("f", "x", 99))).toEqual(refused(errno.badf));
    expect(tree().ask(rename("f", "x", ROOT_FD, 0))).toEqual({ ...refused(errno.notdir), slot: 0 });
  });

  test("into a directory that was taken away", () => {
    const machine = tree();
    const fd = machine.openDirectory("d");
    machine.perform({ call: "path_remove_directory", fd: ROOT_FD, path: "d" });
    expect(machine.ask(rename("f", "new", ROOT_FD, fd))).toEqual(refused(errno.noent));
  });
});

describe("in a host's directory", () => {
  /** Directories a (with a file f) and b (with a file g). */
  function host(writable: { a?: "no" | "read-only"; b?: "no" | "read-only" }) {
    const machine = scriptedMachine();
    const root = machine.state.files.nextInode;
    const fd = machine.mount();
    const first = machine.list(root, ["a", fileType.directory], ["b", fileType.directory]);
    const made = (["a", "b"] as const).map((name, index) => {
      const inode = first + index;
      machine.happen(
        0,
        hostNode({
          inode,
          directory: root,
          name,
          kind: fileType.directory,
          writable: writable[name] ?? "yes",
        }),
      );
      const file = machine.list(inode, [name === "a" ? "f" : "g", fileType.regular]);
      machine.happen(
        0,
        hostNode({
          inode: file,
          directory: inode,
          name: name === "a" ? "f" : "g",
          kind: fileType.regular,
          size: 9,
        }),
      );
      return inode;
    });
    return {
      machine,
      fd,
      made,
      ask: (path: string, toPath: string) => machine.ask(rename(path, toPath, fd)),
    };
  }

  test.each([
    ["from where nothing may be written", { a: "no" }, "a/f", "b/new"],
    ["to where nothing may be written", { b: "no" }, "a/f", "b/new"],
    ["over a name where nothing may be written", { b: "no" }, "a/f", "b/g"],
  ] as const)("%s is EACCES", (_, writable, path, toPath) => {
    expect(host(writable).ask(path, toPath)).toEqual(refused(errno.acces));
  });

  test("on a read-only file system is EROFS, from there and to there", () => {
    expect(host({ a: "read-only" }).ask("a/f", "b/new")).toEqual(refused(errno.rofs));
    expect(host({ b: "read-only" }).ask("a/f", "b/new")).toEqual(refused(errno.rofs));
    expect(host({ b: "read-only" }).ask("a/f", "b/g")).toEqual(refused(errno.rofs));
  });

  test("a directory that is replaced is listed first, and one that cannot be is not replaced", () => {
    const { machine, fd, made, ask } = host({});
    const [a = 0] = made;
    const inode = machine.state.files.nextInode;
    machine.perform({ call: "path_create_directory", fd, path: "b/d" });
    const other = machine.list(a, ["d", fileType.directory]);
    machine.happen(0, hostNode({ inode: other, directory: a, name: "d", kind: fileType.directory }));
    expect(ask("b/d", "a/d")).toEqual({ kind: "needs", demand: { need: "listing", inode: other } });
    machine.happen(0, { type: "host/read-failed", inode: other, errno: errno.acces });
    expect(ask("b/d", "a/d")).toEqual(refused(errno.acces));
    expect(ask("a/d", "b/d")).toMatchObject({ facts: [{ replaced: inode }] });
  });

  test("the contents of an open file that is replaced are asked for first", () => {
    const { machine, fd, ask } = host({});
    expect(ask("a/f", "b/g").kind).toBe("facts");
    const rights = right.fdRead;
    machine.perform({
      call: "path_open",
      fd,
      path: "b/g",
      follow: true,
      oflags: 0,
      rights,
      inheriting: 0,
      fdflags: 0,
    });
    expect(ask("a/f", "b/g")).toMatchObject({ kind: "needs", demand: { need: "content", length: 9 } });
  });
});
