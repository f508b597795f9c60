/** The options of `foldos run`, each as it would be typed, by what they make of a run. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { foldos, guest, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(60_000);

const script = guest("file-script");
const jsonOf = (text: string): unknown => JSON.parse(text) as unknown;

describe("--env", () => {
  test("grants what it names, takes foldos's own value for a name alone, and nothing else is inherited", async () => {
    await inFreshDirectory(async (cwd) => {
      const flags = [
        "--env",
        "PLAIN=value",
        "--env",
        "EMPTY=",
        "--env",
        "EQUALS=a=b",
        "--env",
        "OUTER",
        "--env",
        "MISSING",
      ];
      const words = ["run", "--record", "rec", ...flags, guest("hello")];
      expect((await foldos(words, { cwd, env: { OUTER: "from outside ✓", OTHER: "no" } })).code).toBe(0);
      const { out } = await foldos(["show", "rec", "processes/1/environment", "--json"], { cwd });
      expect(jsonOf(out)).toEqual(["PLAIN=value", "EMPTY=", "EQUALS=a=b", "OUTER=from outside ✓"]);
    });
  });
});

/** A directory `host` with a file and a folder in it. */
function plant(cwd: string): () => readonly string[] {
  mkdirSync(join(cwd, "host/deep"), { recursive: true });
  writeFileSync(join(cwd, "host/a"), "old a");
  writeFileSync(join(cwd, "host/deep/b"), "old b");
  return () =>
    readdirSync(join(cwd, "host"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => `${path.slice(cwd.length)}: ${readFileSync(path, "utf8")}`)
      .sort();
}

/** How a libc says what the machine answered to a wish for more than was granted. */
const refusal = / -> (Capabilities insufficient|Operation not permitted|Read-only file system)$/;

const untouched = ["/host/a: old a", "/host/deep/b: old b"];
const changes = (root: string): readonly string[] => [
  `put:${root}/a:new`,
  `put:${root}/c:made`,
  `unlink:${root}/deep/b`,
  `cat:${root}/a`,
];

describe("--dir", () => {
  test("lets changes through to the host", async () => {
    await inFreshDirectory(async (cwd) => {
      const seen = plant(cwd);
      const ran = await foldos(["run", "--no-record", "--dir", "host::/", script, ...changes("")], { cwd });
      expect([ran.code, ran.out.split("\n")[3]]).toEqual([0, "cat:/a -> ok: new"]);
      expect(seen()).toEqual(["/host/a: new", "/host/c: made"]);
    });
  });

  test("with :ro lets a program read, and change nothing", async () => {
    await inFreshDirectory(async (cwd) => {
      const seen = plant(cwd);
      const ran = await foldos(["run", "--no-record", "--dir", "host::/:ro", script, ...changes("")], {
        cwd,
      });
      const [put, made, removed, read] = ran.out.split("\n");
      for (const line of [put, made, removed]) expect(line).toMatch(refusal);
      expect(read).toBe("cat:/a -> ok: old a");
      expect(seen()).toEqual(untouched);
    });
  });

  test("with :copy keeps changes in the machine, where they can be looked at", async () => {
    await inFreshDirectory(async (cwd) => {
      const seen = plant(cwd);
      const ran = await foldos(["run", "--record", "rec", "--dir", "host::/:copy", script, ...changes("")], {
        cwd,
      });
      expect([ran.code, ran.out.split("\n")[3]]).toEqual([0, "cat:/a -> ok: new"]);
      expect(seen()).toEqual(untouched);
      expect((await foldos(["cat", "rec", "end", "/c"], { cwd })).out).toBe("made");
      writeFileSync(join(cwd, "host/a"), "changed since");
      expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
    });
  });

  test("can be given many times, each with its name and its way", async () => {
    await inFreshDirectory(async (cwd) => {
      const seen = plant(cwd);
      mkdirSync(join(cwd, "out"));
      const grants = ["--dir", "host::/in:ro", "--dir", "host/deep::/copy:copy", "--dir", "out::/out"];
      const steps = [
        "cat:/in/a",
        "put:/in/x:1",
        "put:/copy/b:mine",
        "cat:/copy/b",
        "put:/out/y:2",
        "cat:/else",
      ];
      const ran = await foldos(["run", "--no-record", ...grants, script, ...steps], { cwd });
      const [read, refused, , copied, put, elsewhere] = ran.out.split("\n");
      expect([read, copied]).toEqual(["cat:/in/a -> ok: old a", "cat:/copy/b -> ok: mine"]);
      expect([put, readFileSync(join(cwd, "out/y"), "utf8")]).toEqual(["put:/out/y:2 -> ok", "2"]);
      for (const line of [refused, elsewhere]) expect(line).toMatch(refusal);
      expect(seen()).toEqual(untouched);
    });
  });

  test("without a name for the program goes by the host's", async () => {
    await inFreshDirectory(async (cwd) => {
      plant(cwd);
      const ran = await foldos(["run", "--no-record", "--dir", "host:ro", script, "cat:host/a"], { cwd });
      expect(ran.out).toContain("-> ok: old a");
    });
  });
});

describe("--record, --no-record and --keep", () => {
  test("say where a recording goes, that there is none, and how many stay", async () => {
    await inFreshDirectory(async (cwd) => {
      const run = async (...flags: readonly string[]) => foldos(["run", ...flags, guest("hello")], { cwd });
      expect((await run("--no-record")).code).toBe(0);
      expect(readdirSync(cwd)).toEqual([]);
      expect((await run("--record", "some/where/new")).code).toBe(0);
      expect(existsSync(join(cwd, "some/where/new/data.mdb"))).toBe(true);
      expect(existsSync(join(cwd, ".foldos"))).toBe(false);
      for (const _ of [1, 2, 3]) expect((await run("--keep", "2")).code).toBe(0);
      const kept = readdirSync(join(cwd, ".foldos")).filter((name) => name !== "last");
      expect([kept.length, existsSync(join(cwd, "some/where/new/data.mdb"))]).toEqual([2, true]);
      expect((await foldos(["replay", "last"], { cwd })).code).toBe(0);
    });
  });
});

describe("--seed and --clock", () => {
  test("with both, a run is the same to the byte; another seed gives other bytes", async () => {
    await inFreshDirectory(async (cwd) => {
      const run = async (seed: string, recording: string) => {
        const flags = ["--seed", seed, "--clock", "virtual", "--record", recording];
        const { out } = await foldos(["run", ...flags, guest("random-bytes"), "40"], { cwd });
        const { out: log } = await foldos(["log", recording, "--json"], { cwd });
        return { out, log };
      };
      const first = await run("7", "a");
      expect(first.out).toMatch(/^[0-9a-f]{64}\n[0-9a-f]{16}\n$/);
      expect(await run("7", "b")).toEqual(first);
      expect((await run("8", "c")).out).not.toBe(first.out);
    });
  });

  test("virtual time passes as far as it is slept, and the machine has waited for nothing", async () => {
    await inFreshDirectory(async (cwd) => {
      // A day: on the host's clock the run would not end within the test.
      const words = ["run", "--clock", "virtual", "--record", "rec", guest("sleep"), "86400000"];
      expect(await foldos(words, { cwd })).toMatchObject({ code: 0, out: "slept 86400000 ms\n" });
      const { out } = await foldos(["info", "rec", "--json"], { cwd });
      expect((jsonOf(out) as { seconds: number }).seconds).toBeGreaterThanOrEqual(86_400);
    });
  });
});

test("--max-memory is the most that a program gets; what is beyond it is refused, and the program goes on", async () => {
  await inFreshDirectory(async (cwd) => {
    const run = async (size: string) =>
      foldos(["run", "--record", `rec-${size}`, "--max-memory", size, guest("grow-memory")], { cwd });
    const allocated = async (size: string): Promise<number> =>
      Number(/^allocated (\d+) MiB, 0 of them wrong\n$/.exec((await run(size)).out)?.[1]);
    const [less, more] = [await allocated("8M"), await allocated("40M")];
    expect([less < 8, less >= 4, more < 40, more >= 32]).toEqual([true, true, true, true]);
    expect((await foldos(["replay", "rec-8M"], { cwd })).code).toBe(0);
    expect(await foldos(["run", "--max-memory", "64K", guest("hello")], { cwd })).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /hello\.wasm: it needs 1.0625 MiB of memory to start, and may have 0.0625 MiB.*\n {2}.*--max-memory/,
      ),
    });
  });
});

test.each(["group", "event", "none"])(
  "--durability %s gives the same output and a recording that replays",
  async (how) => {
    await inFreshDirectory(async (cwd) => {
      const words = [
        "run",
        "--record",
        "rec",
        "--durability",
        how,
        "--dir",
        ".::/",
        script,
        "put:/a:1",
        "stat:/a",
        "cat:/a",
      ];
      const ran = await foldos(words, { cwd });
      expect(ran.out).toMatch(/^put:\/a:1 -> ok\n.*\ncat:\/a -> ok: 1\n$/);
      expect(readFileSync(join(cwd, "a"), "utf8")).toBe("1");
      expect((await foldos(["replay", "rec"], { cwd })).out).toMatch(/^([\d,]+) events, \1 equal\n$/);
    });
  },
);
