import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, jest, test } from "@jest/globals";
import { transformModule, type TransformOptions } from "../transform/transform-module.ts";
import { fresh, plain, small, SampleCache } from "./sample-cache.ts";
import { transformCached } from "./transform-cached.ts";

jest.setTimeout(60_000);

let cache = new SampleCache();
afterEach(() => {
  cache.remove();
  cache = new SampleCache();
});
afterAll(() => cache.remove());

const module = small(5);
const expected = plain(fresh(module));

describe("an entry", () => {
  test("is made once, and loaded then", () => {
    expect(plain(cache.cached(module))).toEqual(expected);
    const path = cache.onlyPath();
    const { ino } = statSync(path);
    expect(plain(cache.cached(module))).toEqual(expected);
    expect(statSync(path).ino).toBe(ino);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(cache.folder).mode & 0o777).toBe(0o700);
  });

  test("is another for every option that changes the output", () => {
    const all: readonly TransformOptions[] = [
      {},
      { maxPages: 5 },
      { maxPages: 6 },
      { maxTableEntries: 5 },
      { stackBytes: 4096 },
      { canonicalNans: false },
    ];
    for (const options of [...all, ...all])
      expect(plain(cache.cached(module, options))).toEqual(plain(fresh(module, options)));
    expect(cache.names()).toHaveLength(all.length);
    cache.cached(module, { maxPages: 65_536, canonicalNans: true });
    expect(cache.names()).toHaveLength(all.length);
  });
});

describe("a refusal", () => {
  test("is the same with the cache, and is not kept", () => {
    const bytes = small(5).slice(0, -1);
    expect(transformCached(bytes, {}, { folder: cache.folder })).toEqual(transformModule(bytes));
    expect(transformCached(module, { maxPages: 0 }, { folder: cache.folder })).toEqual(
      transformModule(module, { maxPages: 0 }),
    );
    expect(existsSync(cache.folder)).toBe(false);
  });

  test("comes also of a module whose other options have an entry", () => {
    cache.cached(module);
    expect(transformCached(module, { maxPages: 0 }, { folder: cache.folder }).ok).toBe(false);
  });
});

describe("without a place to keep it, a module is transformed all the same", () => {
  test("no folder", () => {
    expect(transformCached(module, {}, { folder: null })).toEqual(transformModule(module));
  });

  test.each(["/proc/foldos/cache", "/dev/null", "/dev/null/cache", "a\0b", "/proc/self/cache"])(
    "%j",
    (path) => {
      expect(transformCached(module, {}, { folder: path })).toEqual(transformModule(module));
    },
  );

  test("a folder that others may write", () => {
    mkdirSync(cache.folder, { recursive: true });
    for (const mode of [0o777, 0o770, 0o1777, 0o702]) {
      chmodSync(cache.folder, mode);
      expect(plain(cache.cached(module))).toEqual(expected);
      expect(cache.names()).toEqual([]);
    }
  });

  test("nor is a good entry in such a folder used or removed", () => {
    cache.cached(module);
    linkSync(cache.onlyPath(), join(cache.home, "kept"));
    writeFileSync(cache.onlyPath(), "bad");
    chmodSync(cache.folder, 0o777);
    expect(plain(cache.cached(module))).toEqual(expected);
    expect(readFileSync(cache.onlyPath(), "utf8")).toBe("bad");
  });

  test("options that are no numbers of anything are the transform's affair", () => {
    for (const options of [{ stackBytes: 4096.5 }, { maxPages: Number.NaN }]) {
      let direct: unknown = null;
      try {
        direct = transformModule(module, options);
      } catch (error) {
        expect(() => transformCached(module, options, { folder: cache.folder })).toThrow(
          (error as Error).message,
        );
        continue;
      }
      expect(transformCached(module, options, { folder: cache.folder })).toEqual(direct);
    }
    expect(existsSync(cache.folder)).toBe(false);
  });
});
