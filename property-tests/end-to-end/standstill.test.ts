/** Machines whose processes all wait for each other: it is said, once, and they go on waiting until they are ended. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { type Ended, foldos, guest, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(120_000);

/** Two that each wait for what the other prints; others beside them. */
function plantRing(cwd: string, others: Readonly<Record<string, unknown>> = {}): void {
  const machine = {
    version: 1,
    clock: "virtual",
    processes: {
      ping: { program: guest("cat"), stdin: { pipe: "a" }, stdout: { pipe: "b" } },
      pong: { program: guest("cat"), stdin: { pipe: "b" }, stdout: { pipe: "a" } },
      ...others,
    },
    pipes: { a: { mayCycle: true }, b: {} },
  };
  writeFileSync(join(cwd, "machine.json"), JSON.stringify(machine));
}

const NOTICE =
  /nothing can go on: ping \(1\) waits for bytes in pipe 1, pong \(2\) waits for bytes in pipe 2;/g;

/** Runs a command until it says that nothing can go on, lets something happen then, and ends it by a signal. */
async function untilStill(
  cwd: string,
  words: readonly string[],
  signal: NodeJS.Signals,
  meanwhile: () => Promise<void> = async () => {},
): Promise<Ended> {
  let told = "";
  return foldos(words, {
    cwd,
    onStarted: (child) =>
      child.stderr?.on("data", (bytes: Buffer) => {
        const wasTold = told.includes("nothing can go on");
        told += bytes.toString("utf8");
        if (wasTold || !told.includes("nothing can go on")) return;
        void meanwhile().finally(() => child.kill(signal));
      }),
  });
}

interface Line {
  readonly name: string;
  readonly standsStill: boolean;
}

/** Long enough for a group to become durable, however slow the machine. */
const MOST_ASKED = 100;

/** What `ps` says once it says what is waited for: the log may be a moment behind. */
async function psUntil(cwd: string, isIt: (lines: readonly Line[]) => boolean): Promise<readonly Line[]> {
  for (let asked = 0; asked < MOST_ASKED; asked += 1) {
    const { out } = await foldos(["ps", "rec", "--json"], { cwd });
    const lines = out.trim().split("\n").filter(Boolean);
    const told = lines.map((line) => JSON.parse(line) as Line);
    if (isIt(told)) return told;
  }
  throw new Error("ps never said so");
}

test("a machine that stands still says so once, shows it, is ended by Ctrl-C, and replays", () =>
  inFreshDirectory(async (cwd) => {
    plantRing(cwd);
    let shown = "";
    let topped = "";
    const ended = await untilStill(cwd, ["boot", "--record", "rec", "machine.json"], "SIGINT", async () => {
      await psUntil(cwd, (lines) => lines.length === 2 && lines.every(({ standsStill }) => standsStill));
      shown = (await foldos(["ps", "rec"], { cwd })).out;
      topped = (await foldos(["top", "rec", "--once"], { cwd })).out;
    });
    for (const said of [shown, topped])
      expect(said).toMatch(/\nnothing can go on: all who live wait for each other\n$/);
    expect([ended.code, ended.err.match(NOTICE)?.length]).toEqual([1, 1]);
    expect(ended.err).toContain("ping: killed by SIGINT\n");
    expect((await foldos(["ps", "rec"], { cwd })).out).not.toContain("nothing can go on");
    expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
  }));

test("one that was killed as it stood still stands still when it is resumed", () =>
  inFreshDirectory(async (cwd) => {
    plantRing(cwd);
    const meanwhile = async (): Promise<void> =>
      void (await psUntil(cwd, (lines) => lines.some(({ standsStill }) => standsStill)));
    const words = ["boot", "--record", "rec", "machine.json"];
    expect((await untilStill(cwd, words, "SIGKILL", meanwhile)).signal).toBe("SIGKILL");
    const ended = await untilStill(cwd, ["resume", "rec"], "SIGINT");
    expect([ended.code, ended.err.match(NOTICE)?.length]).toEqual([1, 1]);
  }));

test("nothing is said as long as somebody waits for time, or is to be started again", () =>
  inFreshDirectory(async (cwd) => {
    const restart = { condition: "on-failure", maxRestarts: 2, delay: "1s" };
    plantRing(cwd, {
      sleeper: { program: guest("sleep"), args: ["2000"], grants: ["timers", "monotonic-clock"] },
      failing: { program: guest("exit-code"), args: ["3"], restart },
    });
    const ended = await untilStill(cwd, ["boot", "--record", "rec", "machine.json"], "SIGINT");
    expect(ended.err.match(NOTICE)?.length).toBe(1);
    const log = (await foldos(["log", "rec", "--json", "--type", "process/"], { cwd })).out
      .trim()
      .split("\n");
    const ends = log.map(
      (line) => JSON.parse(line) as { type: string; seq: number; pid: number; signal?: string },
    );
    // It was said after the last of them had ended, and before the signal: nobody was killed who could go on.
    const killed = ends.filter(({ signal }) => signal === "SIGINT").map(({ pid }) => pid);
    expect(killed).toEqual([1, 2]);
    expect(ends.filter(({ type }) => type === "process/exited")).toHaveLength(4);
    // Between two lives of one that is started again nothing stands still.
    const second = ends.filter(({ type }) => type === "process/started")[4];
    const before = await foldos(["ps", "rec", `${(second?.seq ?? 0) - 1}`], { cwd });
    expect([before.code, before.out.includes("nothing can go on")]).toEqual([0, false]);
  }));

test("audit of a machine that stands still ends there, and says so", () =>
  inFreshDirectory(async (cwd) => {
    plantRing(cwd, { later: { program: guest("hello"), after: ["ping"] } });
    const words = ["caps", "audit", "--dry-run", "--seconds", "3600", "machine.json"];
    const { code, out } = await foldos(words, { cwd });
    expect(code).toBe(0);
    expect(out).toMatch(/^ping needs\n/);
    expect(out).toMatch(
      /it was stopped after \d+ events: nothing can go on: ping \(1\) waits for bytes in pipe 1, pong \(2\) waits/,
    );
    const { out: json } = await foldos([...words.slice(0, -1), "--json", "machine.json"], { cwd });
    const { isCut, standing } = JSON.parse(json) as { isCut: boolean; standing: readonly { name: string }[] };
    expect([isCut, standing.map(({ name }) => name)]).toEqual([false, ["ping", "pong"]]);
  }));
