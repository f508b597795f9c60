import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { guestPath } from "../../bench/child-process.ts";
import { runPlainProgram } from "../../bench/shim-program.ts";
import { programOf, runSuspendedProgram } from "../../bench/suspended-program.ts";

const LONGEST_MILLIS = 60_000;
const child = fileURLToPath(new URL("image-child.js", import.meta.url));

test(
  "a program that was killed goes on from its image in another process, to the same end",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "foldos-image-"));
    const image = join(folder, "image");
    const program = { path: guestPath("cpu-kernels"), args: ["sort", "60000"] };
    const run = (mode: string): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, [child, mode, image, program.path, ...program.args], { encoding: "utf8" });
    try {
      expect(run("write").signal).toBe("SIGKILL");
      expect(statSync(image).size).toBeLessThan(2_000_000);
      const turns = { quantum: Number.POSITIVE_INFINITY, waits: false, restores: 0 };
      const { ticks } = runSuspendedProgram(programOf(program.path), program, turns);
      expect(JSON.parse(run("read").stdout as string)).toEqual({
        output: runPlainProgram(program).output,
        ticks,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  LONGEST_MILLIS,
);
