import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { rowsOf } from "../core/table.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { Process } from "../reducers/processes/process-state.ts";
import { soundGroup } from "./log-reader.ts";
import { type NanBits, nanBitsOf } from "./nan-bits.ts";
import type { RecordingStore } from "./recording-store.ts";
import { STORE_VERSION } from "./store-format.ts";
import type { Timeline } from "./timeline.ts";
import { writerOf } from "./writer-lock.ts";

/** What a recording is, as of its last durable event. */
export interface RecordingInfo {
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
  /** Keyframes beside which the guests are written down, so that they can go on from there. */
  readonly images: number;
  /** The last event before the last of them; null if there is none. */
  readonly lastImage: number | null;
  readonly nans: NanBits;
  readonly diskBytes: number;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly program: string;
  readonly status: Process["status"];
  readonly exitCode: number | null;
  readonly reason: string;
}

export function recordingInfo(store: RecordingStore, timeline: Timeline): RecordingInfo {
  const state = timeline.stateAt(timeline.count - 1);
  const writer = writerOf(store.path);
  const { groups, eventBytes } = countGroups(store);
  const { boots, wallBase } = state.clock;
  const keyframes = [...store.keyframesFrom(0)];
  const images = keyframes.filter(({ image }) => image !== null);
  const last = images.at(-1);
  return {
    path: store.path,
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
    keyframes: keyframes.length,
    images: images.length,
    lastImage: last === undefined ? null : last.seq - 1,
    nans: nanBitsOf(store, state),
    diskBytes: diskBytes(store.path),
  };
}

function statusOf(state: KernelState, writer: number | null): RecordingInfo["status"] {
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
  readdirSync(path).reduce((sum, name) => sum + (lstatSync(join(path, name)).blocks ?? 0) * 512, 0);
