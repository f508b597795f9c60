import { createHash } from "node:crypto";
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TransformedModule } from "../transform/transform-module.ts";
import { encodeHeader, entrySize, fits } from "./entry-format.ts";
import { temporaryName } from "./entry-name.ts";
import { encodeLayout, MAX_LAYOUT_BYTES } from "./layout-codec.ts";
import type { EntryPlace } from "./load-entry.ts";

/**
 * Writes an entry under a name of its own and renames it, so that no process sees half of one. Nothing is synchronised:
 * what a power cut leaves of an entry fails its hash and is made anew, and an entry that is lost is no loss.
 * Throws what the host refuses, and leaves nothing behind then.
 */
export function storeEntry(
  { path, key, maxBytes }: EntryPlace,
  { fast, slow, layout }: TransformedModule,
): void {
  const layoutBytes = encodeLayout(layout);
  const sizes = { fast: fast.length, slow: slow.length, layout: layoutBytes.length };
  if (!fits(entrySize(sizes), maxBytes) || sizes.layout > MAX_LAYOUT_BYTES) return;
  const parts = [encodeHeader(key, sizes), fast, slow, layoutBytes];
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  const temporary = join(dirname(path), temporaryName(key));
  try {
    writeParts(temporary, [...parts, hash.digest()]);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeParts(path: string, parts: readonly Uint8Array[]): void {
  const file = openSync(path, "wx", 0o600);
  try {
    for (const part of parts) writeFileSync(file, part);
  } finally {
    closeSync(file);
  }
}
