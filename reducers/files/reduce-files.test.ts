import { describe, expect, test } from "@jest/globals";
import { get, peek, sizeOf } from "../../core/table.ts";
import { fileType } from "../hosts/host-event.ts";
import { PID, ROOT_FD, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import { contentRuns, freeOpen, ZEROS } from "./file-selectors.ts";
import { CHUNK_BYTES, type Inode, MAX_FILE_BYTES, type OpenFile, ROOT_INODE } from "./file-state.ts";

const inodeAt = (machine: ScriptedMachine, path: string): Inode =>
  get(machine.state.files.inodes, machine.inodeOf(path));

/** The open file behind a slot: those of these machines have one descriptor each, opened in order. */
const lastOpen = (machine: ScriptedMachine): OpenFile =>
  get(machine.state.files.opens, freeOpen(machine.state.files) - 1);

const write = (machine: ScriptedMachine, fd: number, offset: number, size: number): number => {
  const event = machine.perform({ call: "fd_pwrite", fd, offset, size });
  return event.type === "file/written-at" ? event.position : -1;
};

describe("the machine's own file system", () => {
  test("begins with its root, which nobody can take away", () => {
    const machine = scriptedMachine();
    const root = get(machine.state.files.inodes, ROOT_INODE);
    expect(root).toMatchObject({ kind: fileType.directory, mount: 0, entries: { isListed: true } });
    machine.perform({ call: "fd_close", fd: ROOT_FD });
    expect(peek(machine.state.files.inodes, ROOT_INODE)?.opens).toBe(0);
  });

  test("knows all of what it makes", () => {
    const machine = scriptedMachine();
    machine.directory("d");
    machine.symlink("d/x", "l");
    expect(inodeAt(machine, "d")).toMatchObject({ kind: fileType.directory, entries: { isListed: true } });
    expect(inodeAt(machine, "l")).toMatchObject({ kind: fileType.symlink, target: "d/x", entries: null });
  });
});

describe("an open file's position", () => {
  test("moves behind what was read and written, and goes where a seek says", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a", 100);
    machine.perform({ call: "fd_read", fd, size: 30 });
    expect(lastOpen(machine).position).toBe(30);
    machine.perform({ call: "fd_write", fd, size: 5 });
    expect(lastOpen(machine).position).toBe(35);
    machine.perform({ call: "fd_seek", fd, offset: -10, whence: 2 });
    expect(lastOpen(machine).position).toBe(90);
  });

  test("stays through positioned reads and writes, and through a read at the end", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a", 100);
    machine.perform({ call: "fd_pread", fd, size: 30, offset: 10 });
    machine.perform({ call: "fd_pwrite", fd, size: 30, offset: 10 });
    expect(lastOpen(machine).position).toBe(0);
    machine.perform({ call: "fd_seek", fd, offset: 500, whence: 0 });
    machine.perform({ call: "fd_read", fd, size: 30 });
    expect(lastOpen(machine).position).toBe(500);
  });

  test("is each open file's own", () => {
    const machine = scriptedMachine();
    machine.file("a", 100);
    const fd = machine.open("a");
    machine.perform({ call: "fd_read", fd, size: 30 });
    const positions = [1, 0].map((back) =>
      get(machine.state.files.opens, freeOpen(machine.state.files) - 1 - back),
    );
    expect(positions.map(({ position }) => position)).toEqual([0, 30]);
    expect(inodeAt(machine, "a").opens).toBe(2);
  });
});

test("an open file that is closed is gone, and its id is the next one's", () => {
  const machine = scriptedMachine();
  const fd = machine.file("a");
  const open = freeOpen(machine.state.files) - 1;
  machine.perform({ call: "fd_close", fd });
  expect([peek(machine.state.files.opens, open), inodeAt(machine, "a").opens]).toEqual([null, 0]);
  machine.open("b", 1);
  expect(get(machine.state.files.opens, open)).toMatchObject({ inode: machine.inodeOf("b"), position: 0 });
});

test("flags are the open file's own", () => {
  const machine = scriptedMachine();
  const fd = machine.open("a", 1, undefined, 4);
  expect(lastOpen(machine).flags).toBe(4);
  machine.perform({ call: "fd_fdstat_set_flags", fd, flags: 1 });
  expect(lastOpen(machine).flags).toBe(1);
});

describe("contents", () => {
  test("are what was written, each byte by its last writer", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a");
    const first = write(machine, fd, 0, 10_000);
    const second = write(machine, fd, 4000, 200);
    expect(contentRuns(inodeAt(machine, "a"), 0, 99_999)).toEqual([
      first,
      4000,
      second,
      200,
      first + 4200,
      5800,
    ]);
  });

  test("between what was written are zeros that cost nothing", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a");
    const far = write(machine, fd, MAX_FILE_BYTES - 3, 3);
    const inode = inodeAt(machine, "a");
    expect([inode.size, sizeOf(inode.chunks)]).toEqual([MAX_FILE_BYTES, 1]);
    expect(contentRuns(inode, MAX_FILE_BYTES - 10_000, 20_000)).toEqual([ZEROS, 9997, far, 3]);
  });

  test("of a write that goes over a chunk's edge stand in both chunks", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a");
    const position = write(machine, fd, CHUNK_BYTES - 1, 2);
    const inode = inodeAt(machine, "a");
    expect([get(inode.chunks, 0).pieces, get(inode.chunks, 1).pieces]).toEqual([
      [CHUNK_BYTES - 1, position, 1],
      [0, position + 1, 1],
    ]);
  });

  test("stay when nothing is written far behind them: the size is the same", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a", 10);
    write(machine, fd, 500, 0);
    expect(inodeAt(machine, "a").size).toBe(10);
  });
});

describe("a file's size", () => {
  const resized = (size: number, written = 10_000): Inode => {
    const machine = scriptedMachine();
    const fd = machine.file("a");
    write(machine, fd, 0, written);
    machine.perform({ call: "fd_filestat_set_size", fd, size });
    return inodeAt(machine, "a");
  };

  test.each([
    [0, 0],
    [1, 1],
    [CHUNK_BYTES, 1],
    [CHUNK_BYTES + 1, 2],
    [10_000, 3],
    [50_000, 3],
  ])("set to %d keeps %d chunks", (size, chunks) => {
    const inode = resized(size);
    expect([inode.size, sizeOf(inode.chunks)]).toEqual([size, chunks]);
  });

  test("that shrinks and grows again shows zeros, not what was there before", () => {
    const machine = scriptedMachine();
    const fd = machine.file("a");
    const position = write(machine, fd, 0, 5000);
    machine.perform({ call: "fd_filestat_set_size", fd, size: 100 });
    machine.perform({ call: "fd_filestat_set_size", fd, size: 5000 });
    expect(contentRuns(inodeAt(machine, "a"), 0, 5000)).toEqual([position, 100, ZEROS, 4900]);
  });
});

test("a chunk that is consolidated stands in one piece, and reads the same length", () => {
  const machine = scriptedMachine();
  const fd = machine.file("a", 5000);
  const inode = machine.inodeOf("a");
  write(machine, fd, 10, 5);
  const position = machine.state.head;
  machine.happen(PID, { type: "file/chunk-consolidated", inode, chunk: 0, position, length: CHUNK_BYTES });
  expect(get(inodeAt(machine, "a").chunks, 0).pieces).toEqual([0, position, CHUNK_BYTES]);
  expect(machine.state.head).toBe(position + CHUNK_BYTES);
});

test("what only looked changes nothing but, at most, the time of the last access", () => {
  const machine = scriptedMachine();
  const fd = machine.file("a", 10);
  machine.symlink("a", "l");
  const inode = machine.inodeOf("a");
  const before = JSON.stringify(machine.state.files);
  machine.perform({ call: "fd_filestat_get", fd });
  machine.perform({ call: "fd_tell", fd });
  machine.perform({ call: "fd_sync", fd });
  machine.perform({ call: "fd_advise", fd, offset: 0, size: 1, advice: 5 });
  machine.perform({ call: "path_readlink", fd: ROOT_FD, path: "l" });
  machine.happen(PID, { type: "file/examined", by: 0, inode });
  expect(JSON.stringify(machine.state.files)).toBe(before);
});

test("the first power-on gives the seed of names, and no later one changes it", () => {
  const machine = scriptedMachine();
  machine.file("a");
  machine.happen(0, { type: "machine/powered-on", wall: 10, clock: "host", version: 1, nameSeed: 12_345 });
  expect([machine.state.files.nameSeed, machine.state.files.wallBase]).toEqual([7, 10]);
  expect(machine.inodeOf("a")).toBeGreaterThan(0);
});
