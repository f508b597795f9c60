/** The tour of `npm start`, as somebody sees it who has just cloned the repository. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, jest, test } from "@jest/globals";
import { foldosPath } from "./spawn-foldos.ts";

jest.setTimeout(180_000);

const START = fileURLToPath(new URL("start.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "foldos-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Toured {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Takes the tour, in a folder that is empty at first, and types Ctrl-C once something was printed. */
function tour(interruptAt?: RegExp): Promise<Toured> {
  const child = spawn(process.execPath, [START], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  let isInterrupted = false;
  child.stdout.on("data", (bytes: Buffer) => {
    out += bytes.toString();
    if (interruptAt?.test(out) !== true || isInterrupted) return;
    isInterrupted = true;
    child.kill("SIGINT");
  });
  child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

test("Ctrl-C in the middle ends the tour and what it runs, and says how to begin anew", async () => {
  const { code, out, err } = await tour(/\$ foldos run/);
  expect([code, err]).toEqual([130, "foldos: the tour was stopped; `npm start` begins it anew\n"]);
  expect(out).not.toContain("Replaying it");
  expect(existsSync(join(folder, ".foldos/start/whole/writer"))).toBe(false);
});

test("the tour records, replays, cuts the power, goes on to the same output, and says what to type next", async () => {
  const { code, out, err } = await tour();
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/\n {4}(\d+) events, \1 equal\n/);
  expect(out).toMatch(/killed at event \d+ of \d+; bundle.js is (not there|there already)/);
  expect(out).toContain("bundle.js is the same to the byte");
  expect(out).toMatch(/Done in \d+ s: recorded all \d+ events .* every one equal/);
  const next = out.slice(out.indexOf("What to type next")).split("\n").slice(1, -1);
  expect(next.length).toBeGreaterThanOrEqual(5);
  // What it says to type can be typed: the first two look at what it recorded.
  for (const line of next.slice(0, 2)) {
    const words = /foldos\.js (.*?) {3}/.exec(line)?.[1]?.split(" ") ?? [];
    const looked = spawn(process.execPath, [foldosPath, ...words], { cwd: folder, stdio: "ignore" });
    expect([words, await new Promise((resolve) => looked.once("close", resolve))]).toEqual([words, 0]);
  }
});
