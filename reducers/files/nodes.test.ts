import { describe, expect, test } from "@jest/globals";
import { freeOpen } from "./file-selectors.ts";
import { get, peek } from "../../core/table.ts";
import { fileType } from "../hosts/host-event.ts";
import {
  BOOT_WALL_MICROS,
  hostNode,
  PID,
  ROOT_FD,
  scriptedMachine,
  type ScriptedMachine,
} from "../scripted-machine.ts";
import { type Inode, ROOT_INODE } from "./file-state.ts";

const inode = (machine: ScriptedMachine, id: number): Inode => get(machine.state.files.inodes, id);
const isThere = (machine: ScriptedMachine, id: number): boolean =>
  peek(machine.state.files.inodes, id) !== null;
const close = (machine: ScriptedMachine, fd: number) => machine.perform({ call: "fd_close", fd });
const unlink = (machine: ScriptedMachine, path: string) =>
  machine.perform({ call: "path_unlink_file", fd: ROOT_FD, path });

describe("what is made", () => {
  test.each([
    ["file", fileType.regular, (machine: ScriptedMachine) => machine.file("new")],
    ["directory", fileType.directory, (machine: ScriptedMachine) => machine.directory("new")],
    ["link", fileType.symlink, (machine: ScriptedMachine) => machine.symlink("there", "new")],
  ] as const)("has its one name, its kind and the time: a %s", (_, kind, make) => {
    const machine = scriptedMachine();
    const id = machine.state.files.nextInode;
    machine.at = 3_000_007;
    make(machine);
    const seconds = BOOT_WALL_MICROS / 1e6 + 3;
    expect(machine.inodeOf("new")).toBe(id);
    expect(inode(machine, id)).toMatchObject({
      kind,
      names: [{ directory: ROOT_INODE, name: "new" }],
      target: kind === fileType.symlink ? "there" : "",
      size: kind === fileType.symlink ? inode(machine, id).size : 0,
      mount: 0,
      accessedSeconds: seconds,
      accessedNanos: 7000,
      modifiedSeconds: seconds,
      modifiedNanos: 7000,
      changedSeconds: seconds,
      changedNanos: 7000,
    });
    expect(inode(machine, ROOT_INODE)).toMatchObject({ modifiedSeconds: seconds, modifiedNanos: 7000 });
    expect(machine.state.files.nextInode).toBe(id + 1);
  });

  test("on a mount belongs to it, and a directory is known through and through", () => {
    const machine = scriptedMachine();
    const root = machine.state.files.nextInode;
    const host = machine.mount();
    expect(inode(machine, root).entries?.isListed).toBe(false);
    machine.list(root);
    const made = machine.perform({ call: "path_create_directory", fd: host, path: "new" });
    const id = made.type === "directory/created" ? made.inode : 0;
    expect(inode(machine, id)).toMatchObject({ mount: root, entries: { isListed: true } });
  });
});

describe("an open file", () => {
  test("counts on its inode, begins at its beginning with its flags, and has an id of its own while it is open", () => {
    const machine = scriptedMachine();
    close(machine, machine.file("a", 10));
    const first = freeOpen(machine.state.files);
    const id = machine.inodeOf("a");
    machine.open("a");
    machine.open("a", 0, undefined, 1);
    expect(inode(machine, id).opens).toBe(2);
    expect([0, 1].map((index) => get(machine.state.files.opens, first + index))).toMatchObject([
      { inode: id, position: 0, flags: 0 },
      { inode: id, position: 0, flags: 1 },
    ]);
    expect(freeOpen(machine.state.files)).toBe(first + 2);
  });

  test("that is closed is gone, and counts no more", () => {
    const machine = scriptedMachine();
    const open = freeOpen(machine.state.files);
    const fd = machine.file("a", 10);
    close(machine, fd);
    expect([peek(machine.state.files.opens, open), inode(machine, machine.inodeOf("a")).opens]).toEqual([
      null,
      0,
    ]);
  });
});

describe("an inode goes", () => {
  test("with its last open file once it has no name, and not before", () => {
    const machine = scriptedMachine();
    const first = machine.file("a", 10);
    const id = machine.inodeOf("a");
    const second = machine.open("a");
    unlink(machine, "a");
    close(machine, first);
    expect(isThere(machine, id)).toBe(true);
    close(machine, second);
    expect(isThere(machine, id)).toBe(false);
  });

  test("not while it has a name, with no file open", () => {
    const machine = scriptedMachine();
    close(machine, machine.file("a", 10));
    expect(isThere(machine, machine.inodeOf("a"))).toBe(true);
  });

  test("never if it is a root: the machine's own, or a mount's", () => {
    const machine = scriptedMachine();
    const root = machine.state.files.nextInode;
    const host = machine.mount();
    machine.happen(0, hostNode({ inode: root, directory: 0, name: "", kind: fileType.directory }));
    close(machine, host);
    close(machine, ROOT_FD);
    expect([isThere(machine, root), isThere(machine, ROOT_INODE)]).toEqual([true, true]);
    expect(machine.state.capabilities.tables.root).not.toBeNull();
    expect(get(machine.state.processes.rows, PID).status).toBe("running");
  });
});
