import { type Epochal, FRESH } from "../core/own.ts";
import { type CapabilitiesState, initialCapabilities } from "./capabilities/capability-state.ts";
import { type ClockState, initialClock } from "./clock/clock-state.ts";
import { type ConsoleState, initialConsole } from "./console/console-state.ts";
import { type EntropyState, initialEntropy } from "./entropy/entropy-state.ts";
import { type FilesState, initialFiles } from "./files/file-state.ts";
import { initialIpc, type IpcState } from "./ipc/ipc-state.ts";
import { initialInterrupts, type InterruptsState } from "./interrupts/interrupts-state.ts";
import { initialPipes, type PipesState } from "./pipes/pipe-state.ts";
import { initialProcesses, type ProcessesState } from "./processes/process-state.ts";
import type { SchedulerState } from "./scheduler/scheduler-state.ts";

/** The whole machine: what the events so far add up to. Plain data, a tree. */
export interface KernelState extends Epochal {
  /** The seq of the next event. */
  readonly seq: number;
  /** Kernel time of the last event. */
  readonly at: number;
  /** The end of the byte stream: where the next new bytes begin. */
  readonly head: number;
  readonly clock: ClockState;
  readonly processes: ProcessesState;
  readonly capabilities: CapabilitiesState;
  readonly files: FilesState;
  readonly interrupts: InterruptsState;
  readonly pipes: PipesState;
  readonly ipc: IpcState;
  readonly console: ConsoleState;
  readonly entropy: EntropyState;
  /** Who has the processor. A machine that was never told to take turns has none: its one process runs. */
  readonly scheduler?: SchedulerState;
}

/** The machine before its first event. */
export const initialState = (): KernelState => ({
  epoch: FRESH,
  seq: 0,
  at: 0,
  head: 0,
  clock: { ...initialClock },
  processes: initialProcesses(),
  capabilities: initialCapabilities(),
  files: initialFiles(),
  interrupts: initialInterrupts(),
  pipes: { ...initialPipes, rows: { ...initialPipes.rows } },
  ipc: initialIpc(),
  console: { ...initialConsole },
  entropy: { ...initialEntropy },
});
