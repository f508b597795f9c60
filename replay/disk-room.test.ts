import { mkdtempSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { assureFirstRoom, CommitRoom } from "./disk-room.ts";
import { StoreFailed } from "./store-failed.ts";

const folder = mkdtempSync(join(tmpdir(), "foldos-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** How many bytes a commit may need so that there is no room for them. */
const freeBytes = (): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

describe("room for a store's first pages", () => {
  test("is given back at once", () => {
    assureFirstRoom(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("that cannot be had is an error of the host's, and leaves nothing behind", () => {
    expect(() => assureFirstRoom(join(folder, "none"))).toThrow("ENOENT");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a commit", () => {
  test("goes on where there is room", () => {
    const room = new CommitRoom();
    room.begin();
    room.take(1);
    room.take(100_000);
    expect(() => room.demand(folder)).not.toThrow();
  });

  test("is refused where it may need more than is free, and says how much", () => {
    const room = new CommitRoom();
    room.begin();
    room.take(2 * freeBytes());
    expect(() => room.demand(folder)).toThrow(StoreFailed);
    expect(() => room.demand(folder)).toThrow(/no space is left on its disk: \d+ bytes are free, \d+ may be/);
  });

  test("counts for each put its pages and one more, and what lies above them all", () => {
    const room = new CommitRoom();
    room.begin();
    const large = 4096 * Math.ceil((2 * freeBytes()) / 4096);
    room.take(large);
    room.take(1);
    room.take(4096);
    room.take(4097);
    const needed = 2 ** 18 + (large + 4096) + 2 * 4096 + 2 * 4096 + 3 * 4096;
    expect(() => room.demand(folder)).toThrow(` ${needed} may be needed`);
  });

  test("begins with nothing of the one before", () => {
    const room = new CommitRoom();
    room.take(2 * freeBytes());
    room.begin();
    expect(() => room.demand(folder)).not.toThrow();
  });
});

/** File systems of the host that are made of nothing say that they have no blocks. */
const isSizeless = (() => {
  try {
    return statfsSync("/proc").blocks === 0;
  } catch {
    return false;
  }
})();

(isSizeless ? test : test.skip)(
  "a file system that does not say how large it is is believed to have room",
  () => {
    const room = new CommitRoom();
    room.take(2 ** 50);
    expect(() => room.demand("/proc")).not.toThrow();
  },
);
