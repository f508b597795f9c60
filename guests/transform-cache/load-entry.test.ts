import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, jest, test } from "@jest/globals";
import { TRANSFORM_VERSION } from "../transform/layout.ts";
import { fresh, plain, small, SampleCache } from "./sample-cache.ts";

jest.setTimeout(60_000);

let cache = new SampleCache();
afterEach(() => {
  cache.remove();
  cache = new SampleCache();
});
afterAll(() => cache.remove());

const module = small(5);
const expected = plain(fresh(module));

/** Whatever stands there now: the result is the same, and the entry is what it was. */
function isMadeAnew(path: string, entry: Uint8Array): void {
  expect(plain(cache.cached(module))).toEqual(expected);
  expect(lstatSync(path).isFile()).toBe(true);
  expect(Buffer.compare(readFileSync(path), entry)).toBe(0);
  expect(cache.names()).toHaveLength(1);
}

describe("an entry", () => {
  test("of another program under its name is not used", () => {
    cache.cached(module);
    const entry = readFileSync(cache.onlyPath());
    const path = cache.onlyPath();
    const other = small(6);
    cache.cached(other);
    const otherPath = join(
      cache.folder,
      cache.names().find((name) => join(cache.folder, name) !== path) ?? "",
    );
    renameSync(otherPath, path);
    isMadeAnew(path, entry);
  });

  test("with any byte changed is never used, and is made anew", () => {
    cache.cached(module);
    const path = cache.onlyPath();
    const entry = readFileSync(path);
    for (let at = 0; at < entry.length; at += 1) {
      const damaged = Buffer.from(entry);
      damaged[at] = (entry[at] ?? 0) ^ (1 + (at % 255));
      rmSync(path);
      writeFileSync(path, damaged, { mode: 0o600 });
      isMadeAnew(path, entry);
    }
  });

  test("that is cut off anywhere, or goes on, is never used, and is made anew", () => {
    cache.cached(module);
    const path = cache.onlyPath();
    const entry = readFileSync(path);
    for (let length = 0; length < entry.length; length += 1) {
      writeFileSync(path, entry.subarray(0, length));
      isMadeAnew(path, entry);
    }
    writeFileSync(path, Buffer.concat([entry, Buffer.of(0)]));
    isMadeAnew(path, entry);
  });

  test("that others may write is not used", () => {
    cache.cached(module);
    const path = cache.onlyPath();
    const entry = readFileSync(path);
    for (const mode of [0o620, 0o602, 0o666]) {
      chmodSync(path, mode);
      isMadeAnew(path, entry);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
  });
});

/** The entry with another content, and the hash that belongs to it. */
function forged(entry: Uint8Array, change: (content: Buffer) => Buffer): Buffer {
  const content = change(Buffer.from(entry.subarray(0, -32)));
  return Buffer.concat([content, createHash("sha256").update(content).digest()]);
}

describe("an entry with a hash that is right", () => {
  const with32 = (at: number, value: number) => (content: Buffer) => {
    content.writeUInt32LE(value >>> 0, at);
    return content;
  };
  const refused: readonly (readonly [string, (content: Buffer) => Buffer])[] = [
    ["of another kind of file", with32(0, 0)],
    ["of another format", with32(8, 2)],
    ["of another transform", with32(12, TRANSFORM_VERSION + 1)],
    ["of another key", with32(16, 0)],
    ["with a fast module of 4 GiB", with32(48, -1)],
    ["with a slow module of 4 GiB", with32(52, -1)],
    ["with a layout of 4 GiB", with32(56, -1)],
    ["with sizes that leave something over", with32(56, 0)],
    ["with something behind the layout", (content) => Buffer.concat([content, Buffer.of(0)])],
    ["with a layout that is none", (content) => with32(content.length - 4, -1)(content)],
  ];

  test.each(refused)("%s is not used, and is made anew", (_, change) => {
    cache.cached(module);
    const path = cache.onlyPath();
    const entry = readFileSync(path);
    writeFileSync(path, forged(entry, change));
    isMadeAnew(path, entry);
  });

  test("is believed else: a hash does not say who wrote it, the owner of the folder does", () => {
    cache.cached(module);
    const path = cache.onlyPath();
    writeFileSync(
      path,
      forged(readFileSync(path), (content) => with32(60, 0)(content)),
    );
    expect(cache.cached(module).fast.subarray(0, 4)).toEqual(new Uint8Array(4));
  });

  (process.geteuid?.() === 0 ? test : test.skip)("nor is one used that belongs to another user", () => {
    cache.cached(module);
    const path = cache.onlyPath();
    const entry = readFileSync(path);
    writeFileSync(path, forged(entry, with32(60, 0)));
    chownSync(path, 12_345, 0);
    isMadeAnew(path, entry);
    writeFileSync(path, forged(entry, with32(60, 0)));
    chownSync(cache.folder, 12_345, 0);
    expect(plain(cache.cached(module))).toEqual(expected);
    expect(readFileSync(path)).not.toEqual(entry);
  });
});

describe("in an entry's place", () => {
  const planted = (plant: (path: string, entry: Uint8Array) => void): void => {
    cache.cached(module);
    const path = cache.onlyPath();
    const entry = readFileSync(path);
    rmSync(path);
    plant(path, entry);
    isMadeAnew(path, entry);
  };

  test("a symlink is not followed, even to a good entry", () => {
    const target = join(cache.home, "target");
    planted((path, entry) => {
      writeFileSync(target, entry, { mode: 0o600 });
      symlinkSync(target, path);
    });
    expect(existsSync(target)).toBe(true);
  });

  test("a symlink to nothing is removed", () =>
    planted((path) => symlinkSync(join(cache.home, "none"), path)));

  test("a directory without anything in it is removed", () => planted((path) => mkdirSync(path)));

  test("a pipe is not waited for", () => planted((path) => void spawnSync("mkfifo", [path])));

  test("a directory with something in it stays, and nothing is kept", () => {
    cache.cached(module);
    const path = cache.onlyPath();
    rmSync(path);
    mkdirSync(path);
    writeFileSync(join(path, "somebody's"), "");
    expect(plain(cache.cached(module))).toEqual(expected);
    expect(cache.names()).toHaveLength(1);
    expect(readdirSync(path)).toEqual(["somebody's"]);
  });
});
