import { rowsOf } from "../../core/table.ts";
import { tableCountsAreRight } from "../../core/table-invariants.ts";
import type { ProcessesState } from "./process-state.ts";

type Statement = (processes: ProcessesState) => boolean;

/** A process that lives has no exit code, one that has ended has one, and only one that waits has something to wait for. */
export const exitCodesAreOfTheEnded: Statement = (processes) =>
  [...rowsOf(processes.rows)].every(([, { status, exitCode, waitsUntil }]) => {
    const lives = status === "running" || status === "waiting";
    return lives === (exitCode === -1) && (status === "waiting" || waitsUntil === 0);
  });

export const processTableCountsRight: Statement = (processes) =>
  tableCountsAreRight(processes.rows) &&
  [...rowsOf(processes.rows)].every(([pid]) => pid < processes.nextPid);

export const waitingProcessesAreCounted: Statement = (processes) =>
  [...rowsOf(processes.rows)].filter(([, { status }]) => status === "waiting").length ===
  processes.waitingCount;

export const processInvariants: Readonly<Record<string, Statement>> = {
  exitCodesAreOfTheEnded,
  processTableCountsRight,
  waitingProcessesAreCounted,
};
