import { afterAll, describe, expect, jest, test } from "@jest/globals";
import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { nameOfProcess } from "./running-process.ts";
import { CommitGate, openBetweenCommits } from "./store-gate.ts";

const MODULE = new URL("./store-gate.js", import.meta.url).href;
const word = new Int32Array(new SharedArrayBuffer(4));
const sleep = (millis: number): void => void Atomics.wait(word, 0, 0, millis);

const folder = mkdtempSync(join(tmpdir(), "foldos-gate-"));
afterAll(() => rmSync(folder, { recursive: true }));

let recordings = 0;
function newRecording(): string {
  recordings += 1;
  const path = join(folder, `recording-${recordings}`);
  mkdirSync(join(path, "opening"), { recursive: true });
  return path;
}

/** The file by which a process says that it opens a store. */
const announcement = (recording: string, pid: number): string =>
  join(recording, "opening", `${nameOfProcess(pid).replace(" ", "-")}-0`);

/** A process that has ended. */
const ended = `${2 ** 22 + 1}`;

describe("a commit", () => {
  test("waits until a thread has opened the store", async () => {
    const recording = newRecording();
    const gate = new CommitGate(recording);
    const opened = new Int32Array(new SharedArrayBuffer(8));
    const opener = new Worker(
      `const { workerData: [path, opened, module] } = require("node:worker_threads");
       import(module).then(({ openBetweenCommits }) => openBetweenCommits(path, () => {
         Atomics.store(opened, 0, 1);
         Atomics.notify(opened, 0);
         Atomics.wait(opened, 1, 1, 60);
         Atomics.store(opened, 1, 1);
       }));`,
      { eval: true, workerData: [recording, opened, MODULE] },
    );
    Atomics.wait(opened, 0, 0, 10_000);
    expect(gate.pass(() => Atomics.load(opened, 1))).toBe(1);
    await opener.terminate();
    gate.close();
  });

  test("is not held up by what ended processes have left, and removes it; other files stay", () => {
    const recording = newRecording();
    const left = join(recording, "opening", `${ended}-1-0`);
    const other = join(recording, "opening", "notes.txt");
    writeFileSync(left, "");
    writeFileSync(other, "");
    const gate = new CommitGate(recording);
    expect(gate.pass(() => 7)).toBe(7);
    expect(readdirSync(join(recording, "opening"))).toEqual(["notes.txt"]);
    gate.close();
  });

  test("waits once for one who does not end", () => {
    const recording = newRecording();
    writeFileSync(announcement(recording, process.pid), "");
    const gate = new CommitGate(recording);
    const waits = jest.spyOn(Atomics, "wait");
    expect(gate.pass(() => waits.mock.calls.length)).toBeGreaterThan(0);
    waits.mockClear();
    expect(gate.pass(() => waits.mock.calls.length)).toBe(0);
    waits.mockRestore();
    gate.close();
  });

  test("goes through where nobody has ever opened the store", () => {
    const recording = newRecording();
    rmSync(join(recording, "opening"), { recursive: true });
    const gate = new CommitGate(recording);
    expect(gate.pass(() => "done")).toBe("done");
    gate.close();
  });

  test("does not write through a link", () => {
    const recording = newRecording();
    writeFileSync(join(folder, "precious"), "precious");
    rmSync(join(recording, "committing"), { force: true });
    symlinkSync(join(folder, "precious"), join(recording, "committing"));
    expect(() => new CommitGate(recording)).toThrow("ELOOP");
  });
});

describe("who opens a store", () => {
  test("waits until another process has ended its commit", async () => {
    const recording = newRecording();
    const opened = join(folder, "opened");
    const gate = new CommitGate(recording);
    const child = gate.pass(() => {
      const child = startOpener(recording, opened);
      for (let tries = 0; readdirSync(join(recording, "opening")).length === 0 && tries < 1000; tries += 1)
        sleep(10);
      sleep(60);
      expect(existsSync(opened)).toBe(false);
      return child;
    });
    expect(await child).toBe(0);
    expect(existsSync(opened)).toBe(true);
    expect(readdirSync(join(recording, "opening"))).toEqual([]);
    gate.close();
  });

  test("does not wait for a process that has ended, nor for what a copied file says", () => {
    const recording = newRecording();
    const path = join(recording, "committing");
    writeFileSync(path, `1 ${ended} 1 0`);
    expect(openBetweenCommits(recording, () => 1)).toBe(1);
    const from = newRecording();
    writeFileSync(join(from, "committing"), `1 ${nameOfProcess(process.ppid)} 0`);
    copyFileSync(join(from, "committing"), path);
    expect(openBetweenCommits(recording, () => 2)).toBe(2);
  });

  test("opens it where nothing can be written, and leaves nothing when it fails", () => {
    const recording = newRecording();
    expect(() =>
      openBetweenCommits(recording, () => {
        throw new Error("damaged");
      }),
    ).toThrow("damaged");
    expect(readdirSync(join(recording, "opening"))).toEqual([]);
    expect(openBetweenCommits(join(folder, "nowhere\0"), () => 3)).toBe(3);
  });
});

/** A process that opens a store and says so by a file. Its exit code. */
function startOpener(recording: string, opened: string): Promise<number | null> {
  const code = `import { writeFileSync } from "node:fs";
    const { openBetweenCommits } = await import(${JSON.stringify(MODULE)});
    openBetweenCommits(${JSON.stringify(recording)}, () => writeFileSync(${JSON.stringify(opened)}, ""));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", resolve));
}
