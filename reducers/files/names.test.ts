import { describe, expect, test } from "@jest/globals";
import { get, peek } from "../../core/table.ts";
import { ROOT_FD, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import type { Inode } from "./file-state.ts";
import { pathOf } from "./file-selectors.ts";

const inode = (machine: ScriptedMachine, id: number): Inode | null => peek(machine.state.files.inodes, id);
const link = (machine: ScriptedMachine, path: string, toPath: string) =>
  machine.perform({ call: "path_link", fd: ROOT_FD, path, follow: false, toFd: ROOT_FD, toPath });
const rename = (machine: ScriptedMachine, path: string, toPath: string) =>
  machine.perform({ call: "path_rename", fd: ROOT_FD, path, toFd: ROOT_FD, toPath });
const unlink = (machine: ScriptedMachine, path: string) =>
  machine.perform({ call: "path_unlink_file", fd: ROOT_FD, path });
const close = (machine: ScriptedMachine, fd: number) => machine.perform({ call: "fd_close", fd });
const isThere = (machine: ScriptedMachine, path: string): boolean =>
  machine.ask({ call: "path_filestat_get", fd: ROOT_FD, path, follow: false }).kind === "facts";

describe("a hard link", () => {
  test("is one more name of the same file, and each counts", () => {
    const machine = scriptedMachine();
    machine.file("a", 10);
    link(machine, "a", "b");
    expect(machine.inodeOf("b")).toBe(machine.inodeOf("a"));
    expect(inode(machine, machine.inodeOf("a"))?.names.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test("keeps the file when the first name goes, and the path is then its own", () => {
    const machine = scriptedMachine();
    close(machine, machine.file("a", 10));
    link(machine, "a", "b");
    unlink(machine, "a");
    expect(isThere(machine, "a")).toBe(false);
    expect(pathOf(machine.state.files, machine.inodeOf("b"))).toBe("b");
  });
});

describe("the last name that goes", () => {
  test("takes the file with it", () => {
    const machine = scriptedMachine();
    close(machine, machine.file("a", 10));
    const id = machine.inodeOf("a");
    unlink(machine, "a");
    expect(inode(machine, id)).toBeNull();
  });

  test("leaves it to who has it open, and the last descriptor takes it", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a", 10);
    const id = machine.inodeOf("a");
    unlink(machine, "a");
    expect(inode(machine, id)).toMatchObject({ names: [], opens: 1, size: 10 });
    close(machine, fd);
    expect(inode(machine, id)).toBeNull();
  });

  test("does not bring the next file of that name the old one's inode", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a", 10);
    const id = machine.inodeOf("a");
    unlink(machine, "a");
    machine.file("a");
    expect(machine.inodeOf("a")).not.toBe(id);
    close(machine, fd);
    expect(isThere(machine, "a")).toBe(true);
  });
});

describe("renaming", () => {
  test("moves the name and nothing else", () => {
    const machine = scriptedMachine();
    machine.directory("d");
    machine.file("a", 10);
    const id = machine.inodeOf("a");
    rename(machine, "a", "d/b");
    expect([isThere(machine, "a"), machine.inodeOf("d/b"), inode(machine, id)?.size]).toEqual([
      false,
      id,
      10,
    ]);
  });

  test("replaces a file, which is gone if nobody has it open", () => {
    const machine = scriptedMachine();
    close(machine, machine.file("old"));
    machine.file("new");
    const [old, id] = [machine.inodeOf("old"), machine.inodeOf("new")];
    rename(machine, "new", "old");
    expect([machine.inodeOf("old"), inode(machine, old), isThere(machine, "new")]).toEqual([id, null, false]);
  });

  test("leaves a replaced file to who has it open", () => {
    const machine = scriptedMachine();
    const fd = machine.file("old", 5);
    close(machine, machine.file("new"));
    const old = machine.inodeOf("old");
    rename(machine, "new", "old");
    expect(inode(machine, old)).toMatchObject({ names: [], size: 5 });
    expect(machine.perform({ call: "fd_pread", fd, size: 9, offset: 0 })).toMatchObject({ length: 5 });
  });

  test("onto another name of the same file does nothing, as POSIX has it", () => {
    const machine = scriptedMachine();
    machine.file("a");
    link(machine, "a", "b");
    rename(machine, "a", "b");
    expect([isThere(machine, "a"), isThere(machine, "b")]).toEqual([true, true]);
  });

  test("one of two names leaves the other", () => {
    const machine = scriptedMachine();
    machine.file("a");
    link(machine, "a", "b");
    rename(machine, "b", "c");
    const names = inode(machine, machine.inodeOf("a"))?.names.map(({ name }) => name);
    expect([names, isThere(machine, "b")]).toEqual([["a", "c"], false]);
  });

  test("replaces one name of a file that has another", () => {
    const machine = scriptedMachine();
    close(machine, machine.file("a", 3));
    link(machine, "a", "b");
    machine.file("new");
    rename(machine, "new", "b");
    expect(inode(machine, machine.inodeOf("a"))).toMatchObject({ size: 3, names: [{ name: "a" }] });
  });

  test("takes all that is below a directory along", () => {
    const machine = scriptedMachine();
    for (const path of ["d", "d/e", "other"]) machine.directory(path);
    machine.file("d/e/f");
    rename(machine, "d", "other/moved");
    expect(pathOf(machine.state.files, machine.inodeOf("other/moved/e/f"))).toBe("other/moved/e/f");
  });

  test("replaces an empty directory by a directory", () => {
    const machine = scriptedMachine();
    for (const path of ["full", "full/x", "empty"]) machine.directory(path);
    const [full, empty] = [machine.inodeOf("full"), machine.inodeOf("empty")];
    rename(machine, "full", "empty");
    expect([machine.inodeOf("empty"), inode(machine, empty), isThere(machine, "empty/x")]).toEqual([
      full,
      null,
      true,
    ]);
  });

  test("keeps a replaced name's place in the directory, so that whoever lists it misses nothing", () => {
    const machine = scriptedMachine();
    for (const path of ["a", "b", "c"]) machine.file(path);
    rename(machine, "a", "c");
    const { entries } = get(machine.state.files.inodes, 1);
    expect(entries?.nextSerial).toBe(3);
  });
});

test("a directory that is taken away while it is open stays until it is closed, without a path", () => {
  const machine = scriptedMachine();
  machine.directory("d");
  const fd = machine.openDirectory("d");
  const id = machine.inodeOf("d");
  machine.perform({ call: "path_remove_directory", fd: ROOT_FD, path: "d" });
  expect([inode(machine, id)?.opens, pathOf(machine.state.files, id)]).toEqual([1, null]);
  close(machine, fd);
  expect(inode(machine, id)).toBeNull();
});
