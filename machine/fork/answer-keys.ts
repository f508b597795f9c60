/** What a guest can tell of an answer, whatever the ids and slots behind it: two runs are the same to it where these are. */
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import { callNumber } from "../../guests/call-table.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { effectKey } from "./effect-keys.ts";

/** Looking through its own descriptors tells a guest what it was granted: that is not the same, and is to be so. */
const PRESTATS: ReadonlySet<number> = new Set([
  callNumber("wasi_snapshot_preview1", "fd_prestat_get"),
  callNumber("wasi_snapshot_preview1", "fd_prestat_dir_name"),
]);

export const isAnswer = (event: KernelEvent): boolean =>
  event.call >= 0 &&
  event.type !== "capability/examined" &&
  !(event.type === "process/refused" && PRESTATS.has(event.function));

/** Places in tables, rights that are not used, and what only the log says of a refusal. */
const hidden: ReadonlySet<string> = new Set([
  "slot",
  "from",
  "to",
  "slots",
  "reply",
  "target",
  "missing",
  "reason",
]);

export function answerKey(event: KernelEvent, bytes: ByteSource): string {
  const fields = Object.entries(event).filter(([key]) => !hidden.has(key));
  const told = Object.fromEntries(fields) as unknown as KernelEvent;
  const time = event.type === "clock/read" ? ` at ${event.at}` : "";
  if (told.type !== "file/opened") return `${effectKey(told, bytes)}${time}`;
  // A file that is opened has what its directory hands on of what was asked for.
  return effectKey({ ...told, rights: 0, inheriting: 0 }, bytes);
}
