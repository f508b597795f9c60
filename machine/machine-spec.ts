/** A machine of several programs as it is booted: what a machine file says, with programs by their hashes. It is kept in the recording. */
import type { Grants, RestartRule } from "./machine-file/machine-file.ts";
import type { DirectoryGrant } from "./boot.ts";

export interface MachineSpec {
  readonly processes: readonly ProcessSpec[];
  /** The capacity of each pipe, in bytes. A pipe's id is its place here, from 1 on. */
  readonly pipes: readonly number[];
  /** The machine's own directories: empty (null), or a copy of a host's. */
  readonly directories: readonly (string | null)[];
  /** Ticks of a turn. */
  readonly quantum: number;
  readonly seed: number;
  readonly terminals: readonly [boolean, boolean, boolean];
}

export interface ProcessSpec {
  readonly name: string;
  readonly sha: string;
  /** The program's name stands first. */
  readonly args: readonly string[];
  readonly environment: readonly string[];
  readonly memoryPages: number;
  /** Ticks of one life; 0: no limit. */
  readonly maxTicks: number;
  /** Slots from 3 on. */
  readonly directories: readonly DirectorySpec[];
  /** Slots 0, 1 and 2. */
  readonly streams: readonly StreamSpec[];
  readonly descriptors: readonly PipeEnd[];
  readonly services: Grants;
  /** Places of those that must have ended with exit code 0 before. */
  readonly after: readonly number[];
  readonly restart: RestartRule;
}

export type DirectorySpec =
  | ({ readonly kind: "host" } & DirectoryGrant)
  | {
      readonly kind: "own";
      /** Its place among the machine's own. */
      readonly directory: number;
      readonly guest: string;
      readonly isReadOnly: boolean;
    };

export type StreamSpec =
  | { readonly kind: "console" | "null" }
  | { readonly kind: "pipe"; readonly pipe: number };

export interface PipeEnd {
  readonly slot: number;
  readonly pipe: number;
  readonly end: "read" | "write";
}

/** All ends of pipes that a process has, its streams' included. */
export const pipeEnds = ({ streams, descriptors }: ProcessSpec): readonly PipeEnd[] => [
  ...streams.flatMap((stream, slot): readonly PipeEnd[] =>
    stream.kind === "pipe" ? [{ slot, pipe: stream.pipe, end: slot === 0 ? "read" : "write" }] : [],
  ),
  ...descriptors,
];
