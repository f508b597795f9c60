import { describe, expect, test } from "@jest/globals";
import { fileType } from "../hosts/host-event.ts";
import { regularFileRights } from "../../core/rights.ts";
import { hostNode, scriptedMachine } from "../scripted-machine.ts";
import type { Request } from "../decide/request.ts";
import { effectOf } from "./effect-of.ts";

/** A host's directory /host with a file f of 10 bytes and an empty directory d; f is open. */
function host(mode: "write-through" | "read-only" | "copy" = "write-through", path = "/host") {
  const machine = scriptedMachine();
  const root = machine.state.files.nextInode;
  const fd = machine.mount(mode, path);
  const first = machine.list(root, ["f", fileType.regular], ["d", fileType.directory]);
  machine.happen(0, hostNode({ inode: first, directory: root, name: "f", kind: fileType.regular, size: 10 }));
  machine.happen(0, hostNode({ inode: first + 1, directory: root, name: "d", kind: fileType.directory }));
  machine.list(first + 1);
  const perform = (request: Request) => {
    const event = machine.perform(request);
    return effectOf(machine.state, event);
  };
  const open = (name: string, oflags = 0): number => {
    const rights = regularFileRights;
    machine.perform({
      call: "path_open",
      fd,
      path: name,
      follow: true,
      oflags,
      rights,
      inheriting: 0,
      fdflags: 0,
    });
    return machine.freeSlot() - 1;
  };
  return { machine, fd, perform, open, inode: first };
}

test("what is printed is an effect wherever files are, with the bytes' place in the stream", () => {
  const machine = scriptedMachine();
  const event = machine.perform({ call: "fd_write", fd: 2, size: 5 });
  expect(effectOf(machine.state, event)).toMatchObject({
    seq: event.seq,
    kind: "print",
    stream: 2,
    position: 0,
    length: 5,
  });
});

describe("a change of a host's file is an effect on the host's path", () => {
  test("writing", () => {
    const { perform, open, inode } = host();
    const fd = open("f");
    expect(perform({ call: "fd_pwrite", fd, size: 10, offset: 0 })).toMatchObject({
      kind: "write",
      inode,
      path: "/host/f",
      offset: 0,
      position: 0,
      length: 10,
    });
    expect(perform({ call: "fd_write", fd, size: 10 })).toMatchObject({
      kind: "write",
      path: "/host/f",
      position: 10,
    });
  });

  test("sizing, syncing, setting times", () => {
    const { perform, open } = host();
    const fd = open("f");
    const asked = { accessedSeconds: 7, accessedNanos: 500_000_000, modifiedSeconds: 8, modifiedNanos: 0 };
    expect(perform({ call: "fd_filestat_set_size", fd, size: 3 })).toMatchObject({
      kind: "resize",
      path: "/host/f",
      size: 3,
    });
    expect(perform({ call: "fd_sync", fd })).toMatchObject({ kind: "sync", path: "/host/f" });
    expect(perform({ call: "fd_filestat_set_times", fd, ...asked, fstflags: 1 })).toMatchObject({
      kind: "set-times",
      path: "/host/f",
      accessed: 7.5,
      modified: null,
    });
    expect(perform({ call: "fd_filestat_set_times", fd, ...asked, fstflags: 4 })).toMatchObject({
      accessed: null,
      modified: 8,
    });
  });

  test("making and taking away names", () => {
    const { perform, fd } = host();
    expect(perform({ call: "path_create_directory", fd, path: "d/e" })).toMatchObject({
      kind: "create-directory",
      path: "/host/d/e",
    });
    expect(perform({ call: "path_remove_directory", fd, path: "d/e" })).toMatchObject({
      kind: "remove-directory",
      path: "/host/d/e",
    });
    expect(perform({ call: "path_symlink", target: "f", fd, path: "l" })).toMatchObject({
      kind: "create-symlink",
      path: "/host/l",
      target: "f",
    });
    expect(perform({ call: "path_unlink_file", fd, path: "l" })).toMatchObject({
      kind: "remove-file",
      path: "/host/l",
    });
  });

  test("linking names the file by a name that it had before", () => {
    const { perform, fd } = host();
    expect(
      perform({ call: "path_link", fd, path: "f", follow: false, toFd: fd, toPath: "d/g" }),
    ).toMatchObject({
      kind: "link",
      path: "/host/d/g",
      existing: "/host/f",
    });
  });

  test("renaming, also of a directory, names where it was and where it is", () => {
    const { perform, fd, open } = host();
    const file = open("f");
    expect(perform({ call: "path_rename", fd, path: "f", toFd: fd, toPath: "d/g" })).toMatchObject({
      kind: "rename",
      from: "/host/f",
      path: "/host/d/g",
    });
    expect(perform({ call: "path_rename", fd, path: "d", toFd: fd, toPath: "e" })).toMatchObject({
      kind: "rename",
      from: "/host/d",
      path: "/host/e",
    });
    expect(perform({ call: "fd_pwrite", fd: file, size: 10, offset: 0 })).toMatchObject({
      path: "/host/e/g",
    });
  });

  test("creating by opening", () => {
    const { machine, fd } = host();
    const decision = machine.ask({
      call: "path_open",
      fd,
      path: "new",
      follow: true,
      oflags: 1,
      rights: 0,
      inheriting: 0,
      fdflags: 0,
    });
    if (decision.kind !== "facts" || decision.facts[0] === undefined) throw new Error("it is opened");
    const created = machine.happen(1, decision.facts[0]);
    expect(effectOf(machine.state, created)).toMatchObject({ kind: "create-file", path: "/host/new" });
  });

  test("below a host's root, too", () => {
    const { perform, fd } = host("write-through", "");
    expect(perform({ call: "path_create_directory", fd, path: "new" })).toMatchObject({ path: "/new" });
  });
});

describe("there is no effect on the host", () => {
  test("of the machine's own files", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a");
    const event = machine.perform({ call: "fd_write", fd, size: 5 });
    expect(effectOf(machine.state, event)).toBeNull();
  });

  test("of a copy", () => {
    const { perform, fd } = host("copy");
    expect(perform({ call: "path_create_directory", fd, path: "new" })).toBeNull();
    expect(perform({ call: "path_rename", fd, path: "f", toFd: fd, toPath: "g" })).toBeNull();
  });

  test("of a file whose last name is gone", () => {
    const { machine, perform, fd, open, inode } = host();
    const file = open("f");
    machine.happen(0, {
      type: "host/content-read",
      inode,
      offset: 0,
      position: machine.state.head,
      length: 10,
    });
    perform({ call: "path_unlink_file", fd, path: "f" });
    expect(perform({ call: "fd_write", fd: file, size: 10 })).toBeNull();
    expect(perform({ call: "fd_filestat_set_size", fd: file, size: 1 })).toBeNull();
  });

  test("of looking", () => {
    const { perform, fd, open } = host();
    const file = open("f");
    expect(perform({ call: "fd_filestat_get", fd: file })).toBeNull();
    expect(perform({ call: "fd_readdir", fd, cookie: 0 })).toBeNull();
    expect(perform({ call: "sched_yield" })).toBeNull();
  });
});
