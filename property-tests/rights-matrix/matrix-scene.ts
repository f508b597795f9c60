/**
 * Where the rows of the matrix are tried: a machine with one object of each kind, and a process that holds just what a row is
 * tried with. It holds all that there is a second time, with all rights, in slots that the call does not name: they may not matter.
 */
import { isDeepStrictEqual } from "node:util";
import { wasiNumber } from "../../guests/wasi/wasi-table.ts";
import type { Decision, Refused } from "../../reducers/decide/decision.ts";
import { refusedFact } from "../../reducers/decide/refused-fact.ts";
import type { Request } from "../../reducers/decide/request.ts";
import { freeOpen } from "../../reducers/files/file-selectors.ts";
import { PID, scriptedMachine, type ScriptedMachine } from "../../reducers/scripted-machine.ts";
import { hashOf } from "../laws/recorded.ts";
import type { RightsRow, SceneObject } from "./rights-row.ts";
import { ALL_SPEC_RIGHTS } from "./spec-rights.ts";

/** What is held of an object, as sets of rights. */
export interface Held {
  readonly rights: number;
  readonly inheriting: number;
}

export const everything: Held = { rights: ALL_SPEC_RIGHTS, inheriting: ALL_SPEC_RIGHTS };

const PIPE = 1;
const paths = { file: "work/f", directory: "work", "other directory": "other" } as const;
const streams = {
  input: ["console", 0],
  output: ["console", 1],
  "pipe reader": ["pipe-reader", PIPE],
  "pipe writer": ["pipe-writer", PIPE],
  null: ["null", 0],
} as const;

const isPath = (object: SceneObject): object is keyof typeof paths => object in paths;

/** In the directory /work a file f, an empty directory d and a link l to f; /other is empty; input has arrived, also in the pipe. */
export function matrixScene(): ScriptedMachine {
  const machine = scriptedMachine();
  machine.directory("work");
  machine.directory("other");
  machine.directory("work/d");
  machine.symlink("f", "work/l");
  machine.perform({ call: "fd_close", fd: machine.file("work/f", 10) });
  machine.happen(0, { type: "console/input-arrived", position: machine.state.head, length: 8 });
  machine.happen(0, { type: "pipe/created", pipe: PIPE });
  for (const object of ["file", "directory", "other directory", "pipe reader", "pipe writer"] as const)
    hold(machine, object, everything);
  machine.perform({ call: "fd_write", fd: machine.freeSlot() - 1, size: 6 });
  return machine;
}

/** Puts a capability into the next free slot, with these rights and no others. */
export function hold(machine: ScriptedMachine, object: SceneObject, { rights, inheriting }: Held): number {
  if (!isPath(object)) {
    const [kind, target] = streams[object];
    return machine.grant(kind, target, rights);
  }
  const inode = machine.inodeOf(paths[object]);
  const open = freeOpen(machine.state.files);
  machine.happen(PID, { type: "file/preopened", inode, open });
  return machine.grantFile(open, rights, inheriting, `/${paths[object]}`);
}

/** The state but for the log's own counters, as a hash. */
const substanceOf = ({ state }: ScriptedMachine): string => hashOf({ ...state, seq: 0, at: 0 });

/** How a row went. */
export interface Outcome {
  readonly decision: Decision;
  /** The slots that the call named. */
  readonly fds: readonly number[];
  /** Whether asking, and being refused, left the state as it was. */
  readonly isUnchanged: boolean;
  /** Whether it was decided alike each time that it was asked. */
  readonly isSettled: boolean;
}

/** Makes a row's call through capabilities with these rights; a refusal is logged as the kernel does. */
export function tryRow(row: RightsRow, held: readonly Held[]): Outcome {
  const machine = matrixScene();
  const fds = row.through.map(({ object }, index) => hold(machine, object, held[index] ?? everything));
  return tryRequest(machine, row.request(...fds), fds);
}

export function tryRequest(machine: ScriptedMachine, request: Request, fds: readonly number[] = []): Outcome {
  const before = substanceOf(machine);
  const decision = machine.ask(request);
  const again = machine.ask(request);
  if (decision.kind === "refused") logRefusal(machine, request, decision);
  const isUnchanged = substanceOf(machine) === before;
  const isSettled = isDeepStrictEqual([again, machine.ask(request)], [decision, decision]);
  return { decision, fds, isUnchanged, isSettled };
}

function logRefusal(machine: ScriptedMachine, request: Request, decision: Refused): void {
  machine.happen(PID, refusedFact({ number: wasiNumber(request.call), request }, decision));
}
