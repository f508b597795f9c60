/** The cache of transformed modules as processes meet it: several at once, one that damages it, a disk that is full. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { transformCached } from "../../guests/transform-cache/transform-cached.ts";
import { transformModule, type TransformedModule } from "../../guests/transform/transform-module.ts";
import { guest, inFreshDirectory } from "./foldos-command.ts";
import { mayMount, SmallDisk } from "./small-disk.ts";

jest.setTimeout(120_000);

const digest = ({ fast, slow, layout }: TransformedModule): string =>
  createHash("sha256").update(fast).update(slow).update(JSON.stringify(layout)).digest("hex");

/** Says "ready", and when its input ends goes through the programs so many times; prints a digest of each result. */
const SCRIPT = `
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
const [url, folder, maxBytes, rounds, shift, ...paths] = process.argv.slice(1);
const { transformCached } = await import(url);
const programs = paths.map((path) => readFileSync(path));
process.stdin.resume().on("end", () => {
  for (let turn = 0; turn < rounds * programs.length; turn += 1) {
    const place = (turn + Number(shift)) % programs.length;
    const { value } = transformCached(programs[place], {}, { folder, maxBytes: Number(maxBytes) });
    const hash = createHash("sha256").update(value.fast).update(value.slow).update(JSON.stringify(value.layout));
    process.stdout.write(place + " " + hash.digest("hex") + "\\n");
  }
});
process.stdout.write("ready\\n");
`;

interface Work {
  readonly folder: string;
  readonly maxBytes: number;
  readonly rounds: number;
  readonly paths: readonly string[];
}

function startOne({ folder, maxBytes, rounds, paths }: Work, shift: number): ChildProcess {
  const url = new URL("../../guests/transform-cache/transform-cached.js", import.meta.url).href;
  const words = [url, folder, maxBytes, rounds, shift].map(String);
  return spawn(process.execPath, ["--input-type=module", "-e", SCRIPT, ...words, ...paths], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** What four processes print that begin at the same moment, a set of lines for each. */
async function fourAtOnce(work: Work): Promise<readonly (readonly string[])[]> {
  const children = [0, 1, 2, 3].map((shift) => startOne(work, shift));
  const outputs = children.map((child) => {
    const said = { text: "" };
    child.stdout?.on("data", (chunk: Buffer) => {
      said.text += chunk.toString();
    });
    return said;
  });
  const ends = children.map((child) => once(child, "close"));
  while (!outputs.every(({ text }) => text.startsWith("ready\n")))
    await new Promise((resolve) => setTimeout(resolve, 10));
  for (const child of children) child.stdin?.end();
  expect((await Promise.all(ends)).map(([code]) => code as number)).toEqual([0, 0, 0, 0]);
  return outputs.map(({ text }) => [...new Set(text.split("\n").slice(1, -1))].sort());
}

const paths = ["hello", "exit", "raise", "cat", "random-bytes"].map((name) => guest(name));
const expected = paths.map((path, place) => {
  const result = transformModule(readFileSync(path));
  if (!result.ok) throw new Error(result.error.what);
  return `${place} ${digest(result.value)}`;
});

const sameForAll = [0, 1, 2, 3].map(() => [...expected].sort());
const withoutTemporaries = (folder: string): readonly string[] => {
  const names = readdirSync(folder);
  expect(names.filter((name) => !/^[0-9a-f]{64}\.module$/.test(name))).toEqual([]);
  return names;
};

describe("four processes at once", () => {
  test("make an empty cache, and all have the same", () =>
    inFreshDirectory(async (cwd) => {
      const folder = join(cwd, "not", "there");
      const work = { folder, maxBytes: 2 ** 30, rounds: 2, paths };
      expect(await fourAtOnce(work)).toEqual(sameForAll);
      expect(withoutTemporaries(folder)).toHaveLength(paths.length);
    }));

  test("evict each other's entries, and all have the same", () =>
    inFreshDirectory(async (cwd) => {
      const folder = join(cwd, "cache");
      const maxBytes = 400_000;
      expect(await fourAtOnce({ folder, maxBytes, rounds: 6, paths })).toEqual(sameForAll);
      const sizes = withoutTemporaries(folder).map((name) => statSync(join(folder, name)).size);
      expect(sizes.length).toBeLessThan(paths.length);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(maxBytes);
    }));

  test("have the same while a fifth cuts entries off and removes them", () =>
    inFreshDirectory(async (cwd) => {
      const folder = join(cwd, "cache");
      mkdirSync(folder, { mode: 0o700 });
      let damaged = 0;
      const vandal = setInterval(() => {
        for (const name of readdirSync(folder)) {
          try {
            if (damaged % 3 === 0) unlinkSync(join(folder, name));
            else truncateSync(join(folder, name), 1000 * (damaged % 50));
            damaged += 1;
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
          }
        }
      }, 5);
      try {
        expect(await fourAtOnce({ folder, maxBytes: 2 ** 30, rounds: 6, paths })).toEqual(sameForAll);
      } finally {
        clearInterval(vandal);
      }
      expect(damaged).toBeGreaterThan(20);
      withoutTemporaries(folder);
    }));
});

const canMount = await mayMount();
const why = canMount ? "" : " (passed over: this user may not mount a disk)";

(canMount ? test : test.skip)(
  `a full disk: modules are transformed in memory, and nothing is left${why}`,
  () =>
    inFreshDirectory(async (cwd) => {
      const disk = new SmallDisk(join(cwd, "disk"), "96k");
      try {
        const folder = join(cwd, "disk", "cache");
        const digestOf = (path: string): string => {
          const result = transformCached(readFileSync(path), {}, { folder });
          return result.ok ? digest(result.value) : result.error.what;
        };
        const digests = expected.map((line) => line.split(" ")[1]);
        const [large, small] = [0, 1].map((place) => paths[place] ?? "");
        expect(digestOf(large ?? "")).toBe(digests[0]);
        expect(readdirSync(folder)).toEqual([]);
        expect(digestOf(small ?? "")).toBe(digests[1]);
        expect(readdirSync(folder)).toHaveLength(1);
        disk.fill();
        expect(paths.map(digestOf)).toEqual(digests);
        expect(withoutTemporaries(folder)).toHaveLength(1);
      } finally {
        disk.remove();
      }
    }),
);
