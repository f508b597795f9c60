import { expect, test } from "@jest/globals";
import { right } from "../core/rights.ts";
import type { Own } from "../core/own.ts";
import { edit, get, remove, type Table } from "../core/table.ts";
import type { Capability } from "./capabilities/capability-state.ts";
import { chunksOf, inodesOf, opensOf } from "./files/owned.ts";
import type { FilesState } from "./files/file-state.ts";
import { kernelInvariants } from "./kernel-invariants.ts";
import type { KernelState } from "./kernel-state.ts";
import { PID, scriptedMachine } from "./scripted-machine.ts";

const PIPE = 5;

type Change = (state: Own<KernelState>, a: number) => void;

/** The statements that do not hold once a machine with the file a, a pipe with 10 bytes and 10 bytes of input was changed. */
function broken(change: Change): readonly string[] {
  const machine = scriptedMachine();
  machine.file("a", 10);
  machine.happen(0, { type: "pipe/created", pipe: PIPE });
  machine.grant("pipe-reader", PIPE, right.fdRead);
  machine.perform({ call: "fd_write", fd: machine.grant("pipe-writer", PIPE, right.fdWrite), size: 10 });
  machine.happen(0, { type: "console/input-arrived", position: machine.state.head, length: 10 });
  const state = JSON.parse(JSON.stringify(machine.snapshot())) as Own<KernelState>;
  change(state, machine.inodeOf("a"));
  return Object.entries(kernelInvariants)
    .filter(([, holds]) => !holds(state))
    .map(([name]) => name);
}

const slotsOf = (state: Own<KernelState>): Own<Table<Capability>> =>
  get(state.capabilities.tables, PID).slots as Own<Table<Capability>>;
const filesOf = (state: Own<KernelState>): Own<FilesState> => state.files as Own<FilesState>;

test("all hold of what events lead to", () => {
  expect(broken(() => {})).toEqual([]);
});

test.each<[string, string, Change]>([
  [
    "everyCapabilityHasItsObject",
    "a file that is not open",
    (state) => (edit(slotsOf(state), 4).target = 99),
  ],
  ["everyCapabilityHasItsObject", "a fourth stream", (state) => (edit(slotsOf(state), 0).target = 3)],
  ["everyCapabilityHasItsObject", "a pipe that is none", (state) => (edit(slotsOf(state), 5).target = 99)],
  [
    "everyOpenFileIsHeld",
    "two files that nobody holds",
    (state) => {
      remove(slotsOf(state), 3);
      remove(slotsOf(state), 4);
    },
  ],
  [
    "everyOpenFileIsHeld",
    "a file that nobody holds and that is no root",
    (state) => remove(slotsOf(state), 4),
  ],
  [
    "onlyTheLivingHoldCapabilities",
    "a process that has ended",
    (state) => ((get(state.processes.rows, PID) as { status: string }).status = "exited"),
  ],
  [
    "piecesAreWithinTheStream",
    "a file with bytes behind the head",
    (state, a) => (edit(chunksOf(edit(inodesOf(filesOf(state)), a)), 0).pieces = [0, state.head - 9, 10]),
  ],
  [
    "piecesAreWithinTheStream",
    "a pipe with bytes behind the head",
    (state) => ((get(state.pipes.rows, PIPE) as { pieces: readonly number[] }).pieces = [state.head - 9, 10]),
  ],
  [
    "piecesAreWithinTheStream",
    "input behind the head",
    (state) => ((state.console as { input: readonly number[] }).input = [state.head - 9, 10]),
  ],
  [
    "stampsFall",
    "a record that is newer than the one above it",
    (state) => ((get(state.files.opens, 1) as { epoch: number }).epoch = state.epoch + 1),
  ],
  [
    "openFilesPointToInodes",
    "an open file on nothing",
    (state) => (edit(opensOf(filesOf(state)), 1).inode = 99),
  ],
  [
    "unreadInputIsCounted",
    "a byte too many",
    (state) => ((state.console as { inputBytes: number }).inputBytes += 1),
  ],
  ["parentsAreOlder", "one that is its own parent", (state) => (edit(slotsOf(state), 4).parent = 1000)],
  [
    "pipesHoldWhatTheyCount",
    "an id given again",
    (state) => ((state.pipes as { nextPipe: number }).nextPipe = 5),
  ],
  [
    "waitingProcessesAreCounted",
    "a count of one",
    (state) => ((state.processes as { waitingCount: number }).waitingCount = 1),
  ],
])("%s fails for %s", (name, _, change) => {
  expect(broken(change)).toContain(name);
});
