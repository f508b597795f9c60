import { describe, expect, test } from "@jest/globals";
import { ROOT_INODE } from "../../reducers/files/file-state.ts";
import { ScriptedGuest } from "./scripted-guest.ts";

const BUFFER = 8192;
const USED = 4096;
const ROOT = 3;

interface Dirent {
  readonly next: bigint;
  readonly inode: bigint;
  readonly type: number;
  readonly name: string;
}

function guest(...names: readonly string[]): ScriptedGuest {
  const made = new ScriptedGuest();
  for (const name of names) made.machine.perform({ call: "fd_close", fd: made.machine.file(name) });
  return made;
}

const read = (made: ScriptedGuest, cookie: bigint, size = 16_384, fd = ROOT): number => {
  expect(made.call("fd_readdir", fd, BUFFER, size, cookie, USED)).toBe(0);
  return made.u32(USED);
};

/** The whole entries that were answered. */
function entries(made: ScriptedGuest, used: number): Dirent[] {
  const found: Dirent[] = [];
  for (let at = BUFFER; at + 24 <= BUFFER + used; ) {
    const length = made.u32(at + 16);
    if (at + 24 + length > BUFFER + used) break;
    found.push({
      next: made.u64(at),
      inode: made.u64(at + 8),
      type: made.u8(at + 20),
      name: made.textAt(at + 24, length),
    });
    at += 24 + length;
  }
  return found;
}

const all = (made: ScriptedGuest, cookie = 0n, fd = ROOT) => entries(made, read(made, cookie, 16_384, fd));

test("a directory is told with itself and its parent first, then its names in the order in which they were made", () => {
  const made = guest("zwölf", "a");
  made.machine.directory("d");
  made.machine.symlink("a", "l");
  const inode = (path: string) => BigInt(made.machine.inodeOf(path));
  const root = BigInt(ROOT_INODE);
  expect(all(made)).toEqual([
    { next: 1n, inode: root, type: 3, name: "." },
    { next: 2n, inode: root, type: 3, name: ".." },
    { next: 3n, inode: inode("zwölf"), type: 4, name: "zwölf" },
    { next: 4n, inode: inode("a"), type: 4, name: "a" },
    { next: 5n, inode: inode("d"), type: 3, name: "d" },
    { next: 6n, inode: inode("l"), type: 7, name: "l" },
  ]);
});

test("a directory below says which one it is in", () => {
  const made = guest();
  made.machine.directory("d");
  const fd = made.machine.openDirectory("d");
  expect(all(made, 0n, fd).map(({ name, inode }) => [name, inode])).toEqual([
    [".", BigInt(made.machine.inodeOf("d"))],
    ["..", BigInt(ROOT_INODE)],
  ]);
});

describe("a cookie", () => {
  test("goes on behind its entry", () => {
    const made = guest("a", "b", "c");
    for (const { next, name } of all(made)) {
      const names = [".", "..", "a", "b", "c"];
      expect(all(made, next).map((entry) => entry.name)).toEqual(names.slice(names.indexOf(name) + 1));
    }
  });

  test("stays good while names come and go", () => {
    const made = guest("a", "b", "c");
    const next = all(made)[2]?.next ?? 0n;
    for (const path of ["a", "b"]) made.machine.perform({ call: "path_unlink_file", fd: ROOT, path });
    made.machine.file("d");
    expect(all(made, next).map(({ name }) => name)).toEqual(["c", "d"]);
  });

  test.each([100n, 1n << 31n, 1n << 32n, (1n << 32n) + 2n, 1n << 63n, -1n])(
    "%d, behind the end, gives nothing",
    (cookie) => {
      expect(read(guest("a", "b"), cookie)).toBe(0);
    },
  );
});

describe("a buffer that is too small", () => {
  test("is filled to its end, which tells that there is more", () => {
    const made = guest("abcdef");
    const whole = read(made, 0n);
    expect(whole).toBe(25 + 26 + 30);
    for (const size of [0, 1, 23, 24, 25, 50, 51, 80]) {
      made.memory.bytes.fill(9, BUFFER, BUFFER + 100);
      expect(read(made, 0n, size)).toBe(size);
      expect(made.u8(BUFFER + size)).toBe(9);
    }
    expect(read(made, 0n, 82)).toBe(whole);
  });

  test("leads through the whole directory, whatever its size", () => {
    const names = Array.from({ length: 100 }, (_, index) => `name-${"x".repeat(index % 30)}-${index}`);
    const made = guest(...names);
    const found: string[] = [];
    for (let cookie = 0n; ; ) {
      const used = read(made, cookie, 100);
      const part = entries(made, used);
      found.push(...part.map(({ name }) => name));
      cookie = part[part.length - 1]?.next ?? cookie;
      if (used < 100) break;
    }
    expect(found).toEqual([".", "..", ...names]);
  });
});

test("a directory that was taken away is told as itself alone", () => {
  const made = guest();
  made.machine.directory("d");
  const fd = made.machine.openDirectory("d");
  made.machine.perform({ call: "path_remove_directory", fd: ROOT, path: "d" });
  expect(all(made, 0n, fd).map(({ name }) => name)).toEqual([".", ".."]);
});
