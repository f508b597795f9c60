import { errnoName } from "../core/errno.ts";
import { right, rightNamesOf } from "../core/rights.ts";
import { callName } from "../guests/call-table.ts";
import { fdflag } from "../reducers/decide/open-path.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { describeUrgent } from "./format-urgent.ts";
import type { Refusal } from "../replay/authority/explain-refusal.ts";
import { NO_SUBJECT, type Subject } from "../replay/event-subjects.ts";
import { formatCapability, isCapabilityStep } from "./format-capability.ts";
import { formatRefusal } from "./format-refusal.ts";

/** Fields that stand at the front of a line, or that say nothing to a reader. */
const HIDDEN = new Set(["type", "seq", "at", "cause", "pid", "call", "position"]);
/** Fields that the subject says in a reader's words. */
const IN_SUBJECT = {
  fd: new Set(["by", "slot"]),
  path: new Set(["directory", "name", "inode", "open", "target", "label", "path", "object"]),
  toPath: new Set(["toDirectory", "toName"]),
} as const;

const STREAMS = ["standard input", "standard output", "standard error"];
/** WASI preview 1 `filetype`, in words. */
const KINDS = [
  "unknown",
  "block device",
  "character device",
  "directory",
  "file",
  "socket",
  "socket",
  "symbolic link",
];

/** Kernel time as seconds with microseconds. */
export const formatTime = (micros: number): string =>
  `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, "0")}`;

const formatValue = (value: unknown): string => {
  if (Array.isArray(value)) return value.length > 8 ? `[${value.length} of them]` : JSON.stringify(value);
  return typeof value === "string" ? JSON.stringify(value) : String(value);
};

/** One event as a line: seq, time, process, type, and what is to be said of it; of a refusal, what was missing. */
export function formatEvent(
  event: KernelEvent,
  subject: Subject = NO_SUBJECT,
  refusal: Refusal | null = null,
): string {
  const pid = event.pid === 0 ? "-" : String(event.pid);
  const head = `${String(event.seq).padStart(7)} ${formatTime(event.at).padStart(11)} ${pid.padStart(2)}  ${event.type.padEnd(24)}`;
  const why = refusal === null ? "" : formatRefusal(refusal);
  const what = `${describe(event, subject)}${why === "" ? "" : `: ${why}`}`;
  const words = [...describeSubject(event, subject), what];
  return `${head} ${words.filter((word) => word !== "").join(" ")}`.trimEnd();
}

function describeSubject(event: KernelEvent, { fd, path, toPath }: Subject): readonly string[] {
  const words: string[] = [];
  if (event.type === "process/refused") words.push(callName(event.function));
  if (fd >= 0) words.push(`fd ${fd}`);
  if (path !== null) words.push(JSON.stringify(path));
  if (toPath !== null) words.push(`-> ${JSON.stringify(toPath)}`);
  return words;
}

function describe(event: KernelEvent, subject: Subject): string {
  if (isCapabilityStep(event))
    return formatCapability(event, { source: subject.fd >= 0, path: subject.path !== null });
  switch (event.type) {
    case "process/refused":
      return describeRefusal(event, subject);
    case "file/read":
    case "file/read-at":
    case "file/written":
    case "file/written-at":
    case "host/content-read": {
      const bytes = `${event.length} bytes at ${event.offset}`;
      return subject.path === null
        ? `${describeFields(event, subject, ["offset", "length"])}  ${bytes}`.trim()
        : bytes;
    }
    case "file/opened":
      return subject.path === null ? describeFields(event, subject, []) : describeOpening(event);
    case "console/written":
      return `${event.length} bytes to ${STREAMS[event.stream]}`;
    case "console/read":
    case "console/input-arrived":
    case "entropy/drawn":
      return `${event.length} bytes`;
    case "host/node-examined":
      return subject.path === null ? describeFields(event, subject, []) : describeNode(event);
    case "capability/granted":
      return event.object === "console"
        ? (STREAMS[event.target] as string)
        : describeFields(event, subject, subject.path === null ? ["label"] : []);
    case "process/started":
      return `${event.args.map((word) => JSON.stringify(word)).join(" ")}  program ${event.program.slice(0, 12)}`;
    case "capability/closed":
      return subject.path === null ? `${event.object} ${event.target}` : "";
    default:
      return describeUrgent(event) ?? describeFields(event, subject, []);
  }
}

function describeRefusal(event: Extract<KernelEvent, { type: "process/refused" }>, subject: Subject): string {
  const slot = event.slot < 0 || subject.fd >= 0 ? "" : `fd ${event.slot} `;
  const path = event.path === "" || subject.path !== null ? "" : `${JSON.stringify(event.path)} `;
  return `${slot}${path}${errnoName(event.errno)}`;
}

const limitsOf = { no: ", not writable", yes: "", "read-only": ", read-only file system" } as const;

function describeNode(event: Extract<KernelEvent, { type: "host/node-examined" }>): string {
  const target = event.target === "" ? "" : ` to ${JSON.stringify(event.target)}`;
  const limits = `${event.readable ? "" : ", not readable"}${limitsOf[event.writable]}`;
  return `${KINDS[event.kind] ?? event.kind}${target}, ${event.size} bytes, inode ${event.inode}${limits}`;
}

/** What may be done through a descriptor that was just opened. */
function describeOpening(event: Extract<KernelEvent, { type: "file/opened" }>): string {
  const words: string[] = [];
  if ((event.rights & right.fdReaddir) !== 0) words.push("list");
  if ((event.rights & right.fdRead) !== 0) words.push("read");
  if ((event.rights & right.fdWrite) !== 0)
    words.push((event.flags & fdflag.append) === 0 ? "write" : "append");
  return words.length === 0 ? `inode ${event.inode}` : `to ${words.join(", ")}, inode ${event.inode}`;
}

function describeFields(event: KernelEvent, subject: Subject, without: readonly string[]): string {
  return Object.entries(event)
    .filter(([key]) => !HIDDEN.has(key) && !without.includes(key) && !isSaid(key, subject))
    .map(([key, value]) =>
      key === "rights" || key === "inheriting"
        ? `${rightNamesOf(value as number).length} ${key}`
        : `${key} ${formatValue(value)}`,
    )
    .join("  ");
}

const isSaid = (key: string, { fd, path, toPath }: Subject): boolean =>
  (fd >= 0 && IN_SUBJECT.fd.has(key)) ||
  (path !== null && IN_SUBJECT.path.has(key)) ||
  (toPath !== null && IN_SUBJECT.toPath.has(key));
