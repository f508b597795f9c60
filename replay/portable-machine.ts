/** What a machine of several programs was booted from, as a portable stream tells it: `resume` starts processes by it. */
import type { ObjectKind } from "../core/object-rights.ts";
import {
  isBelow,
  isFields,
  isFlag,
  isListOf,
  isNullOr,
  isOneOf,
  isText,
  isWhole,
  type Judge,
} from "./judge-fields.ts";
import { areCapabilitiesTo, areObjects, isAnyOf, isSchedulingWith, isSha } from "./portable-objects.ts";

const MOST_PROCESSES = 10_000;
const MOST_PIPES = 100_000;
const MOST_DIRECTORIES = 1000;
const MOST_WORDS = 100_000;
const MOST_SLOTS = 1 << 20;
const MOST_PAGES = 65_536;
const MOST_PIPE_BYTES = 65_536;
const MOST_DOMAINS = 64;

const isPlace: Judge = (value) => typeof value === "string" && value.startsWith("/");

/** What places in lists are held to: they are read before. */
interface Counts {
  readonly processes: number;
  readonly pipes: number;
  readonly directories: number;
  readonly domains: number;
  /** Kinds of the machine's kernel objects. */
  readonly objects: readonly ObjectKind[];
}

const isPipe =
  ({ pipes }: Counts): Judge =>
  (value) =>
    isBelow(pipes + 1)(value) && value !== 0;

const isProcess = (counts: Counts): Judge =>
  isFields({
    name: isText,
    sha: isSha,
    args: isListOf(isText, MOST_WORDS),
    environment: isListOf(isText, MOST_WORDS),
    memoryPages: isBelow(MOST_PAGES + 1),
    maxTicks: isWhole,
    directories: isListOf(
      isAnyOf(
        isFields({
          kind: isOneOf("host"),
          host: isPlace,
          guest: isText,
          mode: isOneOf("write-through", "read-only", "copy"),
        }),
        isFields({
          kind: isOneOf("own"),
          directory: isBelow(counts.directories),
          guest: isText,
          isReadOnly: isFlag,
        }),
      ),
      MOST_DIRECTORIES,
    ),
    streams: (value) => isStreams(counts)(value) && (value as readonly unknown[]).length === 3,
    descriptors: isListOf(
      isFields({ slot: isBelow(MOST_SLOTS), pipe: isPipe(counts), end: isOneOf("read", "write") }),
      MOST_PIPES,
    ),
    services: isFields({ realtimeClock: isFlag, monotonicClock: isFlag, timers: isFlag, entropy: isFlag }),
    capabilities: areCapabilitiesTo(counts.objects),
    domain: isBelow(Math.max(1, counts.domains)),
    scheduling: isSchedulingWith(counts.objects),
    after: isListOf(isBelow(counts.processes), counts.processes),
    restart: isFields({
      condition: isOneOf("never", "on-failure", "always"),
      maxRestarts: isWhole,
      delayMicros: isWhole,
    }),
  });

const isStreams = (counts: Counts): Judge =>
  isListOf(
    isAnyOf(
      isFields({ kind: isOneOf("console", "null") }),
      isFields({ kind: isOneOf("pipe"), pipe: isPipe(counts) }),
    ),
    3,
  );

const lengthOf = (value: unknown, name: string): number => {
  const list = (value as Readonly<Record<string, unknown>> | null)?.[name];
  return Array.isArray(list) ? list.length : 0;
};

export const isMachine: Judge = (value) => {
  if (typeof value !== "object" || value === null) return false;
  const { objects } = value as { readonly objects?: unknown };
  if (!areObjects(objects)) return false;
  const counts = {
    processes: lengthOf(value, "processes"),
    pipes: lengthOf(value, "pipes"),
    directories: lengthOf(value, "directories"),
    domains: lengthOf(value, "domains"),
    objects: (objects as readonly KernelObject[]).map(({ kind }) => kind),
  };
  return isFields({
    processes: isListOf(isProcess(counts), MOST_PROCESSES),
    pipes: isListOf((bytes) => isBelow(MOST_PIPE_BYTES + 1)(bytes) && bytes !== 0, MOST_PIPES),
    directories: isListOf(isNullOr(isPlace), MOST_DIRECTORIES),
    objects: areObjects,
    quantum: isWhole,
    seed: isWhole,
    domains: isListOf(
      isFields({ name: isText, ticks: (ticks) => isWhole(ticks) && ticks !== 0 }),
      MOST_DOMAINS,
    ),
    terminals: (list) => isListOf(isFlag, 3)(list) && (list as readonly unknown[]).length === 3,
  })(value);
};

interface KernelObject {
  readonly kind: ObjectKind;
  readonly sha?: string;
}

interface Machine {
  readonly processes: readonly { readonly sha: string }[];
  readonly objects: readonly KernelObject[];
}

/** The hashes of the programs that a note's machine has, also of those that may be spawned; none, where it has no machine. */
export function programsOfNote(note: unknown): readonly string[] {
  const machine = (note as { readonly machine?: unknown } | null)?.machine;
  if (!isMachine(machine)) return [];
  const { processes, objects } = machine as Machine;
  return [...processes, ...objects].flatMap(({ sha }) => (sha === undefined ? [] : [sha]));
}
