import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { regularFileRights } from "../../core/rights.ts";
import { CHUNK_BYTES, MAX_FILE_BYTES } from "../files/file-state.ts";
import { fileType } from "../hosts/host-event.ts";
import { hostNode, PID, scriptedMachine } from "../scripted-machine.ts";
import { MAX_TRANSFER_BYTES } from "./file-contents.ts";

/** Why else than for want of a right is told in refusal-reasons.test.ts. */
const refused = (code: number, missing = 0) => ({
  kind: "refused",
  errno: code,
  reason: missing === 0 ? expect.any(String) : "lacks-right",
  missing,
});

/** A machine with a host's file of that size, open, of whose contents nothing is known. */
function withHostFile(size: number) {
  const machine = scriptedMachine();
  const root = machine.state.files.nextInode;
  const host = machine.mount();
  const inode = machine.list(root, ["a", fileType.regular]);
  machine.happen(0, hostNode({ inode, directory: root, name: "a", kind: fileType.regular, size }));
  const opened = machine.perform({
    call: "path_open",
    fd: host,
    path: "a",
    follow: true,
    oflags: 0,
    rights: regularFileRights,
    inheriting: 0,
    fdflags: 0,
  });
  const fd = opened.type === "file/opened" ? opened.slot : -1;
  const tell = (offset: number, length: number) =>
    machine.happen(0, { type: "host/content-read", inode, offset, position: machine.state.head, length });
  return { machine, inode, fd, tell };
}

describe("what only the host knows", () => {
  const needsContent = (inode: number, offset: number, length: number) => ({
    kind: "needs",
    demand: { need: "content", inode, offset, length },
  });

  test("is asked for when it is read, from its chunk on and some way ahead", () => {
    const { machine, inode, fd } = withHostFile(10_000_000);
    expect(machine.ask({ call: "fd_pread", fd, size: 10, offset: 5000 })).toEqual(
      needsContent(inode, CHUNK_BYTES, 64 * CHUNK_BYTES),
    );
    expect(machine.ask({ call: "fd_read", fd, size: 9_000_000 })).toEqual(
      needsContent(inode, 0, MAX_TRANSFER_BYTES),
    );
  });

  test("is not asked for beyond the file's end, nor again", () => {
    const { machine, inode, fd, tell } = withHostFile(5000);
    expect(machine.ask({ call: "fd_read", fd, size: 9999 })).toEqual(needsContent(inode, 0, 5000));
    tell(0, 5000);
    expect(machine.ask({ call: "fd_read", fd, size: 9999 })).toMatchObject({ facts: [{ length: 5000 }] });
  });

  test("is asked for chunk by chunk, from the first that is not known", () => {
    const { machine, inode, fd, tell } = withHostFile(20_000);
    tell(0, 2 * CHUNK_BYTES);
    expect(machine.ask({ call: "fd_read", fd, size: 20_000 })).toEqual(
      needsContent(inode, 2 * CHUNK_BYTES, 20_000 - 2 * CHUNK_BYTES),
    );
  });

  test("is asked for up to what is known, so that no answer hangs on when a write reached the host", () => {
    const { machine, inode, fd, tell } = withHostFile(20_000);
    tell(3 * CHUNK_BYTES, CHUNK_BYTES);
    expect(machine.perform({ call: "fd_pwrite", fd, offset: 3 * CHUNK_BYTES + 5, size: 5 }).type).toBe(
      "file/written-at",
    );
    expect(machine.ask({ call: "fd_pread", fd, size: 10, offset: 0 })).toEqual(
      needsContent(inode, 0, 3 * CHUNK_BYTES),
    );
    tell(0, 3 * CHUNK_BYTES);
    expect(machine.ask({ call: "fd_pread", fd, size: 20_000, offset: 0 })).toEqual(
      needsContent(inode, 4 * CHUNK_BYTES, 20_000 - 4 * CHUNK_BYTES),
    );
  });

  test("is asked for before a chunk is written in part, at either end, and not before it is written whole", () => {
    const { machine, inode, fd } = withHostFile(20_000);
    const write = (offset: number, size: number) => machine.ask({ call: "fd_pwrite", fd, offset, size });
    expect(write(CHUNK_BYTES + 5, 5)).toMatchObject({ demand: { offset: CHUNK_BYTES } });
    expect(write(0, CHUNK_BYTES + 5)).toMatchObject({ demand: { offset: CHUNK_BYTES } });
    expect(write(0, CHUNK_BYTES).kind).toBe("facts");
    expect(write(4 * CHUNK_BYTES, 20_000 - 4 * CHUNK_BYTES).kind).toBe("facts");
    expect(write(20_000, 10)).toEqual(needsContent(inode, 4 * CHUNK_BYTES, 20_000 - 4 * CHUNK_BYTES));
    expect(write(5 * CHUNK_BYTES, 10).kind).toBe("facts");
  });

  test("is asked for before the last name of an open file goes, and not for one of several", () => {
    const { machine, inode, fd, tell } = withHostFile(5000);
    const root = inode - 1;
    const unlink = (path: string) => machine.ask({ call: "path_unlink_file", fd: 4, path });
    expect(unlink("a")).toEqual(needsContent(inode, 0, 5000));
    machine.perform({ call: "path_link", fd: 4, path: "a", follow: false, toFd: 4, toPath: "b" });
    expect(unlink("a").kind).toBe("facts");
    machine.happen(PID, { type: "name/unlinked", by: 0, directory: root, name: "a", inode });
    tell(0, 5000);
    expect(unlink("b").kind).toBe("facts");
    machine.perform({ call: "fd_close", fd });
    expect(unlink("b").kind).toBe("facts");
  });

  test("is refused with the host's errno once it failed", () => {
    const { machine, inode, fd } = withHostFile(5000);
    machine.happen(0, { type: "host/read-failed", inode, errno: errno.io });
    expect(machine.ask({ call: "fd_read", fd, size: 1 })).toEqual(refused(errno.io));
    expect(machine.ask({ call: "fd_write", fd, size: 1 })).toEqual(refused(errno.io));
  });

  test("beyond the largest file that a machine has is not to be had", () => {
    const { machine, fd } = withHostFile(2 ** 47);
    expect(machine.ask({ call: "fd_pread", fd, size: 1, offset: MAX_FILE_BYTES })).toMatchObject({
      facts: [{ length: 0 }],
    });
    expect(machine.ask({ call: "fd_pread", fd, size: 9, offset: MAX_FILE_BYTES - 1 })).toMatchObject({
      demand: { offset: MAX_FILE_BYTES - CHUNK_BYTES },
    });
  });
});
