import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder, and those above it, to write in; null, or why it cannot be: the host's code. One at a time, since node's
 * recursive mkdir says ENOENT of a read-only file system, and never ends below /proc.
 */
export function makeFolder(path: string): string | null {
  const above = dirname(path);
  if (!existsSync(above) && above !== path) {
    const refused = makeFolder(above);
    if (refused !== null) return refused;
  }
  try {
    if (!existsSync(path)) mkdirSync(path);
    if (!statSync(path).isDirectory()) return "ENOTDIR";
    accessSync(path, constants.W_OK);
    return null;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
