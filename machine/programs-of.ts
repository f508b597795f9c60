import { invariant } from "../core/assert.ts";
import { rowsOf } from "../core/table.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { MachineSpec } from "./machine-spec.ts";
import type { Program, RunnableGuest } from "./program.ts";

export interface ProgramUse {
  readonly sha: string;
  readonly memoryPages: number;
}

/** Each program of a machine with each bound on memory that a process of it has or may have, once; also those that may be spawned. */
export function programsOf({ processes }: KernelState, machine: MachineSpec | null): readonly ProgramUse[] {
  const uses = new Map<string, ProgramUse>();
  const take = (sha: string, memoryPages: number): void =>
    void uses.set(`${sha} ${memoryPages}`, { sha, memoryPages });
  for (const [, { program, memoryPages }] of rowsOf(processes.rows)) take(program, memoryPages);
  for (const [, { program, memoryPages }] of rowsOf(processes.programs)) take(program, memoryPages);
  for (const { sha, memoryPages } of machine?.processes ?? []) take(sha, memoryPages);
  return [...uses.values()];
}

/** What runs of these programs: the one that is alone, or all that take turns. */
export function guestOf(programs: readonly Program[]): RunnableGuest {
  const [first] = programs;
  invariant(first !== undefined, "a machine has a program");
  if (first.guest.kind === "alone") return first.guest;
  const guests = programs.flatMap(({ guest }) => (guest.kind === "turns" ? guest.guests : []));
  return { kind: "turns", guests };
}
