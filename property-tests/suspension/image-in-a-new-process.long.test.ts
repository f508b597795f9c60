import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { describe, expect, test } from "@jest/globals";
import { runPlainProgram } from "../../bench/shim-program.ts";
import { cachedProgramOf, runSuspendedProgram } from "../../bench/suspended-program.ts";
import type { ImageJob } from "./image-job.ts";
import { shimPrograms } from "./shim-programs.ts";

const LONGEST_MILLIS = 120_000;
const MAX_OUTPUT_BYTES = 64 << 20;
const child = fileURLToPath(new URL("image-child.js", import.meta.url));

/** A run is cut into fifths: an image after each of the first three, and a SIGKILL after the fourth. */
const [TURNS, PARTS] = [3, 5];

/** What image-child prints of the second half. */
interface Seen {
  readonly run: unknown;
  /** Ticks that were used when the image was taken. */
  readonly ticksBefore: number;
  /** Of the last image, those that had changed since the one before. */
  readonly lastPages: number;
  readonly pages: number;
}

const run = (mode: "write" | "read", folder: string): ReturnType<typeof spawnSync> =>
  spawnSync(process.execPath, ["--no-warnings", child, mode, folder], {
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT_BYTES,
  });

describe.each(shimPrograms)("$name", (named) => {
  test(
    "pre-empted, imaged and killed in mid-run, goes on from its last image in another process, to the same end",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "foldos-image-"));
      try {
        const program = named.in(folder);
        const plain = runPlainProgram(program);
        const never = { quantum: Number.POSITIVE_INFINITY, waits: false, restores: 0 };
        const { ticks } = runSuspendedProgram(cachedProgramOf(program.path), program, never);
        const job: ImageJob = { program, quantum: Math.floor(ticks / PARTS), turns: TURNS };
        writeFileSync(join(folder, "job"), serialize(job));
        const killed = run("write", folder);
        expect([killed.signal, killed.stderr]).toEqual(["SIGKILL", ""]);
        const { stdout, stderr } = run("read", folder);
        expect(stderr).toBe("");
        const seen = JSON.parse(stdout as string) as Seen;
        expect(seen.run).toEqual({ ...plain, ticks });
        expect(seen.ticksBefore / ticks).toBeGreaterThan(0.5);
        expect(seen.ticksBefore / ticks).toBeLessThan(0.7);
        expect(seen.lastPages).toBeLessThan(seen.pages / 2);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    LONGEST_MILLIS,
  );
});
