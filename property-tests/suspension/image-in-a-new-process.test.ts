import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

/** Images are written after three fifths of a run at the latest, and it is killed after four. */
const [TURNS, PARTS] = [3, 5];

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
        expect(existsSync(join(folder, `image-${TURNS - 1}`))).toBe(true);
        const { stdout, stderr } = run("read", folder);
        expect(stderr).toBe("");
        const { ticksBefore, ...seen } = JSON.parse(stdout as string) as { ticksBefore: number };
        expect(seen).toEqual({ ...plain, ticks });
        expect(ticksBefore / ticks).toBeGreaterThan(0.5);
        expect(ticksBefore / ticks).toBeLessThan(0.7);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    LONGEST_MILLIS,
  );
});
