/** Effects as an onlooker tells them apart, whatever the ids behind them: who did what to what, with which bytes. */
import { createHash } from "node:crypto";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";

/** What changes something that others may see. */
const effects: ReadonlySet<KernelEvent["type"]> = new Set([
  "console/written",
  "pipe/written",
  "file/written",
  "file/written-at",
  "file/created",
  "file/resized",
  "file/times-set",
  "directory/created",
  "directory/removed",
  "symlink/created",
  "name/linked",
  "name/unlinked",
  "name/renamed",
  "process/exited",
]);

export const isEffect = ({ type }: KernelEvent): boolean => effects.has(type);

/** Fields that are ids, times and places. */
const hidden: ReadonlySet<string> = new Set([
  "seq",
  "at",
  "cause",
  "call",
  "by",
  "position",
  "open",
  "inode",
  "directory",
  "toDirectory",
  "replaced",
]);
const MAX_HASHED_BYTES = 1 << 16;

export function effectKey(event: KernelEvent, bytes: ByteSource): string {
  const parts = Object.entries(event)
    .filter(([key]) => !hidden.has(key) && !key.endsWith("Seconds") && !key.endsWith("Nanos"))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return "position" in event ? `${parts.join(" ")} ${hashOf(event, bytes)}` : parts.join(" ");
}

function hashOf(event: { readonly position: number; readonly length: number }, source: ByteSource): string {
  const bytes = new Uint8Array(Math.min(event.length, MAX_HASHED_BYTES));
  source.copyTo(bytes, 0, event.position, bytes.length);
  return createHash("sha256").update(bytes).digest("base64");
}
