/** A machine that was booted, as the file that boots it again; and the machine of a program by itself, as `foldos run` had it. */
import { resolve } from "node:path";
import { MAX_PAGES } from "../guests/module/read-limits.ts";
import type { DirectoryGrant } from "./boot.ts";
import type { DirectorySpec, MachineSpec, ProcessSpec, StreamSpec } from "./machine-spec.ts";
import type { SchedulingDomain } from "./machine-file/machine-file.ts";
import { durationText } from "./machine-file/quantities.ts";
import { writtenCapabilities, writtenObjects, writtenScheduling } from "./written-capabilities.ts";
import type * as written from "./machine-file/written-machine.ts";

/** What a recording says beside its machine. */
interface Surroundings {
  readonly clock: "host" | "virtual";
  readonly seed: number | null;
  /** Where a program lies, by its hash. */
  readonly programPath: (sha: string) => string;
}

/** The whole machine, to be written as JSON. Names of pipes and own directories are made up: a recording has their numbers. */
export function writtenSpec(machine: MachineSpec, around: Surroundings) {
  const { processes, pipes, directories, objects, quantum, seed, domains } = machine;
  const machineFile = {
    version: 1,
    processes: Object.fromEntries(
      processes.map((process) => [process.name, writtenProcess(process, machine, around)]),
    ),
    // Whether a ring of pipes was meant the recording does not say; it was booted, so none was refused.
    pipes: Object.fromEntries(
      pipes.map((capacity, index) => [pipeName(index + 1), { capacity, mayCycle: true }]),
    ),
    directories: Object.fromEntries(
      directories.map((from, index) => [directoryName(index), from === null ? {} : { from }]),
    ),
    ...writtenObjects(objects),
    scheduler: { quantum, seed },
    ...(domains.length === 0 ? {} : { scheduling: { domains } }),
    clock: around.clock,
    ...(around.seed === null ? {} : { seed: around.seed }),
  };
  return machineFile satisfies written.WrittenMachine & { readonly version: number };
}

const pipeName = (pipe: number): string => `pipe-${pipe}`;
const directoryName = (directory: number): string => `directory-${directory + 1}`;

function writtenProcess(
  process: ProcessSpec,
  { processes: all, objects, domains }: MachineSpec,
  { programPath }: Surroundings,
): written.WrittenProcess {
  const [stdin, stdout, stderr] = process.streams.map(writtenStream);
  const { directories, descriptors, after, restart, maxTicks, memoryPages } = process;
  const capabilities = writtenCapabilities(process, objects, programPath);
  const scheduling = writtenScheduling(process, objects);
  const env = Object.fromEntries(process.environment.map(environmentEntry));
  return {
    program: resolve(programPath(process.sha)),
    args: process.args.slice(1),
    ...(process.environment.length === 0 ? {} : { env }),
    ...(directories.length === 0 ? {} : { directories: directories.map(writtenDirectory) }),
    stdin: stdin as written.WrittenStream,
    stdout: stdout as written.WrittenStream,
    stderr: stderr as written.WrittenStream,
    ...(descriptors.length === 0 ? {} : { descriptors: writtenDescriptors(descriptors) }),
    grants: grantsOf(process.services),
    ...(process.capabilities.length === 0 ? {} : { capabilities }),
    ...(domains.length === 0 ? {} : { domain: (domains[process.domain] as SchedulingDomain).name }),
    ...(scheduling === null ? {} : { scheduling }),
    ...(restart.condition === "never" ? {} : { restart: writtenRestart(restart) }),
    limits: limitsOf(maxTicks, memoryPages),
    ...(after.length === 0 ? {} : { after: after.map((place) => (all[place] as ProcessSpec).name) }),
  };
}

function environmentEntry(entry: string): readonly [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}

const writtenStream = (stream: StreamSpec): written.WrittenStream =>
  stream.kind === "pipe" ? { pipe: pipeName(stream.pipe) } : stream.kind;

function writtenDirectory(directory: DirectorySpec): written.WrittenDirectory {
  if (directory.kind === "host") {
    const { guest, host, mode } = directory;
    return { guest, host, mode };
  }
  const { guest, isReadOnly } = directory;
  const shared = directoryName(directory.directory);
  return { guest, shared, mode: isReadOnly ? "read-only" : "write-through" };
}

const writtenDescriptors = (
  ends: ProcessSpec["descriptors"],
): NonNullable<written.WrittenProcess["descriptors"]> =>
  Object.fromEntries(ends.map(({ slot, pipe, end }) => [slot, { pipe: pipeName(pipe), end }]));

const grantNames = {
  realtimeClock: "realtime-clock",
  monotonicClock: "monotonic-clock",
  timers: "timers",
  entropy: "entropy",
} as const;

const grantsOf = (services: ProcessSpec["services"]): NonNullable<written.WrittenProcess["grants"]> =>
  (Object.keys(grantNames) as (keyof typeof grantNames)[])
    .filter((name) => services[name])
    .map((name) => grantNames[name]);

const writtenRestart = ({ condition, maxRestarts, delayMicros }: ProcessSpec["restart"]) => ({
  condition,
  maxRestarts,
  delay: durationText(delayMicros),
});

const PAGE_BYTES = 65_536;

const limitsOf = (maxTicks: number, memoryPages: number): NonNullable<written.WrittenProcess["limits"]> => ({
  ...(maxTicks === 0 ? {} : { ticks: maxTicks }),
  ...(memoryPages === MAX_PAGES ? {} : { memory: memoryPages * PAGE_BYTES }),
});

/** The options of `foldos run` that grant directories and an environment. */
export const runFlagsOf = (
  directories: readonly DirectoryGrant[],
  environment: readonly string[],
): readonly string[] => [
  ...directories.flatMap(({ host, guest, mode }) => ["--dir", `${host}::${guest}${suffixes[mode]}`]),
  ...environment.flatMap((entry) => ["--env", entry]),
];

const suffixes = { "write-through": "", "read-only": ":ro", copy: ":copy" } as const;
