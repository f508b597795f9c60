import { describe, expect, test } from "@jest/globals";
import { get, nextKey, peek, sizeOf } from "../../core/table.ts";
import { fileType } from "../hosts/host-event.ts";
import { hostNode, PID, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import { findEntry } from "./directory.ts";
import { contentRuns, freeOpen, pathOf, ZEROS } from "./file-selectors.ts";
import { CHUNK_BYTES, type Inode } from "./file-state.ts";

const { regular, directory, symlink } = fileType;

/** A machine with a host's directory, its slot, and the inode of the directory. */
function mounted(mode: "write-through" | "read-only" | "copy" = "write-through") {
  const machine = scriptedMachine();
  const root = machine.state.files.nextInode;
  return { machine, root, fd: machine.mount(mode) };
}

const inodeOf = (machine: ScriptedMachine, id: number): Inode => get(machine.state.files.inodes, id);
const entryOf = (machine: ScriptedMachine, id: number, name: string) => {
  const { entries } = inodeOf(machine, id);
  return entries === null ? null : findEntry(entries, name, machine.state.files.nameSeed);
};

test("a mounted directory is a root whose names are not known yet", () => {
  const { machine, root } = mounted("read-only");
  expect(inodeOf(machine, root)).toMatchObject({
    kind: directory,
    mount: root,
    names: [],
    entries: { isListed: false },
  });
  expect(get(machine.state.files.mounts, root)).toMatchObject({
    path: "/host",
    mode: "read-only",
    inode: root,
  });
  expect(pathOf(machine.state.files, root)).toBe("");
  expect(machine.state.files.nextInode).toBe(root + 1);
});

describe("a listing", () => {
  test("gives each name an inode, of which nothing more is known", () => {
    const { machine, root } = mounted();
    const first = machine.list(root, ["a", regular], ["d", directory]);
    expect(entryOf(machine, root, "d")).toMatchObject({ inode: first + 1, kind: directory });
    expect(peek(machine.state.files.inodes, first)).toBeNull();
    expect(machine.state.files.nextInode).toBe(first + 2);
    expect(inodeOf(machine, root).entries?.isListed).toBe(true);
  });

  test("in parts is whole with the last", () => {
    const { machine, root } = mounted();
    const list = (name: string, complete: boolean) => {
      const firstInode = machine.state.files.nextInode;
      const fact = {
        type: "host/directory-listed" as const,
        inode: root,
        firstInode,
        names: [name],
        kinds: [regular],
        complete,
      };
      machine.happen(0, fact);
      return inodeOf(machine, root).entries?.isListed;
    };
    expect([list("a", false), list("b", true)]).toEqual([false, true]);
    expect([entryOf(machine, root, "a"), entryOf(machine, root, "b")]).not.toContain(null);
  });

  test("that is told again leaves the names that are known as they are", () => {
    const { machine, root } = mounted();
    const first = machine.list(root, ["a", regular]);
    machine.list(root, ["a", directory], ["b", regular]);
    expect(entryOf(machine, root, "a")).toMatchObject({ inode: first, kind: regular });
    expect(sizeOf(inodeOf(machine, root).entries?.entries ?? inodeOf(machine, root).chunks)).toBe(2);
  });
});

describe("a node that the host tells of", () => {
  const examined = (mode: "write-through" | "copy", kind: number, more = {}) => {
    const { machine, root } = mounted(mode);
    const inode = machine.list(root, ["a", kind]);
    machine.happen(0, hostNode({ inode, directory: root, name: "a", kind, ...more }));
    return { machine, root, inode };
  };

  test.each([
    ["no", false],
    ["yes", true],
    ["read-only", "read-only"],
  ] as const)("may be written or not: %s", (writable, kept) => {
    const { machine, inode } = examined("write-through", regular, { writable });
    expect(inodeOf(machine, inode).writable).toBe(kept);
  });

  test("has the host's size, times and permissions", () => {
    const more = { size: 9000, writable: "no", modifiedSeconds: 5, modifiedNanos: 7, accessedSeconds: 1 };
    const { machine, inode, root } = examined("write-through", regular, more);
    expect(inodeOf(machine, inode)).toMatchObject({
      kind: regular,
      size: 9000,
      hostSize: 9000,
      mount: root,
      writable: false,
      readable: true,
      modifiedSeconds: 5,
      modifiedNanos: 7,
      accessedSeconds: 1,
      names: [{ directory: root, name: "a" }],
      opens: 0,
    });
  });

  test("has contents on the host only if it is a regular file", () => {
    expect(
      inodeOf(
        ...(({ machine, inode }) => [machine, inode] as const)(examined("copy", directory, { size: 4096 })),
      ),
    ).toMatchObject({
      hostSize: 0,
      entries: { isListed: false },
    });
    const { machine, inode } = examined("copy", symlink, { size: 3, target: "b/c" });
    expect(inodeOf(machine, inode)).toMatchObject({ hostSize: 0, target: "b/c", size: 3 });
  });

  test("is, in a copy, where it was on the host when it was listed, wherever the machine moves it", () => {
    const { machine, root, inode } = examined("copy", directory);
    const below = machine.list(inode, ["f", regular]);
    machine.happen(PID, {
      type: "name/renamed",
      by: 0,
      directory: root,
      name: "a",
      toDirectory: root,
      toName: "b",
      inode,
      replaced: 0,
    });
    machine.happen(0, hostNode({ inode: below, directory: inode, name: "f", kind: regular, size: 3 }));
    expect([inodeOf(machine, below).origin, pathOf(machine.state.files, below)]).toEqual(["a/f", "b/f"]);
  });

  test("is what it is now, if that is another kind than was listed", () => {
    const { machine, root } = mounted();
    const inode = machine.list(root, ["a", symlink]);
    machine.happen(0, hostNode({ inode, directory: root, name: "a", kind: directory }));
    expect(entryOf(machine, root, "a")).toMatchObject({ inode, kind: directory });
  });
});

test("a name that vanished is no longer there", () => {
  const { machine, root } = mounted();
  machine.list(root, ["a", regular], ["b", regular]);
  machine.happen(0, { type: "host/node-vanished", directory: root, name: "a" });
  expect([entryOf(machine, root, "a"), entryOf(machine, root, "b")?.kind]).toEqual([null, regular]);
});

describe("contents that the host tells", () => {
  const withFile = (size: number) => {
    const { machine, root } = mounted();
    const inode = machine.list(root, ["a", regular]);
    machine.happen(0, hostNode({ inode, directory: root, name: "a", kind: regular, size }));
    const open = freeOpen(machine.state.files);
    machine.happen(PID, { type: "file/preopened", inode, open });
    const tell = (offset: number, length: number): number => {
      const position = machine.state.head;
      machine.happen(0, { type: "host/content-read", inode, offset, position, length });
      return position;
    };
    return { machine, inode, open, tell };
  };

  test("fill the chunks that they cover, the last to its end", () => {
    const { machine, inode, tell } = withFile(9000);
    const position = tell(0, 9000);
    expect(contentRuns(inodeOf(machine, inode), 0, 9000)).toEqual([position, 9000]);
    expect(sizeOf(inodeOf(machine, inode).chunks)).toBe(3);
    expect(inodeOf(machine, inode).size).toBe(9000);
  });

  test("begin at any chunk", () => {
    const { machine, inode, tell } = withFile(9000);
    const position = tell(CHUNK_BYTES, 100);
    expect(nextKey(inodeOf(machine, inode).chunks, 0)).toBe(1);
    expect(contentRuns(inodeOf(machine, inode), 0, 5000)).toEqual([
      ZEROS,
      CHUNK_BYTES,
      position,
      100,
      ZEROS,
      804,
    ]);
  });

  test("never cover what the machine wrote", () => {
    const { machine, inode, open, tell } = withFile(9000);
    const position = machine.state.head;
    const written = {
      type: "file/written-at" as const,
      by: 0,
      open,
      offset: CHUNK_BYTES,
      position,
      length: CHUNK_BYTES,
    };
    machine.happen(PID, written);
    const told = tell(0, 9000);
    expect(contentRuns(inodeOf(machine, inode), 0, 9000)).toEqual([
      told,
      CHUNK_BYTES,
      position,
      CHUNK_BYTES,
      told + 2 * CHUNK_BYTES,
      9000 - 2 * CHUNK_BYTES,
    ]);
  });

  test("are no longer asked for beyond the size that the machine cut it to", () => {
    const { machine, inode } = withFile(9000);
    machine.happen(PID, { type: "file/resized", by: 0, inode, size: 100 });
    machine.happen(PID, { type: "file/resized", by: 0, inode, size: 9000 });
    expect(inodeOf(machine, inode)).toMatchObject({ hostSize: 100, size: 9000 });
  });
});

describe("a host that failed", () => {
  test.each(["host/read-failed", "host/effect-failed"] as const)("by %s is noted on the inode", (type) => {
    const { machine, root } = mounted();
    machine.happen(0, { type, inode: root, errno: 29, effect: 0 });
    expect(inodeOf(machine, root).fault).toBe(29);
  });

  test("on an inode that is gone is noted nowhere", () => {
    const { machine } = mounted();
    const before = JSON.stringify(machine.state.files);
    machine.happen(0, { type: "host/effect-failed", inode: 9999, errno: 29, effect: 0 });
    expect(JSON.stringify(machine.state.files)).toBe(before);
  });
});
