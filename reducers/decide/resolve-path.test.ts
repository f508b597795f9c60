import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { errno } from "../../core/errno.ts";
import { fileType } from "../hosts/host-event.ts";
import { ROOT_INODE } from "../files/file-state.ts";
import { hostNode, ROOT_FD, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import { type Resolution, resolvePath } from "./resolve-path.ts";

/**
 * d/          f (file)      to-d -> d          to-f -> f        dangling -> nowhere    up -> ../f
 * d/e/        d/e/g (file)  loop -> loop       ping <-> pong    root -> /f             d/e/back -> ../../f
 */
const tree: ScriptedMachine = (() => {
  const machine = scriptedMachine();
  for (const path of ["d", "d/e"]) machine.directory(path);
  for (const path of ["f", "d/e/g"]) machine.file(path);
  for (const [target, path] of [
    ["d", "to-d"],
    ["f", "to-f"],
    ["nowhere", "dangling"],
    ["../f", "up"],
    ["loop", "loop"],
    ["pong", "ping"],
    ["ping", "pong"],
    ["../../f", "d/e/back"],
    ["d/", "to-d-slash"],
    ["f/", "to-f-slash"],
    ["to-d", "twice"],
    ["d/e/..", "dots"],
  ] as const)
    machine.symlink(target, path);
  return machine;
})();

const { files } = tree.state;
const resolve = (path: string, follow = false): Resolution =>
  resolvePath(files, { base: ROOT_INODE, path, follow });
const refused = (code: number, reason = "none") => ({ kind: "refused", errno: code, reason, missing: 0 });
const d = tree.inodeOf("d");
const e = tree.inodeOf("d/e");
const f = tree.inodeOf("f");
const g = tree.inodeOf("d/e/g");

describe("a path leads to", () => {
  test.each<[string, string, boolean, object]>([
    ["a name", "f", false, { parent: ROOT_INODE, name: "f", inode: f, wantsDirectory: false }],
    ["a name further down", "d/e/g", false, { parent: e, name: "g", inode: g }],
    ["a name that is not there", "d/new", false, { parent: d, name: "new", inode: 0 }],
    [
      "the held directory",
      ".",
      false,
      { parent: 0, name: ".", inode: ROOT_INODE, wantsDirectory: true, endsInDot: true },
    ],
    ["the same past any dots and slashes", ".//d/./e///g", false, { parent: e, inode: g, endsInDot: false }],
    ["a directory, by a slash at the end", "d/", false, { inode: d, wantsDirectory: true, endsInDot: false }],
    ["a directory, by a dot at the end", "d/.", false, { inode: d, wantsDirectory: true, endsInDot: true }],
    [
      "a directory, by a dot and slashes at the end",
      "d/.//",
      false,
      { inode: d, wantsDirectory: true, endsInDot: true },
    ],
    [
      "a name that ends in dots",
      "...",
      false,
      { parent: ROOT_INODE, name: "...", inode: 0, endsInDot: false },
    ],
    [
      "where it came from, by ..",
      "d/e/..",
      false,
      { parent: 0, name: "..", inode: d, wantsDirectory: false },
    ],
    ["the held directory, by ..", "d/..", false, { parent: 0, inode: ROOT_INODE }],
    ["a link that is not followed", "to-f", false, { name: "to-f", inode: tree.inodeOf("to-f") }],
    ["what a link names", "to-f", true, { parent: ROOT_INODE, name: "f", inode: f }],
    ["below what a link names, followed or not", "to-d/e/g", false, { parent: e, inode: g }],
    ["what a link of a link names", "twice", true, { name: "d", inode: d }],
    ["what a link before a slash names", "to-d/", false, { name: "d", inode: d, wantsDirectory: true }],
    ["what a link that ends in a slash names", "to-d-slash", true, { inode: d, wantsDirectory: true }],
    ["a file that a link wants to be a directory", "to-f-slash", true, { inode: f, wantsDirectory: true }],
    ["what a link with .. in it names", "dots", true, { parent: 0, name: "..", inode: d }],
    ["outside its own directory, by a link, but not outside the held one", "d/e/back", true, { inode: f }],
    [
      "the name that a dangling link would give",
      "dangling",
      true,
      { parent: ROOT_INODE, name: "nowhere", inode: 0 },
    ],
    [
      "back along the way that was come, not up from where a link led",
      "to-d/..",
      false,
      { inode: ROOT_INODE },
    ],
  ])("%s", (_, path, follow, expected) => {
    expect(resolve(path, follow)).toMatchObject({ kind: "resolved", ...expected });
  });
});

describe("a path is refused", () => {
  test.each<[string, string, boolean, number]>([
    ["when it is empty", "", false, errno.noent],
    ["with a NUL in it", "f\0", false, errno.inval],
    ["when it is absolute", "/f", false, errno.perm],
    ["when it is absolute in many slashes", "//f", false, errno.perm],
    ["when it climbs out", "..", false, errno.perm],
    ["when it climbs out later", "d/../../f", false, errno.perm],
    ["when a link climbs out", "up", true, errno.perm],
    ["through what is not there", "new/f", false, errno.noent],
    ["through a file", "f/x", false, errno.notdir],
    ["through a file and back", "f/..", false, errno.notdir],
    ["through a dangling link", "dangling/f", false, errno.noent],
    ["when a link names itself", "loop", true, errno.loop],
    ["when two links name each other", "ping", true, errno.loop],
    ["through a link that names itself", "loop/f", false, errno.loop],
    ["when a name is too long", "x".repeat(256), false, errno.nametoolong],
    ["when a name is too long in bytes", "ä".repeat(128), false, errno.nametoolong],
    ["when it is too long", "./".repeat(2048), false, errno.nametoolong],
  ])("%s", (_, path, follow, code) => {
    expect(resolve(path, follow)).toEqual(refused(code, code === errno.perm ? "leads-out" : "none"));
  });
});

test.each(["x".repeat(255), "ä".repeat(127), `${"./".repeat(2046)}new`])(
  "a name and a path may be as long as allowed",
  (path) => {
    expect(resolve(path)).toMatchObject({ kind: "resolved", inode: 0 });
  },
);

test("forty links in a row are followed, and one more is a loop", () => {
  const machine = scriptedMachine();
  machine.file("l0");
  for (let link = 1; link <= 41; link += 1) machine.symlink(`l${link - 1}`, `l${link}`);
  const at = (path: string) => resolvePath(machine.state.files, { base: ROOT_INODE, path, follow: true });
  expect([at("l40"), at("l41")]).toMatchObject([{ inode: machine.inodeOf("l0") }, refused(errno.loop)]);
});

test("a link before a slash is not followed by calls that make or take away names", () => {
  const found = resolvePath(files, {
    base: ROOT_INODE,
    path: "to-d/",
    follow: false,
    followBeforeSlash: false,
  });
  expect(found).toMatchObject({ name: "to-d", inode: tree.inodeOf("to-d"), wantsDirectory: true });
});

test("nothing leads out of the directory that is held, whatever path and whatever links", () => {
  const part = fc.constantFrom(
    "..",
    ".",
    "",
    "d",
    "e",
    "f",
    "g",
    "to-d",
    "twice",
    "up",
    "d/e/back",
    "dots",
    "back",
    "new",
  );
  const below = new Set([d, e, g, tree.inodeOf("d/e/back"), 0]);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), fc.boolean(), (parts, follow) => {
      const found = resolvePath(files, { base: d, path: parts.join("/"), follow });
      if (found.kind !== "resolved") return;
      expect(below).toContain(found.inode);
      expect(below).toContain(found.parent);
    }),
    { numRuns: 1000 },
  );
});

describe("in a host's directory", () => {
  const mounted = () => {
    const machine = scriptedMachine();
    const root = machine.state.files.nextInode;
    machine.mount();
    return {
      machine,
      root,
      at: (path: string) => resolvePath(machine.state.files, { base: root, path, follow: true }),
    };
  };

  test("the names are asked for first", () => {
    const { root, at } = mounted();
    expect(at("a/b")).toEqual({ kind: "needs", demand: { need: "listing", inode: root } });
    expect(at(".")).toMatchObject({ kind: "resolved", inode: root });
  });

  test("then what a name stands for, and not of the others", () => {
    const { machine, root, at } = mounted();
    const first = machine.list(root, ["a", fileType.regular], ["d", fileType.directory]);
    const demand = { need: "node", directory: root, name: "d", inode: first + 1, kind: fileType.directory };
    expect(at("d/x")).toEqual({ kind: "needs", demand });
    expect(at("new")).toMatchObject({ kind: "resolved", inode: 0 });
    machine.happen(0, hostNode({ inode: first + 1, directory: root, name: "d", kind: fileType.directory }));
    expect(at("d/x")).toEqual({ kind: "needs", demand: { need: "listing", inode: first + 1 } });
  });

  test("a link's target is known before it is followed", () => {
    const { machine, root, at } = mounted();
    const first = machine.list(root, ["l", fileType.symlink]);
    expect(at("l")).toMatchObject({ demand: { need: "node", name: "l" } });
    const told = (target: string) => {
      machine.happen(
        0,
        hostNode({ inode: first, directory: root, name: "l", kind: fileType.symlink, target }),
      );
      return at("l");
    };
    expect([told("new"), told("/etc"), told("..")]).toMatchObject([
      { inode: 0 },
      refused(errno.perm, "leads-out"),
      refused(errno.perm, "leads-out"),
    ]);
  });

  test("a directory that the host could not list fails as it failed", () => {
    const { machine, root, at } = mounted();
    machine.happen(0, { type: "host/read-failed", inode: root, errno: errno.acces });
    expect(at("a")).toEqual(refused(errno.acces));
  });
});

test("a descriptor of a directory that was taken away leads nowhere", () => {
  const machine = scriptedMachine();
  machine.directory("d");
  const fd = machine.openDirectory("d");
  machine.perform({ call: "path_remove_directory", fd: ROOT_FD, path: "d" });
  expect(machine.ask({ call: "path_filestat_get", fd, path: "x", follow: false })).toEqual(
    refused(errno.noent),
  );
  expect(machine.ask({ call: "path_create_directory", fd, path: "x" })).toEqual(refused(errno.noent));
});
