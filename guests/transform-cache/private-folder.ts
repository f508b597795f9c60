import { mkdirSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { unlessRefused } from "./unless-refused.ts";

const OTHERS_MAY_WRITE = 0o022;

/** Whether this user owns it, and nobody else may write it. Where there are no users (Windows), it is its place that says so. */
export const isPrivate = ({ uid, mode }: Stats): boolean =>
  process.geteuid === undefined || (uid === process.geteuid() && (mode & OTHERS_MAY_WRITE) === 0);

/**
 * Whether it is a folder whose code may be run: whoever can write into it can have this user run what they like. So
 * a folder of another user is not used (root's neither by others, nor another's by root), nor one that others may write.
 */
export function isPrivateFolder(path: string): boolean {
  const stats = unlessRefused(() => statSync(path));
  return stats !== null && stats.isDirectory() && isPrivate(stats);
}

/** Makes the folder and those above it, for this user alone. One at a time: below /proc node's recursive mkdir never ends. */
export function makePrivateFolder(path: string): void {
  if (unlessRefused(() => statSync(path)) !== null) return;
  const above = dirname(path);
  if (above !== path) makePrivateFolder(above);
  // Refused, or another process has just made it: isPrivateFolder tells.
  unlessRefused(() => mkdirSync(path, { mode: 0o700 }));
}
