import { peek, rowsOf } from "../core/table.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { Process } from "../reducers/processes/process-state.ts";
import { awaitedOf } from "../reducers/scheduler/awaited.ts";
import { ticksUsed } from "../reducers/scheduler/scheduler-selectors.ts";
import type { Task } from "../reducers/scheduler/scheduler-state.ts";
import { exitCode } from "./exit-codes.ts";
import { formatTime } from "./format-event.ts";
import { lookAt, momentOf, parseWords } from "./look-at.ts";

/** A process at a moment, as it is told. */
interface ProcessLine {
  readonly pid: number;
  readonly name: string;
  /** `ready`, `running` and `waiting` of those that live; else how it ended. */
  readonly status: Process["status"] | Task["status"];
  /** Its exit code; null while it lives. */
  readonly exitCode: number | null;
  /** Ticks that it has used in the turns that are over; null where nobody takes turns. */
  readonly ticks: number | null;
  /** What it waits for, in words. */
  readonly waitsFor: readonly string[];
  readonly args: readonly string[];
}

/** Says which processes there are at a moment, and what they do. */
export function ps(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "ps",
    options: { json: "boolean" },
    most: 2,
  });
  const [recording, moment = "end"] = positionals;
  return lookAt(recording, "ps", ({ timeline, output }) => {
    const lines = linesOf(timeline.seek(momentOf(moment.replace(/^@/, ""), timeline)));
    if (values.json === true) for (const line of lines) output.json(line);
    else {
      output.line("  PID STATUS            TICKS  NAME");
      for (const line of lines) output.line(textOf(line));
    }
    return exitCode.done;
  });
}

function linesOf({ processes, scheduler, clock }: KernelState): readonly ProcessLine[] {
  return [...rowsOf(processes.rows)].map(([pid, process]) => {
    const task = scheduler === undefined ? null : peek(scheduler.tasks, pid);
    const { name, args, exitCode: code } = process;
    return {
      pid,
      name,
      status: task === null || !clock.isOn ? process.status : task.status,
      exitCode: code < 0 ? null : code,
      ticks: scheduler === undefined ? null : ticksUsed(scheduler, pid),
      waitsFor: task === null ? [] : waitsOf(task, scheduler === undefined ? 0 : untilOf(scheduler, task)),
      args,
    };
  });
}

const untilOf = ({ timers }: NonNullable<KernelState["scheduler"]>, { timer }: Task): number =>
  timer < 0 ? 0 : (peek(timers, timer)?.until ?? 0);

function waitsOf({ objects }: Task, until: number): readonly string[] {
  const words = objects.map((object) => {
    const awaited = awaitedOf(object);
    if (awaited.kind === "input") return "input";
    return awaited.kind === "readable" ? `bytes in pipe ${awaited.pipe}` : `room in pipe ${awaited.pipe}`;
  });
  return until > 0 ? [...words, `${formatTime(until)} s`] : words;
}

function textOf({ pid, name, status, exitCode: code, ticks, waitsFor }: ProcessLine): string {
  const how = code === null ? status : `${status} ${code}`;
  const waits = waitsFor.length === 0 ? "" : `  waits for ${waitsFor.join(", ")}`;
  const used = ticks === null ? "" : ticks.toLocaleString("en-US");
  return `${String(pid).padStart(5)} ${how.padEnd(11)} ${used.padStart(11)}  ${name}${waits}`;
}
