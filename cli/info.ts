import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { rowsOf } from "../core/table.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { Process } from "../reducers/processes/process-state.ts";
import { soundGroup } from "../replay/log-reader.ts";
import { type RecordingStore, STORE_VERSION } from "../replay/recording-store.ts";
import { writerOf } from "../replay/writer-lock.ts";
import { exitCode } from "./exit-codes.ts";
import { formatTime } from "./format-event.ts";
import { type Look, lookAt, parseWords } from "./look-at.ts";
import type { Output } from "./output.ts";

interface Info {
  readonly path: string;
  readonly version: number;
  /** `empty` before the first event is durable. */
  readonly status: "ended" | "cut off" | "running" | "empty";
  /** The process that writes it; null if none does. */
  readonly writer: number | null;
  readonly startedAt: string | null;
  readonly seconds: number;
  readonly boots: number;
  readonly processes: readonly ProcessInfo[];
  readonly events: number;
  readonly groups: number;
  /** Encoded events with their groups' headers and hashes. */
  readonly eventBytes: number;
  readonly bytesPerEvent: number;
  /** Contents that events brought: what was written, read from the host, typed and drawn. */
  readonly streamBytes: number;
  readonly keyframes: number;
  readonly diskBytes: number;
}

interface ProcessInfo {
  readonly pid: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly program: string;
  readonly status: Process["status"];
  readonly exitCode: number | null;
  readonly reason: string;
}

/** Says what a recording is. */
export function info(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "info",
    options: { json: "boolean" },
    most: 1,
  });
  return lookAt(positionals[0], "info", (look) => {
    const found = gather(look);
    if (values.json === true) look.output.json(found);
    else print(look.output, found);
    return exitCode.done;
  });
}

function gather({ path, store, timeline }: Look): Info {
  const state = timeline.seek(timeline.count - 1);
  const writer = writerOf(path);
  const { groups, eventBytes } = countGroups(store);
  const { boots, wallBase } = state.clock;
  return {
    path,
    version: STORE_VERSION,
    status: statusOf(state, writer),
    writer,
    startedAt: boots === 0 ? null : new Date(wallBase / 1000).toISOString(),
    seconds: state.at / 1e6,
    boots,
    processes: [...rowsOf(state.processes.rows)].map(([pid, process]) => processInfo(pid, process)),
    events: timeline.count,
    groups,
    eventBytes,
    bytesPerEvent: timeline.count === 0 ? 0 : Math.round((eventBytes / timeline.count) * 100) / 100,
    streamBytes: state.head,
    keyframes: [...store.keyframesFrom(0)].length,
    diskBytes: diskBytes(path),
  };
}

function statusOf(state: KernelState, writer: number | null): Info["status"] {
  if (state.seq > 0 && !state.clock.isOn) return "ended";
  if (writer !== null) return "running";
  return state.seq === 0 ? "empty" : "cut off";
}

function processInfo(pid: number, process: Process): ProcessInfo {
  const { name, args, program, status, reason } = process;
  return {
    pid,
    name,
    args,
    program,
    status,
    exitCode: process.exitCode < 0 ? null : process.exitCode,
    reason,
  };
}

function countGroups(store: RecordingStore): { readonly groups: number; readonly eventBytes: number } {
  let groups = 0;
  let eventBytes = 0;
  for (const record of store.groupsFrom(0)) {
    soundGroup(store, record);
    groups += 1;
    eventBytes += record.length;
  }
  return { groups, eventBytes };
}

/** What the recording takes on the disk: blocks, so that holes do not count. */
const diskBytes = (path: string): number =>
  readdirSync(path).reduce((sum, name) => sum + (statSync(join(path, name)).blocks ?? 0) * 512, 0);

const grouped = (count: number): string => count.toLocaleString("en-US");

function print(output: Output, found: Info): void {
  const line = (name: string, text: string): void => output.line(`${name.padEnd(11)} ${text}`);
  line("recording", found.path);
  line("status", describeStatus(found));
  if (found.startedAt !== null) line("started", found.startedAt);
  line(
    "lasted",
    `${formatTime(Math.round(found.seconds * 1e6))} s${found.boots > 1 ? `, ${found.boots} boots` : ""}`,
  );
  for (const process of found.processes) {
    line(`process ${process.pid}`, `${process.args.map(quoted).join(" ")} (${process.program.slice(0, 12)})`);
    line("", describeEnd(process));
  }
  line(
    "events",
    `${grouped(found.events)} in ${grouped(found.groups)} groups, ${found.bytesPerEvent} bytes an event`,
  );
  line("contents", `${grouped(found.streamBytes)} bytes`);
  line("keyframes", grouped(found.keyframes));
  line("on disk", `${grouped(found.diskBytes)} bytes`);
}

const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word));

function describeStatus({ status, writer, events }: Info): string {
  switch (status) {
    case "ended":
      return "ended in good order";
    case "running":
      return `process ${writer} is writing it`;
    case "cut off":
      return `cut off after event ${events - 1}; \`foldos resume\` goes on`;
    case "empty":
      return "empty: cut off before its first event";
  }
}

function describeEnd({ status, exitCode: code, reason }: ProcessInfo): string {
  if (status === "exited") return `exited with ${code}`;
  if (status === "trapped" || status === "killed") return `${status}: ${reason}`;
  return status;
}
