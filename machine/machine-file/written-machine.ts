/** A machine file as it is written, once its shape is judged: what machine-file.schema.json says, as types. */
export interface WrittenMachine {
  readonly processes: Readonly<Record<string, WrittenProcess>>;
  readonly pipes?: Readonly<Record<string, { readonly capacity?: Size; readonly mayCycle?: boolean }>>;
  readonly directories?: Readonly<Record<string, { readonly from?: string }>>;
  readonly endpoints?: Readonly<Record<string, object>>;
  readonly notifications?: Readonly<Record<string, object>>;
  readonly interrupts?: Readonly<Record<string, { readonly period: string }>>;
  readonly devices?: Readonly<Record<string, { readonly kind: "block" | "network" }>>;
  readonly scheduler?: { readonly quantum?: number; readonly seed?: number };
  readonly scheduling?: { readonly domains: readonly WrittenDomain[] };
  readonly clock?: "host" | "virtual";
  readonly seed?: number;
}

export interface WrittenProcess {
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly directories?: readonly WrittenDirectory[];
  readonly stdin?: WrittenStream;
  readonly stdout?: WrittenStream;
  readonly stderr?: WrittenStream;
  readonly descriptors?: Readonly<Record<string, { readonly pipe: string; readonly end: "read" | "write" }>>;
  readonly grants?: readonly ("realtime-clock" | "monotonic-clock" | "timers" | "entropy")[];
  readonly capabilities?: Readonly<Record<string, WrittenCapability>>;
  readonly domain?: string;
  readonly scheduling?: WrittenScheduling;
  readonly restart?: {
    readonly condition: "never" | "on-failure" | "always";
    readonly maxRestarts?: number;
    readonly delay?: string;
  };
  readonly limits?: { readonly ticks?: number; readonly memory?: Size };
  readonly after?: readonly string[];
}

/** One of the first seven is there. */
export interface WrittenCapability {
  readonly endpoint?: string;
  readonly notification?: string;
  readonly interrupt?: string;
  readonly device?: string;
  readonly budget?: Size;
  readonly program?: string;
  readonly process?: "self";
  readonly rights?: readonly string[];
  readonly badge?: number;
}

export interface WrittenDomain {
  readonly name: string;
  readonly ticks: number;
}

/** `budget` and `period` are both there, or neither is. */
export interface WrittenScheduling {
  readonly priority?: number;
  readonly budget?: string;
  readonly period?: string;
  /** Only where those are. */
  readonly timeout?: { readonly notification: string; readonly badge?: number };
}

/** One of `host` and `shared` is there. */
export interface WrittenDirectory {
  readonly guest: string;
  readonly host?: string;
  readonly shared?: string;
  readonly mode?: "write-through" | "read-only" | "copy";
}

export type WrittenStream = "console" | "null" | { readonly pipe: string };

/** Bytes, or a text with a unit. */
export type Size = number | string;
