import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fail, ok, type Result } from "../core/result.ts";

/** A directory of the host without links on its way, as the machine follows none; or why it cannot be granted. */
export function grantedDirectory(path: string): Result<string, string> {
  const absolute = resolve(path);
  try {
    const real = realpathSync(absolute);
    return statSync(real).isDirectory() ? ok(real) : fail(`${real} is no directory`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail(`${absolute} cannot be used (${code}); make it first, or give another`);
  }
}
