import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { regularFileRights, right } from "../../core/rights.ts";
import { get } from "../../core/table.ts";
import { CHUNK_BYTES, MAX_CHUNK_PIECES, MAX_FILE_BYTES } from "../files/file-state.ts";
import { ROOT_FD, scriptedMachine } from "../scripted-machine.ts";
import { MAX_TRANSFER_BYTES } from "./file-contents.ts";
import type { Request } from "./request.ts";

/** Why else than for want of a right is told in refusal-reasons.test.ts. */
const refused = (code: number, missing = 0) => ({
  kind: "refused",
  errno: code,
  reason: missing === 0 ? expect.any(String) : "lacks-right",
  missing,
});

/** A machine with a file of 10,000 bytes, open with these rights. */
function withFile(rights = regularFileRights, flags = 0) {
  const machine = scriptedMachine();
  machine.perform({ call: "fd_close", fd: machine.file("a", 10_000) });
  return { machine, fd: machine.open("a", 0, rights, flags) };
}

describe("reading", () => {
  test.each([
    ["from the position on", { call: "fd_read", size: 100 }, { type: "file/read", offset: 0, length: 100 }],
    [
      "at an offset",
      { call: "fd_pread", size: 100, offset: 50 },
      { type: "file/read-at", offset: 50, length: 100 },
    ],
    ["over the end is short", { call: "fd_pread", size: 100, offset: 9950 }, { offset: 9950, length: 50 }],
    ["at the end gives nothing", { call: "fd_pread", size: 100, offset: 10_000 }, { length: 0 }],
    ["far behind the end gives nothing", { call: "fd_pread", size: 100, offset: 2 ** 53 - 1 }, { length: 0 }],
    ["nothing gives nothing", { call: "fd_read", size: 0 }, { length: 0 }],
  ])("%s", (_, request, fact) => {
    const { machine, fd } = withFile();
    expect(machine.ask({ fd, ...request } as Request)).toMatchObject({ kind: "facts", facts: [fact] });
  });

  test("is cut where one call's bytes end", () => {
    const { machine, fd } = withFile();
    machine.perform({ call: "fd_filestat_set_size", fd, size: MAX_FILE_BYTES });
    const most = machine.ask({ call: "fd_pread", fd, size: 2 ** 31 - 1, offset: 5 });
    expect(most).toMatchObject({ facts: [{ length: MAX_TRANSFER_BYTES }] });
  });

  test.each([
    [
      "without the right",
      regularFileRights & ~right.fdRead,
      refused(errno.notcapable, right.fdRead),
      refused(errno.notcapable, right.fdRead),
    ],
    [
      "without the right to seek",
      regularFileRights & ~right.fdSeek,
      { kind: "facts" },
      refused(errno.notcapable, right.fdSeek),
    ],
    [
      "without either",
      right.fdSync,
      refused(errno.notcapable, right.fdRead),
      refused(errno.notcapable, right.fdRead | right.fdSeek),
    ],
  ])("%s", (_, rights, plain, positioned) => {
    const { machine, fd } = withFile(rights);
    expect(machine.ask({ call: "fd_read", fd, size: 1 })).toMatchObject(plain);
    expect(machine.ask({ call: "fd_pread", fd, size: 1, offset: 0 })).toMatchObject(positioned);
  });
});

describe("writing", () => {
  test("goes to the position, and its bytes to the end of the stream", () => {
    const { machine, fd } = withFile();
    machine.perform({ call: "fd_seek", fd, offset: 7, whence: 0 });
    expect(machine.ask({ call: "fd_write", fd, size: 3 })).toMatchObject({
      facts: [{ type: "file/written", offset: 7, position: machine.state.head, length: 3 }],
    });
  });

  test("to a file that appends goes to its end, wherever the position is; a positioned write does not", () => {
    const { machine, fd } = withFile(regularFileRights, 1);
    expect(machine.ask({ call: "fd_write", fd, size: 3 })).toMatchObject({ facts: [{ offset: 10_000 }] });
    expect(machine.ask({ call: "fd_pwrite", fd, size: 3, offset: 5 })).toMatchObject({
      facts: [{ offset: 5 }],
    });
  });

  test("is cut where one call's bytes end", () => {
    const { machine, fd } = withFile();
    expect(machine.ask({ call: "fd_write", fd, size: 2 ** 31 - 1 })).toMatchObject({
      facts: [{ length: MAX_TRANSFER_BYTES }],
    });
  });

  test("is cut at the largest file, and refused behind it", () => {
    const { machine, fd } = withFile();
    const at = (offset: number, size: number) => machine.ask({ call: "fd_pwrite", fd, offset, size });
    expect(at(MAX_FILE_BYTES - 3, 10)).toMatchObject({ facts: [{ length: 3 }] });
    expect([at(MAX_FILE_BYTES, 1), at(2 ** 53 - 1, 1)]).toEqual([refused(errno.fbig), refused(errno.fbig)]);
  });

  test.each([0, MAX_FILE_BYTES, MAX_FILE_BYTES + 1, 2 ** 53 - 1])(
    "nothing at %d is nothing, and no refusal",
    (offset) => {
      const { machine, fd } = withFile();
      expect(machine.perform({ call: "fd_pwrite", fd, offset, size: 0 })).toMatchObject({ length: 0 });
    },
  );

  test.each([
    [
      "without the right",
      regularFileRights & ~right.fdWrite,
      refused(errno.notcapable, right.fdWrite),
      refused(errno.notcapable, right.fdWrite),
    ],
    [
      "without the right to seek",
      regularFileRights & ~right.fdSeek,
      { kind: "facts" },
      refused(errno.notcapable, right.fdSeek),
    ],
  ])("%s", (_, rights, plain, positioned) => {
    const { machine, fd } = withFile(rights);
    expect(machine.ask({ call: "fd_write", fd, size: 1 })).toMatchObject(plain);
    expect(machine.ask({ call: "fd_pwrite", fd, size: 1, offset: 0 })).toMatchObject(positioned);
  });
});

describe("a chunk in too many pieces is put into one place before the next write into it", () => {
  const inPieces = (chunk: number) => {
    const { machine, fd } = withFile();
    const pieces = (): number => {
      const { chunks } = get(machine.state.files.inodes, machine.inodeOf("a"));
      return get(chunks, chunk).pieces.length / 3;
    };
    for (let place = 0; pieces() <= MAX_CHUNK_PIECES; place += 100) {
      machine.perform({ call: "fd_pwrite", fd, offset: chunk * CHUNK_BYTES + place, size: 10 });
    }
    return { machine, fd };
  };

  test("and the bytes of the write stand behind it", () => {
    const { machine, fd } = inPieces(0);
    const { head } = machine.state;
    expect(machine.ask({ call: "fd_pwrite", fd, offset: 50, size: 10 })).toMatchObject({
      facts: [
        { type: "file/chunk-consolidated", chunk: 0, position: head, length: CHUNK_BYTES },
        { type: "file/written-at", offset: 50, position: head + CHUNK_BYTES, length: 10 },
      ],
    });
  });

  test("also where the write ends", () => {
    const { machine, fd } = inPieces(1);
    expect(machine.ask({ call: "fd_pwrite", fd, offset: CHUNK_BYTES - 1, size: 2 })).toMatchObject({
      facts: [{ type: "file/chunk-consolidated", chunk: 1 }, { type: "file/written-at" }],
    });
  });

  test("so writes that end in it at ever other places leave it in few", () => {
    const { machine, fd } = withFile();
    for (let size = 4000; size > 3000; size -= 3)
      machine.perform({ call: "fd_pwrite", fd, offset: CHUNK_BYTES - 1, size });
    const { chunks } = get(machine.state.files.inodes, machine.inodeOf("a"));
    expect(get(chunks, 1).pieces.length / 3).toBeLessThanOrEqual(MAX_CHUNK_PIECES + 2);
  });

  test("only as far as the file goes", () => {
    const { machine, fd } = inPieces(2);
    expect(machine.ask({ call: "fd_pwrite", fd, offset: 2 * CHUNK_BYTES, size: 1 })).toMatchObject({
      facts: [{ type: "file/chunk-consolidated", length: 10_000 - 2 * CHUNK_BYTES }, { length: 1 }],
    });
  });

  test("but not before a write of nothing, or one into another chunk", () => {
    const { machine, fd } = inPieces(0);
    expect(machine.ask({ call: "fd_pwrite", fd, offset: 50, size: 0 })).toMatchObject({
      facts: [{ length: 0 }],
    });
    expect(machine.ask({ call: "fd_pwrite", fd, offset: 5000, size: 1 })).toMatchObject({
      facts: [{ length: 1 }],
    });
  });
});

describe("a size", () => {
  const setSize = (size: number) => ({ call: "fd_filestat_set_size" as const, size });
  const allocate = (offset: number, size: number) => ({ call: "fd_allocate" as const, offset, size });

  test.each([
    ["set", setSize(5), 5],
    ["set to the most", setSize(MAX_FILE_BYTES), MAX_FILE_BYTES],
    ["allocated within the file stays", allocate(0, 100), 10_000],
    ["allocated beyond its end grows", allocate(9999, 2), 10_001],
    ["allocated to the most", allocate(MAX_FILE_BYTES - 1, 1), MAX_FILE_BYTES],
  ])("%s", (_, request, size) => {
    const { machine, fd } = withFile();
    expect(machine.ask({ fd, ...request })).toMatchObject({ facts: [{ type: "file/resized", size }] });
  });

  test.each([
    ["beyond the largest file", setSize(MAX_FILE_BYTES + 1), regularFileRights, refused(errno.fbig)],
    [
      "allocated beyond the largest file",
      allocate(MAX_FILE_BYTES, 1),
      regularFileRights,
      refused(errno.fbig),
    ],
    [
      "allocated at the far end of numbers",
      allocate(2 ** 53 - 1, 2 ** 53 - 1),
      regularFileRights,
      refused(errno.fbig),
    ],
    ["allocated for nothing", allocate(5, 0), regularFileRights, refused(errno.inval)],
    ["without the right", setSize(1), right.fdRead, refused(errno.notcapable, right.fdFilestatSetSize)],
    [
      "allocated without the right",
      allocate(0, 0),
      right.fdRead,
      refused(errno.notcapable, right.fdAllocate),
    ],
  ])("%s is refused", (_, request, rights, expected) => {
    const { machine, fd } = withFile(rights);
    expect(machine.ask({ fd, ...request })).toEqual(expected);
  });
});

test("a directory's contents are neither read nor written nor sized", () => {
  const machine = scriptedMachine();
  const fd = ROOT_FD;
  const requests: readonly Request[] = [
    { call: "fd_read", fd, size: 1 },
    { call: "fd_pread", fd, size: 1, offset: 0 },
    { call: "fd_write", fd, size: 1 },
    { call: "fd_pwrite", fd, size: 1, offset: 0 },
    { call: "fd_allocate", fd, offset: 0, size: 1 },
    { call: "fd_filestat_set_size", fd, size: 1 },
  ];
  for (const request of requests) {
    expect(machine.ask(request)).toEqual(refused(errno.badf));
    expect(machine.ask({ ...request, fd: 99 } as Request)).toEqual(refused(errno.badf));
  }
});
