import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { beginEpoch, type Own } from "../../core/own.ts";
import { rowsOf } from "../../core/table.ts";
import {
  addName,
  type Directory,
  emptyDirectory,
  entryFrom,
  findEntry,
  hashName,
  nameCount,
  removeName,
  replaceEntry,
  serialOf,
} from "./directory.ts";

const SEED = 42;
const newDirectory = (): Own<Directory> => beginEpoch(emptyDirectory(true));
const add = (directory: Own<Directory>, name: string, inode: number): void =>
  addName(directory, { name, inode, kind: 4 }, SEED);

const namesOf = (directory: Directory): string[] =>
  [...rowsOf(directory.entries)].map(([, entry]) => entry.name);

const filled = (count: number): Own<Directory> => {
  const directory = newDirectory();
  for (let number = 0; number < count; number += 1) add(directory, `file-${number}`, number + 10);
  return directory;
};

/** The names in each bucket. */
const bucketSizes = (directory: Directory): number[] =>
  [...rowsOf(directory.buckets)].map(([, { names }]) => names.length / 2);

describe("names", () => {
  test("are found by name, each with its inode and kind", () => {
    const directory = filled(3);
    expect(findEntry(directory, "file-1", SEED)).toMatchObject({ name: "file-1", inode: 11, kind: 4 });
    expect(findEntry(directory, "file-3", SEED)).toBeNull();
    expect(findEntry(newDirectory(), "file-1", SEED)).toBeNull();
  });

  test("are told in the order in which they were made", () => {
    const directory = newDirectory();
    for (const name of ["zebra", "ant", "yak"]) add(directory, name, 1);
    expect(namesOf(directory)).toEqual(["zebra", "ant", "yak"]);
  });

  test("that are taken away leave the others' serials as they were", () => {
    const directory = filled(5);
    const before = serialOf(directory, "file-4", SEED);
    removeName(directory, "file-1", SEED);
    expect(serialOf(directory, "file-4", SEED)).toBe(before);
    expect([findEntry(directory, "file-1", SEED), nameCount(directory)]).toEqual([null, 4]);
  });

  test("never get a serial that another name had", () => {
    const directory = filled(1);
    removeName(directory, "file-0", SEED);
    add(directory, "file-0", 99);
    expect(serialOf(directory, "file-0", SEED)).toBe(1);
  });

  test("can come to stand for another inode, and keep their place", () => {
    const directory = filled(3);
    replaceEntry(directory, "file-1", 77, 3, SEED);
    expect(entryFrom(directory, 1)).toMatchObject({ serial: 1, entry: { inode: 77, kind: 3 } });
  });

  test.each(["", "a", "ä", "\u{1f600}", "a\ud800", "constructor", "__proto__"])("may be %j", (name) => {
    const directory = filled(20);
    add(directory, name, 5);
    expect(findEntry(directory, name, SEED)?.inode).toBe(5);
  });
});

describe("going through a directory", () => {
  test("begins at any serial, passes over gaps, and ends", () => {
    const directory = filled(4);
    removeName(directory, "file-1", SEED);
    expect(entryFrom(directory, 0)?.serial).toBe(0);
    expect(entryFrom(directory, 1)?.serial).toBe(2);
    expect(entryFrom(directory, 4)).toBeNull();
    expect(entryFrom(directory, 2 ** 53 - 3)).toBeNull();
  });
});

describe("names that hash alike", () => {
  // Under a seed of its own a machine cannot be made to hold these two apart by their hash alone.
  const [left, right] = (() => {
    const seen = new Map<number, string>();
    for (let number = 0; ; number += 1) {
      const name = `n${number}`;
      const hash = hashName(name, SEED);
      const other = seen.get(hash);
      if (other !== undefined) return [other, name] as const;
      seen.set(hash, name);
    }
  })();

  test("are told apart", () => {
    const directory = newDirectory();
    add(directory, left, 1);
    expect(findEntry(directory, right, SEED)).toBeNull();
    add(directory, right, 2);
    expect([findEntry(directory, left, SEED)?.inode, findEntry(directory, right, SEED)?.inode]).toEqual([
      1, 2,
    ]);
    removeName(directory, left, SEED);
    expect([findEntry(directory, left, SEED), findEntry(directory, right, SEED)?.inode]).toEqual([null, 2]);
  });

  test("no longer do under another seed", () => {
    expect(hashName(left, SEED + 1)).not.toBe(hashName(right, SEED + 1));
  });
});

describe("linear hashing", () => {
  test("splits one bucket for each name beyond eight to a bucket", () => {
    expect([filled(8), filled(9), filled(17), filled(25)].map(({ bits, split }) => [bits, split])).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
  });

  test("at 100,000 names, every name is found, and no bucket is long", () => {
    const directory = filled(100_000);
    for (let number = 0; number < 100_000; number += 997) {
      expect(findEntry(directory, `file-${number}`, SEED)?.inode).toBe(number + 10);
    }
    const sizes = bucketSizes(directory);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100_000);
    expect(Math.max(...sizes)).toBeLessThan(40);
    expect(2 ** directory.bits + directory.split).toBe(12_500);
  });

  test("leaves nothing behind when all names are gone", () => {
    const directory = filled(5000);
    for (let number = 0; number < 5000; number += 1) removeName(directory, `file-${number}`, SEED);
    expect([nameCount(directory), directory.entries.root, directory.buckets.root]).toEqual([0, null, null]);
  });

  test("a name that is added to a state that somebody kept leaves that state as it was", () => {
    const kept = filled(1000);
    const before = JSON.stringify(kept);
    const now = beginEpoch(kept as unknown as Directory);
    add(now, "one more", 5);
    removeName(now, "file-500", SEED);
    replaceEntry(now, "file-7", 1, 1, SEED);
    expect(JSON.stringify(kept)).toBe(before);
  });
});

test("any sequence of names does what a map does", () => {
  const change = fc.record({ kind: fc.constantFrom("add", "add", "remove", "epoch"), name: fc.nat(60) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 120 }), fc.nat(), (changes, seed) => {
      let directory = newDirectory();
      const model = new Map<string, number>();
      changes.forEach(({ kind, name }, index) => {
        const text = `n${name}`;
        if (kind === "epoch") directory = beginEpoch(directory as unknown as Directory);
        else if (kind === "remove" && model.delete(text)) removeName(directory, text, seed);
        else if (kind === "add" && !model.has(text)) {
          model.set(text, index);
          addName(directory, { name: text, inode: index, kind: 4 }, seed);
        }
      });
      expect([...rowsOf(directory.entries)].map(([, entry]) => [entry.name, entry.inode])).toEqual([
        ...model,
      ]);
      for (const [name, inode] of model) expect(findEntry(directory, name, seed)?.inode).toBe(inode);
      expect(bucketSizes(directory).reduce((sum, size) => sum + size, 0)).toBe(model.size);
    }),
    { numRuns: 60 },
  );
});
