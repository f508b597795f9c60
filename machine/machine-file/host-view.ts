import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fail, ok, type Result } from "../../core/result.ts";
import { grantedDirectory } from "../granted-directory.ts";

/** What a machine file's paths lead to: a path without links on its way, or why it cannot be used and what to do. */
export interface HostView {
  readonly file: (path: string) => Result<string, string>;
  readonly directory: (path: string) => Result<string, string>;
}

/** This host, seen from a machine file's folder. */
export const hostView = (folder: string): HostView => ({
  file: (path) => readableFile(resolve(folder, path)),
  directory: (path) => grantedDirectory(resolve(folder, path)),
});

function readableFile(path: string): Result<string, string> {
  try {
    const real = realpathSync(path);
    return statSync(real).isFile() ? ok(real) : fail(`${real} is no file`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail(`${path} cannot be used (${code})`);
  }
}
