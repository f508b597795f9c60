import { type Epochal, FRESH } from "../../core/own.ts";
import { emptyTable, type Table } from "../../core/table.ts";

export interface Process extends Epochal {
  readonly program: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: readonly string[];
  /** The most memory it may have, in pages of 64 KiB. */
  readonly memoryPages: number;
  readonly status: "running" | "waiting" | "exited" | "trapped" | "killed";
  /** Its exit code; -1 while it has none. */
  readonly exitCode: number;
  /** The trap's message or the signal's name. */
  readonly reason: string;
  /** The trap's stack, innermost frame first. */
  readonly stack: readonly string[];
  readonly startedAt: number;
  /** The pid of who spawned it; 0 of one that the machine started. */
  readonly spawner: number;
  /** While it waits: until when, in kernel time; 0 for no bound. */
  readonly waitsUntil: number;
}

/** What whoever holds a program object may start. */
export interface Program extends Epochal {
  /** The SHA-256 of its module, in hexadecimal. */
  readonly program: string;
  readonly name: string;
  readonly memoryPages: number;
}

export interface ProcessesState extends Epochal {
  readonly rows: Table<Process>;
  /** By object. */
  readonly programs: Table<Program>;
  readonly nextPid: number;
  /** How many of them wait. */
  readonly waitingCount: number;
}

export const initialProcesses = (): ProcessesState => ({
  epoch: FRESH,
  rows: emptyTable(),
  programs: emptyTable(),
  nextPid: 1,
  waitingCount: 0,
});
