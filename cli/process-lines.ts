/** The processes of a machine at a moment, as `ps` and `top` tell them. */
import { get, peek, rowsOf } from "../core/table.ts";
import { isMachineDue } from "../machine/after-life.ts";
import type { RunNote } from "../machine/run-machine.ts";
import { standstillOf } from "../reducers/decide/standstill.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { Process } from "../reducers/processes/process-state.ts";
import { awaitedOf } from "../reducers/scheduler/awaited.ts";
import { ticksUsed } from "../reducers/scheduler/scheduler-selectors.ts";
import type { SchedulerState, Task } from "../reducers/scheduler/scheduler-state.ts";
import type { RecordingStore } from "../replay/recording-store.ts";
import { formatTime } from "./format-event.ts";

export interface ProcessLine {
  readonly pid: number;
  readonly name: string;
  /** `ready`, `running` and `waiting` of those that live; else how it ended. */
  readonly status: Process["status"] | Task["status"];
  /** Its exit code; null while it lives. */
  readonly exitCode: number | null;
  /** Ticks that it has used in the turns that are over; null where nobody takes turns. */
  readonly ticks: number | null;
  /** The name of its scheduling domain; null where there are none, and when it has ended. */
  readonly domain: string | null;
  /** What it waits for, in words. */
  readonly waitsFor: readonly string[];
  readonly args: readonly string[];
}

export function processLines({ processes, scheduler, clock }: KernelState): readonly ProcessLine[] {
  return [...rowsOf(processes.rows)].map(([pid, process]) => {
    const task = scheduler === undefined ? null : peek(scheduler.tasks, pid);
    const { name, args, exitCode: code } = process;
    return {
      pid,
      name,
      status: task === null || !clock.isOn ? process.status : task.status,
      exitCode: code < 0 ? null : code,
      ticks: scheduler === undefined ? null : ticksUsed(scheduler, pid),
      domain: task === null || scheduler === undefined ? null : domainOf(scheduler, task),
      waitsFor: task === null ? [] : waitsOf(task, scheduler === undefined ? 0 : untilOf(scheduler, task)),
      args,
    };
  });
}

const domainOf = ({ partition }: SchedulerState, { domain = 0 }: Task): string | null =>
  partition === undefined ? null : (peek(partition.domains, domain)?.name ?? null);

/** The columns of scheduling domains, as wide as the longest name; nothing where there are none. */
export interface DomainColumn {
  readonly head: string;
  readonly of: (line: ProcessLine) => string;
}

export function domainColumn(lines: readonly ProcessLine[]): DomainColumn {
  if (lines.every(({ domain }) => domain === null)) return { head: "", of: () => "" };
  const width = Math.max(6, ...lines.map(({ domain }) => domain?.length ?? 0));
  return { head: `  ${"DOMAIN".padEnd(width)}`, of: ({ domain }) => `  ${(domain ?? "").padEnd(width)}` };
}

/** Whose slot it is; null where there are no scheduling domains, or nobody of them any more. */
export function slotText({ scheduler, clock }: KernelState): string | null {
  const { partition } = scheduler ?? {};
  if (partition === undefined || !clock.isOn) return null;
  const { name, ticks, left } = get(partition.domains, partition.domain);
  return `the slot is of ${name}: ${Math.max(0, left).toLocaleString("en-US")} of ${ticks.toLocaleString("en-US")} ticks are left behind the last turn`;
}

const untilOf = ({ timers }: NonNullable<KernelState["scheduler"]>, { timer }: Task): number =>
  timer < 0 ? 0 : (peek(timers, timer)?.until ?? 0);

function waitsOf({ objects }: Task, until: number): readonly string[] {
  const words = objects.map(awaitedWords);
  return until > 0 ? [...words, `${formatTime(until)} s`] : words;
}

/** What a number says that is waited for. */
export function awaitedWords(object: number): string {
  const awaited = awaitedOf(object);
  switch (awaited.kind) {
    case "input":
      return "input";
    case "readable":
      return `bytes in pipe ${awaited.pipe}`;
    case "writable":
      return `room in pipe ${awaited.pipe}`;
    case "message":
      return `a message at endpoint ${awaited.object}`;
    case "notification":
      return `a signal at notification ${awaited.object}`;
    case "exchange":
      return `somebody to receive what it sent, or a reply`;
    case "ended":
      return `the end of process ${awaited.pid}`;
  }
}

/** `exited 0`, `waiting`. */
export const statusText = ({ status, exitCode }: ProcessLine): string =>
  exitCode === null ? status : `${status} ${exitCode}`;

export const waitsText = ({ waitsFor }: ProcessLine): string =>
  waitsFor.length === 0 ? "" : `  waits for ${waitsFor.join(", ")}`;

export const STANDSTILL = "nothing can go on: all who live wait for each other";

/** Whether all who live wait for each other at a moment of a recording, and the machine will do nothing about it. */
export function standsStill(store: RecordingStore, state: KernelState): boolean {
  if (standstillOf(state) === null) return false;
  const machine = (store.note("run") as RunNote | null)?.machine;
  return machine === undefined || !isMachineDue(machine, state);
}
