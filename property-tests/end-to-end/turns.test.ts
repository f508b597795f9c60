/** Programs that are stopped every so many ticks: what they print and leave is the same, and so is a replay, and a resumed run. */
import type { ChildProcess } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { foldos, guest, inFreshDirectory } from "./foldos-command.ts";
import { type RealProgram, realPrograms } from "./real-programs.ts";
import { filesIn, undisturbed } from "./undisturbed-program.ts";

jest.setTimeout(240_000);

test("a program that spins is ended when its ticks are used up, at the same event each time", async () => {
  const logs: string[] = [];
  for (const quantum of [[], ["--quantum", "1000"]]) {
    await inFreshDirectory(async (cwd) => {
      const words = ["run", "--record", "rec", "--clock", "virtual", "--max-ticks", "100000000", ...quantum];
      expect((await foldos([...words, guest("spin")], { cwd })).code).toBe(152);
      const { out } = await foldos(["log", "rec", "--json"], { cwd });
      const events = out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { type: string; ticks?: number });
      logs.push(JSON.stringify(events.filter(({ type }) => type.startsWith("process/"))));
      expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
    });
  }
  expect(logs[0]).toContain('"signal":"SIGXCPU"');
});

test("a program that spins hears Ctrl-C when it is stopped now and then, and its recording replays", async () => {
  await inFreshDirectory(async (cwd) => {
    const ended = await foldos(["run", "--record", "rec", "--quantum", "1000000", guest("spin")], {
      cwd,
      onStarted: (child) => child.stdout?.once("data", () => child.kill("SIGINT")),
    });
    expect(ended.code).toBe(130);
    expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
    expect((await foldos(["show", "rec", "processes/1/status"], { cwd })).out).toContain("killed");
  });
});

/** Kills a command once a file is so long. */
function killAt(child: ChildProcess, path: string, bytes: number): void {
  const timer = setInterval(() => {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < bytes) return;
    clearInterval(timer);
    child.kill("SIGKILL");
  }, 1);
  child.once("exit", () => clearInterval(timer));
}

test.each([1, 30_000, 80_000])(
  "one that is killed once its file has %d bytes goes on with its turns, to the same end",
  async (bytes) => {
    const program = realPrograms.find(({ name }) => name === "SQLite") as RealProgram;
    const plain = await undisturbed(program);
    await inFreshDirectory(async (cwd) => {
      const files = join(cwd, "files");
      mkdirSync(files);
      program.prepare(files);
      const words = ["run", "--record", "rec", "--seed", "7", "--clock", "virtual", "--dir", "files::/"];
      const killed = await foldos([...words, "--quantum", "20011", program.wasm, ...program.args], {
        cwd,
        onStarted: (child) => killAt(child, join(files, "sample.db"), bytes),
      });
      expect(killed.signal).toBe("SIGKILL");
      const rest = await foldos(["resume", "rec"], { cwd });
      expect([rest.code, killed.out + rest.out, filesIn(files)]).toEqual([0, plain.out, plain.files]);
      expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
    });
  },
);

test("what it has to wait for comes, and it goes on", async () => {
  await inFreshDirectory(async (cwd) => {
    writeFileSync(join(cwd, "text"), "one two three\n");
    const words = ["run", "--record", "rec", "--quantum", "500"];
    const ended = await foldos([...words, guest("cat")], { cwd, input: "one two three\n" });
    expect([ended.code, ended.out, ended.err]).toEqual([0, "one two three\n", ""]);
    expect(
      (await foldos([...words.slice(0, 2), "rec2", ...words.slice(3), guest("sleep"), "50"], { cwd })).code,
    ).toBe(0);
    for (const recording of ["rec", "rec2"])
      expect((await foldos(["replay", recording], { cwd })).err).toBe("");
  });
});

test.each([
  [["--quantum", "0"], "--quantum 0: a whole number from 1"],
  [["--quantum", "many"], "--quantum many: a whole number from 1"],
  [["--max-ticks=-5"], "--max-ticks -5: a whole number from 1"],
])("%j is refused", async (flags, message) => {
  await inFreshDirectory(async (cwd) => {
    const ended = await foldos(["run", ...flags, guest("hello")], { cwd });
    expect([ended.code, ended.err]).toEqual([2, expect.stringContaining(message)]);
  });
});
