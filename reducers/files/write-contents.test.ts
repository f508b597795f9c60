import { describe, expect, test } from "@jest/globals";
import { get, rowsOf } from "../../core/table.ts";
import { fileType } from "../hosts/host-event.ts";
import { hostNode, ROOT_FD, scriptedMachine } from "../scripted-machine.ts";
import { CHUNK_BYTES } from "./file-state.ts";

/** The file a, empty: what is written into it, and what it then is: size, and the pieces of each chunk. */
function file() {
  const machine = scriptedMachine();
  const fd = machine.file("a");
  const id = machine.inodeOf("a");
  return {
    write: (offset: number, size: number) => machine.perform({ call: "fd_pwrite", fd, offset, size }),
    resize: (size: number) => machine.perform({ call: "fd_filestat_set_size", fd, size }),
    contents: () => {
      const { size, chunks } = get(machine.state.files.inodes, id);
      return [size, Object.fromEntries([...rowsOf(chunks)].map(([number, { pieces }]) => [number, pieces]))];
    },
  };
}

describe("what is written", () => {
  test("is one piece where nothing was", () => {
    const { write, contents } = file();
    write(0, 10);
    expect(contents()).toEqual([10, { 0: [0, 0, 10] }]);
  });

  test("lies over what was there, and moves the end only forward", () => {
    const { write, contents } = file();
    write(0, 100);
    write(10, 20);
    expect(contents()).toEqual([100, { 0: [0, 0, 10, 10, 100, 20, 30, 30, 70] }]);
    write(90, 20);
    expect(contents()[0]).toBe(110);
  });

  test("is parted at the borders of chunks, each part with its place in the stream", () => {
    const { write, contents } = file();
    write(CHUNK_BYTES - 1, CHUNK_BYTES + 3);
    expect(contents()).toEqual([
      2 * CHUNK_BYTES + 2,
      { 0: [CHUNK_BYTES - 1, 0, 1], 1: [0, 1, CHUNK_BYTES], 2: [0, CHUNK_BYTES + 1, 2] },
    ]);
  });

  test("that ends at a border begins no chunk more", () => {
    const { write, contents } = file();
    write(0, CHUNK_BYTES);
    expect(contents()).toEqual([CHUNK_BYTES, { 0: [0, 0, CHUNK_BYTES] }]);
  });

  test("and is nothing moves no end", () => {
    const { write, contents } = file();
    write(50, 0);
    expect(contents()).toEqual([0, {}]);
  });

  test("leaves a hole as it is", () => {
    const { write, contents } = file();
    write(5 * CHUNK_BYTES, 1);
    expect(contents()).toEqual([5 * CHUNK_BYTES + 1, { 5: [0, 0, 1] }]);
  });
});

describe("a file that is made shorter", () => {
  test("loses whole chunks, and the rest of the last", () => {
    const { write, resize, contents } = file();
    write(0, 3 * CHUNK_BYTES);
    resize(CHUNK_BYTES + 7);
    expect(contents()).toEqual([CHUNK_BYTES + 7, { 0: [0, 0, CHUNK_BYTES], 1: [0, CHUNK_BYTES, 7] }]);
  });

  test("at a border keeps the chunk before it whole and none behind it", () => {
    const { write, resize, contents } = file();
    write(0, 3 * CHUNK_BYTES);
    resize(2 * CHUNK_BYTES);
    expect(contents()).toEqual([
      2 * CHUNK_BYTES,
      { 0: [0, 0, CHUNK_BYTES], 1: [0, CHUNK_BYTES, CHUNK_BYTES] },
    ]);
  });

  test("and longer again has zeros, not what was cut off", () => {
    const { write, resize, contents } = file();
    write(0, 100);
    resize(10);
    resize(100);
    expect(contents()).toEqual([100, { 0: [0, 0, 10] }]);
  });

  test("in a hole cuts nothing", () => {
    const { write, resize, contents } = file();
    write(2 * CHUNK_BYTES, 1);
    resize(CHUNK_BYTES + 1);
    expect(contents()).toEqual([CHUNK_BYTES + 1, {}]);
  });
});

describe("contents of the host", () => {
  /** h is a file of the host of 10,000 bytes. */
  function hostFile() {
    const machine = scriptedMachine();
    const root = machine.state.files.nextInode;
    const host = machine.mount();
    const inode = machine.list(root, ["h", fileType.regular]);
    machine.happen(0, hostNode({ inode, directory: root, name: "h", kind: fileType.regular, size: 10_000 }));
    const state = () => get(machine.state.files.inodes, inode);
    const chunks = () =>
      Object.fromEntries([...rowsOf(state().chunks)].map(([n, { pieces }]) => [n, pieces]));
    return { machine, host, inode, state, chunks };
  }

  test("fill chunks of which nothing is known, and no others", () => {
    const { machine, inode, chunks } = hostFile();
    const { head } = machine.state;
    machine.happen(0, {
      type: "host/content-read",
      inode,
      offset: CHUNK_BYTES,
      position: head,
      length: CHUNK_BYTES,
    });
    const again = machine.state.head;
    machine.happen(0, { type: "host/content-read", inode, offset: 0, position: again, length: 10_000 });
    expect(chunks()).toEqual({
      0: [0, again, CHUNK_BYTES],
      1: [0, head, CHUNK_BYTES],
      2: [0, again + 2 * CHUNK_BYTES, 10_000 - 2 * CHUNK_BYTES],
    });
  });

  test("behind where a file was cut are the host's no more", () => {
    const { machine, inode, state } = hostFile();
    machine.happen(0, {
      type: "host/content-read",
      inode,
      offset: 0,
      position: machine.state.head,
      length: 10_000,
    });
    const opened = machine.perform({
      call: "path_open",
      fd: ROOT_FD + 1,
      path: "h",
      follow: true,
      oflags: 8,
      rights: 64,
      inheriting: 0,
      fdflags: 0,
    });
    expect([opened.type, state().size, state().hostSize]).toEqual(["file/opened", 0, 0]);
  });
});
