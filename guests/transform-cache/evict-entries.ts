/**
 * Keeps a cache within its bounds. Nothing is counted but what lies in the folder, so no crash makes the count wrong; and
 * nothing is locked: of two processes that evict at once, one finds a file gone, and too much goes at worst.
 */
import { lstatSync, readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { isEntryName, isTemporaryName } from "./entry-name.ts";
import { unlessRefused } from "./unless-refused.ts";

/** Each of them is looked at with each entry that is added: 10 ms or so. */
export const MAX_ENTRIES = 4096;
/** Whoever writes an entry writes all the time: a file that was left alone for so long is of a process that is gone. */
const ABANDONED_MILLIS = 3_600_000;

interface Held {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
  readonly isEntry: boolean;
}

const heldIn = (folder: string): readonly Held[] =>
  (unlessRefused(() => readdirSync(folder)) ?? []).flatMap((name) => {
    const isEntry = isEntryName(name);
    const path = join(folder, name);
    const stats = isEntry || isTemporaryName(name) ? unlessRefused(() => lstatSync(path)) : null;
    if (stats === null || stats.isDirectory()) return [];
    return [{ path, bytes: stats.size, usedAt: stats.mtimeMs, isEntry }];
  });

const remove = ({ path }: Held): unknown => unlessRefused(() => unlinkSync(path));

/** Removes what dead processes left, then entries, the least recently used first, until the rest is within bounds. */
export function evictEntries(folder: string, maxBytes: number): void {
  const held = heldIn(folder);
  const isAbandoned = ({ isEntry, usedAt }: Held): boolean =>
    !isEntry && Math.abs(Date.now() - usedAt) > ABANDONED_MILLIS;
  held.filter(isAbandoned).forEach(remove);
  const kept = held.filter((file) => !isAbandoned(file));
  const entries = kept.filter(({ isEntry }) => isEntry);
  let bytes = kept.reduce((sum, file) => sum + file.bytes, 0);
  let count = entries.length;
  for (const entry of [...entries].sort((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= maxBytes && count <= MAX_ENTRIES) return;
    remove(entry);
    bytes -= entry.bytes;
    count -= 1;
  }
}
