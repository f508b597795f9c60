import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { guest, linesOf, newWorkplace } from "./spawn-foldos.ts";

const { at, foldos, clear } = newWorkplace();

beforeAll(() => {
  const machine = {
    version: 1,
    clock: "virtual",
    scheduler: { quantum: 100 },
    processes: {
      small: { program: guest("hello"), stdout: "null" },
      large: { program: guest("cat"), stdin: { pipe: "p" }, stdout: "null" },
      feeder: { program: guest("hello"), stdout: { pipe: "p" } },
    },
    pipes: { p: {} },
  };
  writeFileSync(at("machine.json"), JSON.stringify(machine));
  expect(foldos("boot", "--record", "rec", "machine.json")).toMatchObject({ status: 0, stderr: "" });
}, 60_000);

afterAll(clear);

interface Line {
  readonly seq: number;
  readonly pid: number;
  readonly type: string;
  readonly call: number;
  readonly ticks?: number;
}
interface Told {
  readonly events: number;
  readonly ticks: number;
  readonly seconds: number;
  readonly isOn: boolean;
  readonly standsStill: boolean;
  readonly processes: readonly {
    pid: number;
    newTicks: number;
    share: number;
    calls: number;
    ticks: number;
  }[];
}

const logged = (): readonly Line[] =>
  linesOf(foldos("log", "rec", "--json").stdout).map((line) => JSON.parse(line) as Line);

const told = (...words: readonly string[]): Told => {
  const { stdout, stderr, status } = foldos("top", "rec", "--json", ...words);
  expect([stderr, status, linesOf(stdout).length]).toEqual(["", 0, 1]);
  return JSON.parse(stdout) as Told;
};

/** What the log says of a process in a stretch. */
function counted(pid: number, from: number, to: number): { newTicks: number; calls: number } {
  const own = logged().filter((event) => event.pid === pid && event.seq > from && event.seq <= to);
  return {
    newTicks: own.reduce((sum, { ticks = 0 }) => sum + ticks, 0),
    calls: own.filter(({ call }) => call >= 0).length,
  };
}

test("foldos ps says what each has used, also when it has ended", () => {
  const lines = linesOf(foldos("ps", "rec", "--json").stdout).map(
    (line) => JSON.parse(line) as Told["processes"][0],
  );
  expect(lines.map(({ ticks }) => ticks)).toEqual(
    [1, 2, 3].map((pid) => counted(pid, -1, Infinity).newTicks),
  );
  expect(foldos("ps", "rec").stdout).toMatch(/^ {4}1 exited 0 +[1-9][\d,]* {2}small$/m);
});

describe("foldos top", () => {
  test("says of a run that is over what each process used and called in all of it", () => {
    const all = told();
    const { length } = logged();
    expect([all.events, all.isOn, all.standsStill]).toEqual([length, false, false]);
    expect(all.processes).toHaveLength(3);
    for (const { pid, ticks, newTicks, calls } of all.processes) {
      expect({ newTicks, calls }).toEqual(counted(pid, -1, length));
      expect([ticks, newTicks > 0, calls > 0]).toEqual([newTicks, true, true]);
    }
    expect(all.ticks).toBe(all.processes.reduce((sum, { newTicks }) => sum + newTicks, 0));
    expect(all.processes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(100);
  });

  test("says of a stretch what came in it, and two that meet come to all of it", () => {
    const { length } = logged();
    const middle = Math.floor(length / 2);
    const [first, second, all] = [told(`start..${middle}`), told(`${middle}..end`), told("-1..end")];
    expect(first.events + second.events).toBe(all.events);
    expect(first.ticks + second.ticks).toBe(all.ticks);
    for (const { pid, newTicks, calls } of first.processes)
      expect({ newTicks, calls }).toEqual(counted(pid, -1, middle));
    expect(told(`-${length - middle}..-3`).events).toBe(told(`${middle - 1}..end-3`).events);
  });

  test("sorts", () => {
    const { processes } = told("--sort", "pid");
    expect(processes.map(({ pid }) => pid)).toEqual([1, 2, 3]);
    const by = (key: "newTicks" | "calls"): readonly number[] =>
      [...processes].sort((one, other) => other[key] - one[key] || one.pid - other.pid).map(({ pid }) => pid);
    expect(told().processes.map(({ pid }) => pid)).toEqual(by("newTicks"));
    expect(told("--sort", "calls").processes.map(({ pid }) => pid)).toEqual(by("calls"));
  });

  test("prints a table", () => {
    const { stdout } = foldos("top", "rec", "--once");
    const [head, totals, states, names, ...rows] = linesOf(stdout);
    expect(head).toMatch(/rec: events 0 to \d+, [\d.]+ s, off$/);
    expect(totals).toMatch(/^[\d,]+ events \([\d,]+\/s\), [\d,]+ ticks \([\d,]+\/s\)$/);
    expect([states, names]).toEqual([
      "0 running, 0 ready, 0 waiting, 3 ended",
      "  PID STATUS            TICKS      +TICKS      %      CALLS  NAME",
    ]);
    expect(rows).toHaveLength(3);
    expect(rows.join("\n")).toMatch(/ 2 exited 0 +([\d,]+) +\1 +[\d.]+ +\d+ {2}large/);
  });

  test.each([
    [["5"], "two moments were expected"],
    [["5..x"], "moment x"],
    [["7..3"], "the end is before the beginning"],
    [["--interval", "0"], "--interval 0: seconds were expected"],
    [["--interval", "soon"], "--interval soon: seconds were expected"],
    [["--sort", "name"], "one of ticks, calls, pid"],
    [["1..2", "3"], "one word too many"],
  ])("%j is a usage error: %s", (words, why) => {
    const { stdout, stderr, status } = foldos("top", "rec", ...words);
    expect([stdout, status]).toEqual(["", 2]);
    expect(stderr).toContain(why);
  });
});
