import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a whole command cost. */
export interface Cost {
  readonly wallMillis: number;
  /** User and system time of all its threads. */
  readonly cpuMillis: number;
  /** The most memory of its own that was resident; pages of mapped files do not count. */
  readonly peakBytes: number;
  /** The median of the same, in the second half of the run. */
  readonly heldBytes: number;
}

/** As report-usage.ts writes it. */
interface Usage {
  readonly cpuMicros: number;
  readonly peakKilobytes: number;
  readonly heldKilobytes: number;
}

const REPORTER = new URL("report-usage.js", import.meta.url).href;
const TIMEOUT_MILLIS = 600_000;

export const cliPath = fileURLToPath(new URL("../bin/foldos.js", import.meta.url));
export const besidePath = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
export const guestPath = (name: string): string =>
  fileURLToPath(new URL(`../../property-tests/guests/prebuilt/${name}.wasm`, import.meta.url));

/** Runs `node` with these words in a folder, to its end, its memory watched if that is said. Throws if it fails. */
export function runNode(
  words: readonly string[],
  folder: string,
  memory: "watched" | "at the end" = "at the end",
): Cost {
  const report = join(folder, `usage-${process.pid}.json`);
  const start = performance.now();
  const child = spawnSync(process.execPath, ["--no-warnings", "--import", REPORTER, ...words], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: TIMEOUT_MILLIS,
    env: {
      ...process.env,
      FOLDOS_BENCH_USAGE: report,
      FOLDOS_BENCH_MEMORY: memory === "watched" ? "yes" : "no",
    },
  });
  const wallMillis = performance.now() - start;
  if (child.status !== 0) {
    throw new Error(`node ${words.join(" ")}: ${child.status ?? child.signal}: ${child.stderr.toString()}`);
  }
  const usage = JSON.parse(readFileSync(report, "utf8")) as Usage;
  rmSync(report);
  return {
    wallMillis,
    cpuMillis: usage.cpuMicros / 1000,
    peakBytes: usage.peakKilobytes * 1024,
    heldBytes: usage.heldKilobytes * 1024,
  };
}
