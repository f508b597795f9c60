/** Machines of several programs, booted, replayed, cut off and gone on with. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { foldos, guest, inFreshDirectory, showsOurStack } from "./foldos-command.ts";

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;

function plant(cwd: string, machine: Json): void {
  writeFileSync(
    join(cwd, "machine.json"),
    JSON.stringify({ version: 1, clock: "virtual", seed: 7, ...machine }),
  );
}

const boot = (cwd: string, ...flags: readonly string[]) =>
  foldos(["boot", "--record", "rec", ...flags, "machine.json"], { cwd });

async function replays(cwd: string): Promise<void> {
  const { code, out, err } = await foldos(["replay", "rec"], { cwd });
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^([\d,]+) events, \1 equal\n$/);
}

const logOf = async (cwd: string): Promise<readonly { readonly type: string; readonly pid: number }[]> =>
  (await foldos(["log", "rec", "--json"], { cwd })).out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; pid: number });

/** A text that is long enough to fill pipes, in lines that are told apart. */
const TEXT = Array.from({ length: 20_000 }, (_, line) => `${line} the quick brown fox\n`).join("");

const pipeline = (quantum: number, capacity: string): Json => ({
  scheduler: { quantum, seed: 3 },
  processes: {
    first: {
      program: guest("cat"),
      args: ["/text"],
      directories: [{ guest: "/", host: "files", mode: "read-only" }],
      stdout: { pipe: "one" },
    },
    second: { program: guest("cat"), stdin: { pipe: "one" }, stdout: { pipe: "two" } },
    third: { program: guest("cat"), stdin: { pipe: "two" } },
  },
  pipes: { one: { capacity }, two: { capacity: "64KiB" } },
});

function plantText(cwd: string): void {
  mkdirSync(join(cwd, "files"));
  writeFileSync(join(cwd, "files/text"), TEXT);
}

describe("bytes through pipes", () => {
  test.each([
    [1, "64KiB"],
    [7, "1KiB"],
    [1000, "100B"],
    [1_000_000, "64KiB"],
  ])("are all there, once and in order, with a quantum of %d and a pipe of %s", (quantum, capacity) =>
    inFreshDirectory(async (cwd) => {
      plantText(cwd);
      plant(cwd, pipeline(quantum, capacity));
      const { code, out, err } = await boot(cwd);
      expect([code, err, out === TEXT]).toEqual([0, "", true]);
      await replays(cwd);
    }),
  );

  test("are there also when the power was cut in the middle", () =>
    inFreshDirectory(async (cwd) => {
      plantText(cwd);
      plant(cwd, pipeline(500, "1KiB"));
      const killed = await foldos(["boot", "--record", "rec", "machine.json"], {
        cwd,
        onStarted: (child) => child.stdout?.once("data", () => child.kill("SIGKILL")),
      });
      expect(killed.signal).toBe("SIGKILL");
      const rest = await foldos(["resume", "rec"], { cwd });
      expect([rest.code, killed.out + rest.out === TEXT]).toEqual([0, true]);
      await replays(cwd);
    }));
});

test("a writer whose reader has gone is refused, and the rest of the machine goes on", () =>
  inFreshDirectory(async (cwd) => {
    plantText(cwd);
    plant(cwd, {
      processes: {
        writer: {
          program: guest("cat"),
          args: ["/text"],
          directories: [{ guest: "/", host: "files", mode: "read-only" }],
          stdout: { pipe: "one" },
        },
        reader: { program: guest("hello"), stdin: { pipe: "one" }, stdout: "null" },
        other: { program: guest("hello") },
      },
      pipes: { one: {} },
    });
    const { code, out, err } = await boot(cwd);
    expect([code, out]).toEqual([1, (await foldos(["run", "--no-record", guest("hello")], { cwd })).out]);
    expect(err).toContain("writer: exited with");
    await replays(cwd);
  }));

test("one that spins does not keep the others from running, and is ended by its limit", () =>
  inFreshDirectory(async (cwd) => {
    plant(cwd, {
      scheduler: { quantum: 100_000 },
      processes: {
        spinner: { program: guest("spin"), stdout: "null", limits: { ticks: 300_000_000 } },
        worker: { program: guest("cpu-bound"), args: ["20"] },
      },
    });
    const { code, out, err } = await boot(cwd);
    expect([code, out.length, err]).toEqual([1, 65, "foldos: spinner: killed by SIGXCPU\n"]);
    const log = await logOf(cwd);
    expect(log.filter(({ type }) => type === "process/preempted").length).toBeGreaterThan(10);
    await replays(cwd);
  }));

test("processes start after those that they are to follow, and never after one that failed", () =>
  inFreshDirectory(async (cwd) => {
    const exits = (code: string) => ({ program: guest("exit-code"), args: [code] });
    plant(cwd, {
      processes: {
        last: { ...exits("0"), after: ["middle"] },
        middle: { ...exits("0"), after: ["first"] },
        first: exits("0"),
        never: { ...exits("0"), after: ["failed"] },
        failed: exits("3"),
      },
    });
    const { code, err } = await boot(cwd);
    expect([code, err]).toEqual([1, "foldos: failed: exited with 3\n"]);
    const { out } = await foldos(["info", "rec", "--json"], { cwd });
    const { processes } = JSON.parse(out) as { processes: readonly { name: string }[] };
    expect(processes.map(({ name }) => name)).toEqual(["first", "failed", "middle", "last"]);
    await replays(cwd);
  }));

test("one that fails is started again, so often and after such a time", () =>
  inFreshDirectory(async (cwd) => {
    plant(cwd, {
      processes: {
        failing: {
          program: guest("exit-code"),
          args: ["3"],
          restart: { condition: "on-failure", maxRestarts: 2, delay: "1s" },
        },
      },
    });
    expect((await boot(cwd)).code).toBe(3);
    const started = (await logOf(cwd)).filter(({ type }) => type === "process/started");
    expect(started.map(({ pid }) => pid)).toEqual([1, 2, 3]);
    const ats = (started as unknown as readonly { at: number }[]).map(({ at }) => at);
    expect((ats[2] as number) - (ats[0] as number)).toBeGreaterThanOrEqual(2_000_000);
    await replays(cwd);
  }));

test("a directory of the machine's own is shared by those that it is given to, and nothing of it is on the host", () =>
  inFreshDirectory(async (cwd) => {
    mkdirSync(join(cwd, "seed"));
    writeFileSync(join(cwd, "seed/a"), "from the host");
    const script = (...words: readonly string[]) => ({
      program: guest("file-script"),
      args: words,
      directories: [
        { guest: "/own", shared: "own" },
        { guest: "/copy", shared: "copy" },
      ],
    });
    plant(cwd, {
      processes: {
        writer: script("put:/own/x:made", "put:/copy/a:changed"),
        reader: { ...script("cat:/own/x", "cat:/copy/a"), after: ["writer"] },
      },
      directories: { own: {}, copy: { from: "seed" } },
    });
    const { code, out } = await boot(cwd);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining("cat:/own/x -> ok: made\ncat:/copy/a -> ok: changed"),
    ]);
    expect([readdirSync(join(cwd, "seed")), readFileSync(join(cwd, "seed/a"), "utf8")]).toEqual([
      ["a"],
      "from the host",
    ]);
    await replays(cwd);
  }));

test("what was not granted is refused", () =>
  inFreshDirectory(async (cwd) => {
    const random = { program: guest("random-bytes"), args: ["8"] };
    plant(cwd, {
      processes: {
        with: { ...random, grants: ["entropy"] },
        without: { ...random, stdout: "null", stderr: "null" },
      },
    });
    const { code, err } = await boot(cwd);
    expect([code, err]).toEqual([1, expect.stringContaining("without: ")]);
    const log = (await logOf(cwd)).filter(
      ({ type }) => type === "process/refused" || type === "entropy/drawn",
    );
    expect(log.map(({ type, pid }) => [type, pid])).toEqual(
      expect.arrayContaining([
        ["entropy/drawn", 1],
        ["process/refused", 2],
      ]),
    );
    await replays(cwd);
  }));

const SLOWLY = ["100", "300000"];

/** A machine whose second process begins when the first has printed all that it has, which takes its time. */
const later = (directory: Json): Json => ({
  processes: {
    first: { program: guest("print-slowly"), args: SLOWLY },
    second: { program: guest("cat"), args: ["/text"], directories: [directory], after: ["first"] },
  },
});

test("a machine goes on from a file that it was exported to, with the processes that had not begun", () =>
  inFreshDirectory(async (cwd) => {
    plantText(cwd);
    plant(cwd, later({ guest: "/", host: "files", mode: "read-only" }));
    const killed = await foldos(["boot", "--record", "rec", "machine.json"], {
      cwd,
      onStarted: (child) => child.stdout?.once("data", () => child.kill("SIGKILL")),
    });
    expect(killed.signal).toBe("SIGKILL");
    expect((await foldos(["export", "rec", "file"], { cwd })).code).toBe(0);
    expect((await foldos(["import", "file", "other"], { cwd })).code).toBe(0);
    const refused = await foldos(["resume", "other"], { cwd });
    expect([refused.code, refused.err]).toEqual([
      3,
      expect.stringContaining(`this host: ${join(cwd, "files")}`),
    ]);
    const rest = await foldos(["resume", "--allow-host", "other"], { cwd });
    const first = await foldos(["run", "--no-record", guest("print-slowly"), ...SLOWLY], { cwd });
    expect([rest.code, killed.out + rest.out === first.out + TEXT]).toEqual([0, true]);
  }));

test("Ctrl-C powers a machine off in order, whatever its processes do", () =>
  inFreshDirectory(async (cwd) => {
    plant(cwd, {
      clock: "host",
      processes: {
        spinner: { program: guest("spin") },
        sleeper: { program: guest("sleep"), args: ["100000"], grants: ["timers", "monotonic-clock"] },
        reader: { program: guest("cat"), stdin: { pipe: "p" } },
        holder: { program: guest("spin"), stdout: { pipe: "p" } },
      },
      pipes: { p: {} },
    });
    const ended = await foldos(["boot", "--record", "rec", "machine.json"], {
      cwd,
      onStarted: (child) => child.stdout?.once("data", () => child.kill("SIGINT")),
    });
    expect([ended.code, showsOurStack(ended.err)]).toEqual([1, false]);
    expect(ended.err).toContain("sleeper: killed by SIGINT");
    await replays(cwd);
  }));

test("a file with faults is refused with all of them, and nothing begins", () =>
  inFreshDirectory(async (cwd) => {
    plant(cwd, { processes: { a: { program: "none.wasm", stdot: "null" } } });
    const { code, err } = await boot(cwd);
    expect([code, err]).toEqual([2, expect.stringContaining("processes.a.stdot")]);
    expect(readdirSync(cwd)).toEqual(["machine.json"]);
    const missing = await foldos(["boot", "none.json"], { cwd });
    expect([missing.code, missing.err]).toEqual([
      2,
      expect.stringContaining("none.json: it cannot be read (ENOENT)"),
    ]);
  }));
