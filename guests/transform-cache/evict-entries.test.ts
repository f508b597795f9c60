import { existsSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, jest, test } from "@jest/globals";
import { MAX_ENTRIES } from "./evict-entries.ts";
import { fresh, plain, small, SampleCache } from "./sample-cache.ts";

jest.setTimeout(60_000);

let cache = new SampleCache();
afterEach(() => {
  cache.remove();
  cache = new SampleCache();
});
afterAll(() => cache.remove());

describe("a cache is bounded", () => {
  const sizeOf = (): number => statSync(join(cache.folder, cache.names()[0] ?? "")).size;
  const minutesAgo = (path: string, minutes: number): void => {
    const seconds = Date.now() / 1000 - 60 * minutes;
    utimesSync(path, seconds, seconds);
  };
  /** Entries of these programs, made so many minutes ago, and their names. */
  const made = (questions: readonly number[]): readonly string[] =>
    questions.map((question, index) => {
      const before = existsSync(cache.folder) ? cache.names() : [];
      cache.cached(small(question));
      const name = cache.names().find((one) => !before.includes(one)) ?? "";
      minutesAgo(join(cache.folder, name), 100 - index);
      return name;
    });

  test("the least recently used goes first, and a use counts", () => {
    const [first, second, third] = made([1, 2, 3]);
    const maxBytes = 3 * sizeOf();
    cache.cached(small(1), {}, maxBytes);
    cache.cached(small(4), {}, maxBytes);
    expect(cache.names()).toHaveLength(3);
    expect(cache.names()).not.toContain(second);
    expect(cache.names()).toEqual(expect.arrayContaining([first, third]));
    cache.cached(small(5), {}, maxBytes);
    expect(cache.names()).toHaveLength(3);
    expect(cache.names()).not.toContain(third);
  });

  test("a use within a minute is not written down", () => {
    const [name = ""] = made([1]);
    minutesAgo(join(cache.folder, name), 0.5);
    const { mtimeMs } = statSync(join(cache.folder, name));
    cache.cached(small(1));
    expect(statSync(join(cache.folder, name)).mtimeMs).toBe(mtimeMs);
    minutesAgo(join(cache.folder, name), 2);
    cache.cached(small(1));
    expect(statSync(join(cache.folder, name)).mtimeMs).toBeGreaterThan(mtimeMs);
  });

  test("a time of use that is to come is set right", () => {
    const [name = ""] = made([1]);
    minutesAgo(join(cache.folder, name), -1000);
    cache.cached(small(1));
    expect(statSync(join(cache.folder, name)).mtimeMs).toBeLessThan(Date.now() + 60_000);
  });

  test("an entry that is larger than the cache is neither kept nor used", () => {
    const [name = ""] = made([1]);
    const size = sizeOf();
    expect(plain(cache.cached(small(1), {}, size - 1))).toEqual(plain(fresh(small(1))));
    expect(cache.names()).toEqual([]);
    for (const maxBytes of [0, -1, Number.NaN]) cache.cached(small(1), {}, maxBytes);
    expect(cache.names()).toEqual([]);
    cache.cached(small(1), {}, size);
    expect(cache.names()).toEqual([name]);
  });

  test("of many small entries the oldest go, since each is looked at", () => {
    const [name = ""] = made([1]);
    for (let index = 0; index < MAX_ENTRIES; index += 1) {
      const path = join(cache.folder, name.replace(/^.{4}/, index.toString(16).padStart(4, "0")));
      writeFileSync(path, "");
      minutesAgo(path, index === 7 ? 200 : 50);
    }
    cache.cached(small(2));
    expect(cache.names()).toHaveLength(MAX_ENTRIES);
    expect(cache.names()).not.toContain(name);
    expect(cache.names().some((one) => one.startsWith("0007"))).toBe(false);
  });

  test("what a dead process left counts, and is swept after an hour; what others keep there stays", () => {
    const [first = ""] = made([1]);
    const left = join(cache.folder, first.replace("module", "0123456789abcdef.temporary"));
    const foreign = [
      left.replace("temporary", "txt"),
      join(cache.folder, "notes"),
      join(cache.folder, "x.module"),
    ];
    for (const path of [left, ...foreign]) {
      writeFileSync(path, new Uint8Array(sizeOf()));
      minutesAgo(path, path === left ? 59 : 1000);
    }
    const maxBytes = 2 * statSync(join(cache.folder, first)).size;
    cache.cached(small(2), {}, maxBytes);
    expect(existsSync(left)).toBe(true);
    expect(cache.names()).not.toContain(first);
    minutesAgo(left, 61);
    cache.cached(small(3), {}, maxBytes);
    expect(existsSync(left)).toBe(false);
    expect(cache.names().filter((name) => name.length > 12 && name.endsWith(".module"))).toHaveLength(2);
    expect(foreign.every((path) => existsSync(path))).toBe(true);
  });
});
