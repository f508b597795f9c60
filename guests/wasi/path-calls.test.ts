import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { allRights } from "../../core/rights.ts";
import { pathCalls } from "./path-calls.ts";
import { ScriptedGuest } from "./scripted-guest.ts";

const PATH = 1024;
const OTHER = 8192;
const AT = 16_384;
const ROOT = 3;

/** A guest with a file f of 10 bytes, a directory d and a link l to "zwölf". */
function guest(): ScriptedGuest {
  const made = new ScriptedGuest();
  made.machine.file("f", 10);
  made.machine.directory("d");
  made.machine.symlink("zwölf", "l");
  made.memory.bytes.fill(9, AT, AT + 256);
  return made;
}

const open = (
  made: ScriptedGuest,
  path: string,
  more: { lookup?: number; oflags?: number; rights?: bigint; fdflags?: number } = {},
) => {
  const { lookup = 1, oflags = 0, rights = 2n, fdflags = 0 } = more;
  return made.call("path_open", ROOT, lookup, ...made.text(PATH, path), oflags, rights, rights, fdflags, AT);
};

describe("a path", () => {
  test.each([
    ["that is no UTF-8", [0xff], errno.ilseq],
    ["that is cut off within a character", [0x61, 0xc3], errno.ilseq],
    ["with a NUL in it", [0x61, 0], errno.inval],
    ["that is empty", [], errno.noent],
    ["that is absolute", [0x2f, 0x66], errno.perm],
  ])("%s is refused", (_, bytes, code) => {
    const made = guest();
    made.memory.bytes.set(bytes, PATH);
    expect(made.call("path_unlink_file", ROOT, PATH, bytes.length)).toBe(code);
  });

  test("that is too long is refused before it is read", () => {
    const made = guest();
    made.memory.bytes.fill(0xff, PATH, PATH + 4097);
    expect(made.call("path_unlink_file", ROOT, PATH, 4097)).toBe(errno.nametoolong);
    expect(made.call("path_unlink_file", ROOT, PATH, 4096)).toBe(errno.ilseq);
  });

  test("is as long as is said, and what stands behind it is not looked at", () => {
    const made = guest();
    made.text(PATH, "foo");
    expect(made.call("path_unlink_file", ROOT, PATH, 1)).toBe(0);
  });
});

describe("lookup flags", () => {
  test.each([2, 3, 0x8000_0000, -1])("%d are none", (lookup) => {
    const made = guest();
    expect(open(made, "f", { lookup })).toBe(errno.inval);
    expect(made.call("path_filestat_get", ROOT, lookup, ...made.text(PATH, "f"), AT)).toBe(errno.inval);
    expect(made.call("path_filestat_set_times", ROOT, lookup, ...made.text(PATH, "f"), 0n, 0n, 0)).toBe(
      errno.inval,
    );
    expect(
      made.call("path_link", ROOT, lookup, ...made.text(PATH, "f"), ROOT, ...made.text(OTHER, "g")),
    ).toBe(errno.inval);
  });

  test("say whether a link at the end is followed", () => {
    const made = guest();
    const [pointer, length] = made.text(PATH, "l");
    expect(made.call("path_filestat_get", ROOT, 1, pointer, length, AT)).toBe(errno.noent);
    expect(made.call("path_filestat_get", ROOT, 0, pointer, length, AT)).toBe(0);
  });
});

describe("opening", () => {
  test("answers the new descriptor in 32 bits", () => {
    const made = guest();
    expect(open(made, "f")).toBe(0);
    expect([made.u32(AT), made.u8(AT + 4)]).toEqual([5, 9]);
  });

  test("takes rights of 64 bits, and leaves out those that nobody knows", () => {
    const made = guest();
    const asked = pathCalls["path_open"]?.parse(made.memory, [
      ROOT,
      1,
      ...made.text(PATH, "f"),
      0,
      -1n,
      1n << 35n,
      0,
      AT,
    ]);
    expect(asked).toMatchObject({ rights: allRights, inheriting: 0, path: "f", follow: true });
  });

  test.each([{ oflags: 0x1_0000 }, { fdflags: 0x1_0000 }, { oflags: -1 }])(
    "with flags beyond 16 bits is EINVAL: %j",
    (flags) => {
      expect(open(guest(), "f", flags)).toBe(errno.inval);
    },
  );

  test("that is refused answers nothing", () => {
    const made = guest();
    expect(open(made, "new")).toBe(errno.noent);
    expect(made.bytes(AT, 4)).toEqual([9, 9, 9, 9]);
  });
});

describe("a link's target", () => {
  const read = (made: ScriptedGuest, room: number) =>
    made.call("path_readlink", ROOT, ...made.text(PATH, "l"), AT, room, AT + 100);

  test("is written whole, with its length and no end", () => {
    const made = guest();
    expect(read(made, 50)).toBe(0);
    expect([made.u32(AT + 100), made.textAt(AT, 6), made.u8(AT + 6)]).toEqual([6, "zwölf", 9]);
  });

  test.each([0, 1, 3, 6])("is cut off where its %d bytes of room end", (room) => {
    const made = guest();
    expect(read(made, room)).toBe(0);
    expect([made.u32(AT + 100), made.u8(AT + room)]).toEqual([room, 9]);
  });
});

describe("filestat", () => {
  test("of a directory counts one name, of a file all", () => {
    const made = guest();
    const links = (path: string) => {
      made.call("path_filestat_get", ROOT, 0, ...made.text(PATH, path), AT);
      return [made.u8(AT + 16), made.u64(AT + 24)];
    };
    made.call("path_link", ROOT, 0, ...made.text(PATH, "f"), ROOT, ...made.text(OTHER, "g"));
    expect([links("d"), links("f")]).toEqual([
      [3, 1n],
      [4, 2n],
    ]);
  });

  test("of a link is as long as its target, in bytes", () => {
    const made = guest();
    made.call("path_filestat_get", ROOT, 0, ...made.text(PATH, "l"), AT);
    expect([made.u8(AT + 16), made.u64(AT + 32)]).toEqual([7, 6n]);
  });

  test("of files of two mounts has two devices", () => {
    const made = guest();
    const fd = made.machine.mount();
    made.call("path_filestat_get", ROOT, 0, ...made.text(PATH, "."), AT);
    made.call("path_filestat_get", fd, 0, ...made.text(PATH, "."), AT + 64);
    expect(made.u64(AT)).not.toBe(made.u64(AT + 64));
  });
});

test("two paths of one call are each their own", () => {
  const made = guest();
  expect(made.call("path_rename", ROOT, ...made.text(PATH, "f"), ROOT, ...made.text(OTHER, "d/g"))).toBe(0);
  expect(made.call("path_symlink", ...made.text(PATH, "target"), ROOT, ...made.text(OTHER, "s"))).toBe(0);
  made.call("path_readlink", ROOT, ...made.text(PATH, "s"), AT, 50, AT + 100);
  expect([made.machine.inodeOf("d/g") > 0, made.textAt(AT, 6)]).toEqual([true, "target"]);
});

test("times are taken apart without losing a nanosecond", () => {
  const made = guest();
  const asked = pathCalls["path_filestat_set_times"]?.parse(made.memory, [
    ROOT,
    0,
    ...made.text(PATH, "f"),
    1_999_999_999n,
    -1n,
    0x1_0005,
  ]);
  expect(asked).toMatchObject({
    accessedSeconds: 1,
    accessedNanos: 999_999_999,
    modifiedSeconds: 18_446_744_073,
    modifiedNanos: 709_551_615,
    fstflags: 5,
  });
});
