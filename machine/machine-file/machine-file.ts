import type { DeviceKind } from "../../core/object-rights.ts";

/** A machine as its file describes it, judged: every name leads somewhere, every default is filled in, and all of it is frozen. */
export interface MachineFile {
  /** In the order of the file, as are the pipes and directories. */
  readonly processes: readonly MachineProcess[];
  readonly pipes: readonly MachinePipe[];
  readonly directories: readonly OwnDirectory[];
  /** Names of what processes may hold capabilities to. */
  readonly endpoints: readonly string[];
  readonly notifications: readonly string[];
  readonly interrupts: readonly InterruptLine[];
  readonly devices: readonly MachineDevice[];
  readonly scheduler: { readonly quantumTicks: number; readonly seed: number };
  /** Those who have the processor one after the other, in this order; none where all processes take turns with each other. */
  readonly domains: readonly SchedulingDomain[];
  readonly clock: "host" | "virtual";
  /** Of random numbers; null for the host's. */
  readonly seed: number | null;
}

export interface MachineProcess {
  readonly name: string;
  /** The module's path on this host. */
  readonly program: string;
  /** Behind the program's name. */
  readonly args: readonly string[];
  /** `K=V` each. */
  readonly environment: readonly string[];
  /** Descriptors from 3 on, in this order. */
  readonly directories: readonly ProcessDirectory[];
  /** Descriptors 0, 1 and 2. */
  readonly streams: readonly [Stream, Stream, Stream];
  readonly descriptors: readonly PipeDescriptor[];
  readonly grants: Grants;
  readonly capabilities: readonly MachineCapability[];
  /** The name of its scheduling domain; null for the first one, or none where there are none. */
  readonly domain: string | null;
  readonly scheduling: Scheduling;
  readonly restart: RestartRule;
  /** Ticks of one life, null without a limit; pages are of 64 KiB. */
  readonly limits: { readonly ticks: number | null; readonly memoryPages: number };
  /** Processes that must have ended with exit code 0 before. */
  readonly after: readonly string[];
}

export type Stream =
  | { readonly kind: "console" }
  | { readonly kind: "null" }
  | { readonly kind: "pipe"; readonly pipe: string };

export interface PipeDescriptor {
  readonly fd: number;
  readonly pipe: string;
  readonly end: "read" | "write";
}

export type DirectoryMode = "write-through" | "read-only" | "copy";

/** `host` is a path without links on its way; `shared` names one of the machine's own directories, of which there is no copy. */
export type ProcessDirectory =
  | { readonly kind: "host"; readonly guest: string; readonly host: string; readonly mode: DirectoryMode }
  | {
      readonly kind: "shared";
      readonly guest: string;
      readonly shared: string;
      readonly mode: DirectoryMode;
    };

export interface Grants {
  readonly realtimeClock: boolean;
  readonly monotonicClock: boolean;
  readonly timers: boolean;
  readonly entropy: boolean;
}

/** A capability that a process finds by its name. */
export interface MachineCapability {
  readonly name: string;
  readonly of: CapabilityObject;
  /** Names of core/object-rights.ts; null for all that such an object has. */
  readonly rights: readonly string[] | null;
  /** 0: none. */
  readonly badge: number;
}

/** What a capability is of: one of the machine's objects, a budget or a program, or the process itself. */
export type CapabilityObject =
  | { readonly kind: "endpoint" | "notification" | "interrupt" | "device"; readonly object: string }
  | { readonly kind: "budget"; readonly limitBytes: number }
  /** The module's path on this host. */
  | { readonly kind: "program"; readonly program: string }
  | { readonly kind: "process" };

/** How urgent a process is, from 0 to 255. */
export interface Scheduling {
  readonly priority: number;
  /** A scheduling context of its own: so much time of the processor in each period; null for none. */
  readonly context: MachineContext | null;
}

export interface MachineContext {
  readonly budgetMicros: number;
  readonly periodMicros: number;
  /** The notification that is signalled when the budget is used up. */
  readonly timeout?: { readonly notification: string; readonly badge: number };
}

/** A scheduling domain, and the length of its slots. */
export interface SchedulingDomain {
  readonly name: string;
  readonly ticks: number;
}

export interface InterruptLine {
  readonly name: string;
  /** It interrupts after each such time. */
  readonly periodMicros: number;
}

/** Opaque: what can be done with it, no call says yet. */
export interface MachineDevice {
  readonly name: string;
  readonly device: DeviceKind;
}

export interface RestartRule {
  readonly condition: "never" | "on-failure" | "always";
  readonly maxRestarts: number;
  readonly delayMicros: number;
}

export interface MachinePipe {
  readonly name: string;
  readonly capacityBytes: number;
  /** A cycle of pipes with this one in it is meant. */
  readonly mayCycle: boolean;
}

export interface OwnDirectory {
  readonly name: string;
  /** A directory of this host that it begins as a copy of; null for an empty one. */
  readonly from: string | null;
}
