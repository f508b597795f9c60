/** A machine of several programs as it is booted: what a machine file says, with programs by their hashes. It is kept in the recording. */
import type { DeviceKind } from "../core/object-rights.ts";
import type {
  Grants,
  MachineContext,
  RestartRule,
  Scheduling,
  SchedulingDomain,
} from "./machine-file/machine-file.ts";
import type { DirectoryGrant } from "./boot.ts";

export interface MachineSpec {
  readonly processes: readonly ProcessSpec[];
  /** The capacity of each pipe, in bytes. A pipe's id is its place here, from 1 on. */
  readonly pipes: readonly number[];
  /** The machine's own directories: empty (null), or a copy of a host's. */
  readonly directories: readonly (string | null)[];
  /** What the machine keeps, to derive from what its processes are given. Each one's place here is its slot in the machine's table. */
  readonly objects: readonly ObjectSpec[];
  /** Ticks of a turn. */
  readonly quantum: number;
  readonly seed: number;
  /** Scheduling domains; none where all processes take turns with each other. */
  readonly domains: readonly SchedulingDomain[];
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
  /** They lie in the lowest slots that are free then, in this order. */
  readonly capabilities: readonly CapabilitySpec[];
  /** The place of its scheduling domain; 0 where there are none. */
  readonly domain: number;
  readonly scheduling: SchedulingSpec;
  /** Places of those that must have ended with exit code 0 before. */
  readonly after: readonly number[];
  readonly restart: RestartRule;
}

export interface SchedulingSpec extends Omit<Scheduling, "context"> {
  readonly context: ContextSpec | null;
}

export interface ContextSpec extends Omit<MachineContext, "timeout"> {
  /** The place of the notification that is signalled when the budget is used up. */
  readonly timeout?: { readonly object: number; readonly badge: number };
}

/** A kernel object that the machine is booted with; nobody pays for it. */
export type ObjectSpec =
  | { readonly kind: "endpoint" | "notification"; readonly name: string }
  | { readonly kind: "interrupt"; readonly name: string; readonly periodMicros: number }
  | { readonly kind: "device"; readonly name: string; readonly device: DeviceKind }
  | {
      readonly kind: "program";
      /** What stands first among the arguments of those that run it. */
      readonly name: string;
      readonly sha: string;
      readonly memoryPages: number;
    };

export interface CapabilitySpec {
  /** What the process finds it by. */
  readonly name: string;
  readonly of:
    | { readonly kind: "machine"; readonly object: number }
    | { readonly kind: "budget"; readonly limitBytes: number }
    | { readonly kind: "self" };
  /** Rights as core/object-rights.ts has them for such an object. */
  readonly rights: number;
  readonly badge: number;
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
