/** `foldos top` beside a machine that runs: it tells what comes until that is off, or Ctrl-C. */
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { type Ended, foldos, guest, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(240_000);

interface Told {
  readonly from: number;
  readonly to: number;
  readonly events: number;
  readonly ticks: number;
  readonly isOn: boolean;
  readonly processes: readonly {
    readonly pid: number;
    readonly name: string;
    readonly ticks: number;
    readonly newTicks: number;
    readonly share: number;
    readonly waitsFor: readonly string[];
  }[];
}

/** Two that spin until they are ended, and one that waits for what a third never writes. */
const MACHINE = {
  version: 1,
  clock: "virtual",
  scheduler: { quantum: 100_000 },
  processes: {
    one: { program: guest("spin") },
    other: { program: guest("spin"), stdout: "null" },
    waiter: { program: guest("cat"), stdin: { pipe: "q" } },
    holder: { program: guest("spin"), stdout: { pipe: "q" } },
  },
  pipes: { q: {} },
};

/** Boots a machine that runs until it is told to end, which `work` is to do; both have ended then. */
async function beside(cwd: string, work: (end: () => void) => Promise<void>): Promise<Ended> {
  writeFileSync(join(cwd, "machine.json"), JSON.stringify(MACHINE));
  const worked: Promise<void>[] = [];
  const ended = await foldos(["boot", "--record", "rec", "machine.json"], {
    cwd,
    onStarted: (child) =>
      child.stdout?.once("data", () => {
        const end = (): void => void child.kill("SIGINT");
        worked.push(work(end).finally(end));
      }),
  });
  await Promise.all(worked);
  return ended;
}

/** Calls back with each line that a command prints, as it comes. */
function onLines(child: ChildProcess, hear: (line: string) => void): void {
  let rest = "";
  child.stdout?.on("data", (bytes: Buffer) => {
    const lines = (rest + bytes.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) hear(line);
  });
}

const jsonLines = (text: string): readonly Told[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Told);

test("it tells what a running machine does, each interval, and ends when the machine is off", () =>
  inFreshDirectory(async (cwd) => {
    let ended: Ended | null = null;
    await beside(cwd, async (end) => {
      let active = 0;
      ended = await foldos(["top", "rec", "--interval", "0.05", "--json"], {
        cwd,
        onStarted: (child) =>
          onLines(child, (line) => {
            if ((JSON.parse(line) as Told).ticks > 0) active += 1;
            if (active === 4) end();
          }),
      });
    });
    const { code, out, err } = ended as unknown as Ended;
    expect([code, err]).toEqual([0, ""]);
    const samples = jsonLines(out);
    expect(samples.length).toBeGreaterThanOrEqual(5);
    // Each begins where the one before ended, and all of them come to all of it.
    expect(samples.map(({ from }) => from)).toEqual([0, ...samples.slice(0, -1).map(({ to }) => to)]);
    const [whole] = jsonLines((await foldos(["top", "rec", "--json"], { cwd })).out) as [Told];
    const last = samples.at(-1) as Told;
    expect([last.isOn, last.to]).toEqual([false, whole.events]);
    expect(samples.slice(0, -1).every(({ isOn }) => isOn)).toBe(true);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    expect(sum(samples.map(({ ticks }) => ticks))).toBe(whole.ticks);
    for (const { ticks, processes } of samples)
      expect(sum(processes.map(({ share }) => share))).toBeCloseTo(ticks > 0 ? 100 : 0);
    const waiters = samples.flatMap(({ processes }) => processes.filter(({ name }) => name === "waiter"));
    expect(waiters.some(({ waitsFor }) => waitsFor.join() === "bytes in pipe 1")).toBe(true);
  }));

test("Ctrl-C ends it and not the machine, and once is once", () =>
  inFreshDirectory(async (cwd) => {
    let first: Ended | null = null;
    let once: Ended | null = null;
    let status = "";
    const booted = await beside(cwd, async (end) => {
      first = await foldos(["top", "rec", "--interval", "0.05"], {
        cwd,
        onStarted: (child) => {
          let blocks = 0;
          onLines(child, (line) => {
            if (line.startsWith("  PID")) blocks += 1;
            if (blocks === 2 && !child.killed) child.kill("SIGINT");
          });
        },
      });
      once = await foldos(["top", "rec", "--once", "--json"], { cwd });
      status = (await foldos(["info", "rec", "--json"], { cwd })).out;
      end();
    });
    expect(first).toMatchObject({ code: 0, err: "" });
    const { out } = first as unknown as Ended;
    // Plain blocks, with an empty line between them, where standard output is no terminal.
    expect(out.split("\n\n").length).toBe(out.match(/^ {2}PID/gm)?.length);
    expect(out).not.toContain("\x1b");
    expect(once).toMatchObject({ code: 0, err: "" });
    expect(jsonLines((once as unknown as Ended).out)).toMatchObject([{ from: 0, isOn: true }]);
    expect(JSON.parse(status)).toMatchObject({ status: "running" });
    expect(booted.code).toBe(1);
  }));
