/** What is true of the whole machine after every event: each subsystem's own statements, and those that join two of them. */
import { peek, rowsOf, sizeOf } from "../core/table.ts";
import { stampsFall } from "../core/table-invariants.ts";
import { allCapabilities, capabilityInvariants } from "./capabilities/capability-invariants.ts";
import { addressOf, KEPT_SLOT, space } from "./capabilities/address.ts";
import { rowAt } from "./capabilities/slots.ts";
import { effectivePriority, isLineBound, speaksFor } from "./decide/effective-priority.ts";
import { consoleInvariants } from "./console/console-invariants.ts";
import { fileInvariants, isRoot } from "./files/file-invariants.ts";
import type { KernelState } from "./kernel-state.ts";
import { interruptInvariants } from "./interrupts/interrupt-invariants.ts";
import { ipcInvariants } from "./ipc/ipc-invariants.ts";
import { pipeInvariants } from "./pipes/pipe-invariants.ts";
import { processInvariants } from "./processes/process-invariants.ts";
import { schedulerInvariants } from "./scheduler/scheduler-invariants.ts";

type Statement = (state: KernelState) => boolean;

export const everyCapabilityHasItsObject: Statement = ({ capabilities, files, pipes }) =>
  allCapabilities(capabilities).every(({ object, target }) => {
    switch (object) {
      case "file":
        return peek(files.opens, target) !== null;
      case "pipe-reader":
      case "pipe-writer":
        return peek(pipes.rows, target) !== null;
      case "null":
      case "entropy":
      case "timers":
        return target === 0;
      case "console":
        return target <= 2;
      case "clock":
        return target <= 1;
      default:
        return true;
    }
  });

/** Each open file counts how many capabilities there are to it. */
export const openFilesCountTheirHolders: Statement = ({ capabilities, files }) => {
  const counts = new Map<number, number>();
  for (const { object, target } of allCapabilities(capabilities))
    if (object === "file") counts.set(target, (counts.get(target) ?? 0) + 1);
  return [...rowsOf(files.opens)].every(
    ([open, { holders, inode }]) =>
      counts.get(open) === holders || (!counts.has(open) && holders === 1 && isRoot(files, inode)),
  );
};

/** Each open file is held by somebody, but for the moment between its making and its grant at boot. */
export const everyOpenFileIsHeld: Statement = ({ capabilities, files }) => {
  const held = new Set(
    allCapabilities(capabilities).map(({ object, target }) => (object === "file" ? target : -1)),
  );
  const unheld = [...rowsOf(files.opens)].filter(([open]) => !held.has(open));
  return (
    unheld.length === 0 || (unheld.length === 1 && unheld.every(([, { inode }]) => isRoot(files, inode)))
  );
};

/** Who has ended holds nothing. */
export const onlyTheLivingHoldCapabilities: Statement = ({ capabilities, processes }) =>
  [...rowsOf(capabilities.tables)].every(([pid, { slots }]) => {
    const process = peek(processes.rows, pid);
    const lives = process !== null && (process.status === "running" || process.status === "waiting");
    return lives || slots.root === null;
  });

/** Who has ended has no message on its way, and waits for no reply. */
export const onlyTheLivingExchange: Statement = ({ ipc, processes, capabilities }) =>
  [...rowsOf(ipc.exchanges), ...rowsOf(capabilities.messages)].every(
    ([pid]) => peek(processes.rows, pid)?.exitCode === -1,
  );

/** Where there are turns, each that lives has its turn, and nobody else. */
export const theLivingTakeTurns: Statement = ({ processes, scheduler }) => {
  if (scheduler === undefined) return true;
  const living = [...rowsOf(processes.rows)].filter(([, { exitCode }]) => exitCode === -1);
  return (
    sizeOf(scheduler.tasks) === living.length && living.every(([pid]) => peek(scheduler.tasks, pid) !== null)
  );
};

/** Whoever lives stands where its priority comes to: nobody keeps what nothing speaks for any more (laws F4, F5). */
export const thePlacedAreDerived: Statement = (state) =>
  state.scheduler === undefined ||
  [...rowsOf(state.scheduler.tasks)].every(
    ([pid, { placement }]) => placement === effectivePriority(state, pid),
  );

/** Something speaks for every loan, and what a context is bound by lies where it says. */
export const loansAreJustified: Statement = (state) =>
  state.scheduler === undefined ||
  [...rowsOf(state.scheduler.contexts)].every(
    ([id, { borrower, boundAt }]) =>
      (borrower === 0 || speaksFor(state, id, borrower)) &&
      (boundAt < 0 || rowAt(state.capabilities, boundAt)?.target === id),
  );

/** A line that is active has all that it needs for that, and no other one has any of it (law A14); what was delivered has signalled. */
export const linesAreBound: Statement = (state) =>
  state.interrupts.signalling === 0 &&
  [...rowsOf(state.interrupts.lines)].every(([line, { notification }]) =>
    notification === 0 ? peek(state.capabilities.kept, line) === null : isLineBound(state, line),
  ) &&
  [...rowsOf(state.interrupts.timers)].every(
    ([timer, { notification }]) =>
      rowAt(state.capabilities, addressOf(space.kept, timer, KEPT_SLOT))?.target === notification,
  );

/** Who has ended takes nothing back any more: what goes on is a revocation of somebody who lives. */
export const onlyTheLivingRevoke: Statement = ({ capabilities, processes }) =>
  [...rowsOf(capabilities.revocations)].every(
    ([pid]) => pid === 0 || peek(processes.rows, pid)?.exitCode === -1,
  );

/** Where there are turns, what each used that has ended is known, and of nobody else. */
export const theEndedAreCounted: Statement = ({ processes, scheduler }) => {
  if (scheduler === undefined) return true;
  const ended = [...rowsOf(processes.rows)].filter(([, { exitCode }]) => exitCode !== -1);
  return (
    sizeOf(scheduler.ended) === ended.length && ended.every(([pid]) => peek(scheduler.ended, pid) !== null)
  );
};

/** Files, pipes and the console name bytes that are in the stream. */
export const piecesAreWithinTheStream: Statement = ({ files, pipes, console, head }) => {
  const chunks = [...rowsOf(files.inodes)].flatMap(([, inode]) => [...rowsOf(inode.chunks)]);
  const ends = chunks.flatMap(([, { pieces }]) => endsOf(pieces, 3, 1));
  const queues = [console.input, ...[...rowsOf(pipes.rows)].map(([, pipe]) => pipe.pieces)];
  return [...ends, ...queues.flatMap((pieces) => endsOf(pieces, 2, 0))].every((end) => end <= head);
};

/** The ends in the stream of pieces of so many fields, of which the position is one and the length the next. */
const endsOf = (pieces: readonly number[], fields: number, position: number): readonly number[] =>
  pieces.flatMap((start, index) => (index % fields === position ? [start + (pieces[index + 1] ?? 0)] : []));

const of =
  <Slice>(
    slice: (state: KernelState) => Slice,
    statements: Readonly<Record<string, (part: Slice) => boolean>>,
  ) =>
  (): readonly (readonly [string, Statement])[] =>
    Object.entries(statements).map(([name, holds]) => [name, (state) => holds(slice(state))]);

/** All statements by their names. */
export const kernelInvariants: Readonly<Record<string, Statement>> = Object.fromEntries([
  ...of((state) => state.files, fileInvariants)(),
  ...of((state) => state.capabilities, capabilityInvariants)(),
  ...of((state) => state.processes, processInvariants)(),
  ...of((state) => state.pipes, pipeInvariants)(),
  ...of((state) => state.console, consoleInvariants)(),
  ...of((state) => state.ipc, ipcInvariants)(),
  ...of((state) => state.interrupts, interruptInvariants)(),
  ...Object.entries(schedulerInvariants).map(([name, holds]): [string, Statement] => [
    name,
    ({ scheduler }) => scheduler === undefined || holds(scheduler),
  ]),
  ["theLivingTakeTurns", theLivingTakeTurns],
  ["theEndedAreCounted", theEndedAreCounted],
  ["thePlacedAreDerived", thePlacedAreDerived],
  ["loansAreJustified", loansAreJustified],
  ["linesAreBound", linesAreBound],
  ["everyCapabilityHasItsObject", everyCapabilityHasItsObject],
  ["everyOpenFileIsHeld", everyOpenFileIsHeld],
  ["openFilesCountTheirHolders", openFilesCountTheirHolders],
  ["onlyTheLivingHoldCapabilities", onlyTheLivingHoldCapabilities],
  ["onlyTheLivingExchange", onlyTheLivingExchange],
  ["onlyTheLivingRevoke", onlyTheLivingRevoke],
  ["piecesAreWithinTheStream", piecesAreWithinTheStream],
  ["stampsFall", stampsFall],
]);
