import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { nameOfProcess } from "../replay/running-process.ts";
import { printerFile, untilEarlierPrinterEnded } from "./earlier-printer.ts";

const STILL_MILLIS = 300;

let home = "";
let child: ChildProcess | null = null;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "foldos-earlier-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  child = null;
  rmSync(home, { recursive: true, force: true });
});

/** A process that looks like a printer of this recording, or does not, and sleeps. */
function asleep(name: string): ChildProcess {
  child = spawn("sh", ["-c", "sleep 30; true", name], { stdio: "ignore", detached: true });
  writeFileSync(printerFile(home), nameOfProcess(child.pid ?? 0));
  return child;
}

test("a recording whose printer has ended, or that never had one, is not waited for", async () => {
  await untilEarlierPrinterEnded(home);
  writeFileSync(printerFile(home), `${process.pid} 1`);
  await untilEarlierPrinterEnded(home);
  expect(existsSync(printerFile(home))).toBe(false);
});

test("a printer is waited for until it has ended", async () => {
  const printer = asleep("printer-process");
  setTimeout(() => printer.kill("SIGKILL"), STILL_MILLIS / 2);
  const from = performance.now();
  await untilEarlierPrinterEnded(home);
  expect(performance.now() - from).toBeGreaterThan(STILL_MILLIS / 3);
  expect(printer.signalCode ?? (await once(printer, "exit"))[1]).toBe("SIGKILL");
});

test("a printer that gets on is waited for as long as it does", async () => {
  const printer = asleep("printer-process");
  let note = 0;
  const noting = setInterval(() => writeFileSync(join(home, "released"), String((note += 1))), 20);
  const waiting = untilEarlierPrinterEnded(home, STILL_MILLIS);
  await new Promise((resolve) => setTimeout(resolve, 3 * STILL_MILLIS));
  expect([printer.exitCode, printer.signalCode]).toEqual([null, null]);
  clearInterval(noting);
  await waiting;
  expect(printer.signalCode ?? (await once(printer, "exit"))[1]).toBe("SIGKILL");
});

test("a process that is no printer, though its pid and beginning are named, is not ended but told", async () => {
  const other = asleep("other");
  await expect(untilEarlierPrinterEnded(home, STILL_MILLIS)).rejects.toThrow(
    `process ${other.pid} still prints what it printed before; let it be read, or end that process`,
  );
  expect([other.exitCode, other.signalCode]).toEqual([null, null]);
});
