/** For tests: the command line as its users have it, in a folder of its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

export const foldosPath = join(root, "dist/bin/foldos.js");
export const guest = (name: string): string => join(root, "property-tests/guests/prebuilt", `${name}.wasm`);

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Workplace {
  readonly folder: string;
  /** A path in the folder. */
  readonly at: (name: string) => string;
  readonly foldos: (...words: readonly string[]) => Ran;
  readonly foldosWith: (input: string, ...words: readonly string[]) => Ran;
  readonly clear: () => void;
}

const MOST_MILLIS = 60_000;

export function newWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), "foldos-cli-"));
  const foldosWith = (input: string, ...words: readonly string[]): Ran =>
    spawnSync(process.execPath, [foldosPath, ...words], {
      cwd: folder,
      encoding: "utf8",
      input,
      timeout: MOST_MILLIS,
    });
  return {
    folder,
    at: (name) => join(folder, name),
    foldos: (...words) => foldosWith("", ...words),
    foldosWith,
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const linesOf = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");
