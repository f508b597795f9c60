import { errnoName } from "../core/errno.ts";
import { rightNamesOf } from "../core/rights.ts";
import { wasiNames } from "../guests/wasi/wasi-table.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";

const ENVELOPE = new Set(["type", "seq", "at", "cause", "pid", "call"]);

/** Kernel time as seconds with microseconds. */
export const formatTime = (micros: number): string =>
  `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, "0")}`;

const formatValue = (value: unknown): string => {
  if (Array.isArray(value)) return value.length > 8 ? `[${value.length} of them]` : JSON.stringify(value);
  return typeof value === "string" ? JSON.stringify(value) : String(value);
};

/** One event as a line: seq, time, process, type, and what is to be said of it. */
export function formatEvent(event: KernelEvent): string {
  const head = `${String(event.seq).padStart(7)} ${formatTime(event.at).padStart(11)} ${event.pid === 0 ? " -" : String(event.pid).padStart(2)}  ${event.type.padEnd(24)}`;
  return `${head} ${describe(event)}`.trimEnd();
}

function describe(event: KernelEvent): string {
  if (event.type === "process/refused") {
    const missing = event.missing === 0 ? "" : ` lacks ${rightNamesOf(event.missing).join(", ")}`;
    const slot = event.slot < 0 ? "" : ` fd ${event.slot}`;
    const path = event.path === "" ? "" : ` ${JSON.stringify(event.path)}`;
    return `${wasiNames[event.function]}${slot}${path}: ${errnoName(event.errno)}${missing}`;
  }
  return Object.entries(event)
    .filter(([key]) => !ENVELOPE.has(key))
    .map(([key, value]) => `${key} ${formatValue(value)}`)
    .join("  ");
}
