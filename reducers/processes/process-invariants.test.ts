import { expect, test } from "@jest/globals";
import type { Own } from "../../core/own.ts";
import { edit, type Table } from "../../core/table.ts";
import { PID, scriptedMachine } from "../scripted-machine.ts";
import { processInvariants } from "./process-invariants.ts";
import type { Process, ProcessesState } from "./process-state.ts";

type Change = (process: Own<Process>, processes: Own<ProcessesState>) => void;

/** The statements that do not hold once a machine with one process, which runs, waits or has ended, was changed. */
function broken(how: "runs" | "waits" | "has ended", change: Change): readonly string[] {
  const machine = scriptedMachine();
  if (how === "waits") machine.happen(PID, { type: "process/blocked", until: 100, slots: 0 });
  if (how === "has ended") machine.happen(PID, { type: "process/exited", code: 3 });
  const processes = JSON.parse(JSON.stringify(machine.state.processes)) as Own<ProcessesState>;
  change(edit(processes.rows as Own<Table<Process>>, PID), processes);
  return Object.entries(processInvariants)
    .filter(([, holds]) => !holds(processes))
    .map(([name]) => name);
}

test.each(["runs", "waits", "has ended"] as const)("all hold of a process that %s", (how) => {
  expect(broken(how, () => {})).toEqual([]);
});

test.each<[string, "runs" | "waits" | "has ended", string, Change]>([
  ["exitCodesAreOfTheEnded", "runs", "an exit code", (process) => (process.exitCode = 0)],
  ["exitCodesAreOfTheEnded", "waits", "an exit code", (process) => (process.exitCode = 0)],
  ["exitCodesAreOfTheEnded", "has ended", "no exit code", (process) => (process.exitCode = -1)],
  ["exitCodesAreOfTheEnded", "runs", "something to wait for", (process) => (process.waitsUntil = 5)],
  ["processTableCountsRight", "runs", "a pid that will be given again", (_, all) => (all.nextPid = PID)],
  [
    "processTableCountsRight",
    "runs",
    "a page that counts one more",
    (_, { rows }) => ((rows.root as { count: number }).count += 1),
  ],
  ["waitingProcessesAreCounted", "waits", "a count of none", (_, all) => (all.waitingCount = 0)],
  ["waitingProcessesAreCounted", "runs", "a count of one", (_, all) => (all.waitingCount = 1)],
])("%s fails for a process that %s, with %s", (name, how, _, change) => {
  expect(broken(how, change)).toEqual([name]);
});
