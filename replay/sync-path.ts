import { closeSync, fsyncSync, openSync } from "node:fs";

/** Has the bytes of a file, or the names in a directory, on disk before it returns. */
export function syncPath(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
