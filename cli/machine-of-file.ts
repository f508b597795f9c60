/** The machine that a judged file describes, with its programs read and made ready. */
import { basename } from "node:path";
import { isatty } from "node:tty";
import { allRightsOf, rightNamed } from "../core/object-rights.ts";
import type {
  MachineCapability,
  MachineFile,
  MachineProcess,
  ProcessDirectory,
  Scheduling,
  Stream,
} from "../machine/machine-file/machine-file.ts";
import type {
  CapabilitySpec,
  DirectorySpec,
  MachineSpec,
  ObjectSpec,
  ProcessSpec,
  SchedulingSpec,
  StreamSpec,
} from "../machine/machine-spec.ts";
import { loadProgram, type Program } from "../machine/program.ts";
import type { NanBits } from "../replay/nan-bits.ts";
import { sound } from "./run.ts";

/** A program's path, and the most memory that a process of it may have. */
interface Use {
  readonly program: string;
  readonly memoryPages: number;
}

type Programs = ReadonlyMap<string, Program>;

const keyOf = ({ program, memoryPages }: Use): string => `${memoryPages} ${program}`;
const useOf = ({ program, limits: { memoryPages } }: MachineProcess): Use => ({ program, memoryPages });
const shaOf = (programs: Programs, use: Use): string => (programs.get(keyOf(use)) as Program).sha;

/** What a process may spawn may have as much memory as it may itself. */
const spawnedBy = ({ capabilities, limits: { memoryPages } }: MachineProcess): readonly Use[] =>
  capabilities.flatMap(({ of }) => (of.kind === "program" ? [{ program: of.program, memoryPages }] : []));

/** Each program with each bound on memory, once. */
export async function loadPrograms({ processes }: MachineFile, nans: NanBits): Promise<Programs> {
  const programs = new Map<string, Program>();
  for (const use of processes.flatMap((process) => [useOf(process), ...spawnedBy(process)])) {
    if (programs.has(keyOf(use))) continue;
    const { program, memoryPages } = use;
    const loaded = await loadProgram(program, memoryPages, { kind: "turns", nans });
    programs.set(keyOf(use), sound(program, loaded));
  }
  return programs;
}

/** Where what the file names stands in the machine. */
interface Places {
  readonly pipe: (name: string) => number;
  readonly process: (name: string) => number;
  readonly directory: (name: string) => number;
  readonly domain: (name: string) => number;
  /** Endpoints, notifications and lines by kind and name, programs by kind and use. */
  readonly object: (key: string) => number;
  readonly programs: Programs;
}

export function specOf(file: MachineFile, programs: Programs): MachineSpec {
  const objects = objectsOf(file, programs);
  const places: Places = {
    pipe: placeOf(new Map(file.pipes.map(({ name }, index) => [name, index + 1]))),
    process: placeOf(new Map(file.processes.map(({ name }, index) => [name, index]))),
    directory: placeOf(new Map(file.directories.map(({ name }, index) => [name, index]))),
    object: placeOf(new Map([...objects.keys()].map((key, index) => [key, index]))),
    domain: placeOf(new Map(file.domains.map(({ name }, index) => [name, index]))),
    programs,
  };
  return {
    processes: file.processes.map((process) => processOf(process, places)),
    pipes: file.pipes.map(({ capacityBytes }) => capacityBytes),
    directories: file.directories.map(({ from }) => from),
    objects: [...objects.values()],
    quantum: file.scheduler.quantumTicks,
    seed: file.scheduler.seed,
    domains: file.domains,
    terminals: [isatty(0), isatty(1), isatty(2)],
  };
}

const placeOf =
  (places: ReadonlyMap<string, number>) =>
  (name: string): number =>
    places.get(name) as number;

/** What the machine is booted with, by what `Places.object` is asked. */
function objectsOf(file: MachineFile, programs: Programs): ReadonlyMap<string, ObjectSpec> {
  const objects = new Map<string, ObjectSpec>();
  for (const kind of ["endpoint", "notification"] as const)
    for (const name of file[`${kind}s`]) objects.set(`${kind} ${name}`, { kind, name });
  for (const line of file.interrupts) objects.set(`interrupt ${line.name}`, { kind: "interrupt", ...line });
  for (const device of file.devices) objects.set(`device ${device.name}`, { kind: "device", ...device });
  for (const use of file.processes.flatMap(spawnedBy)) {
    const name = basename(use.program);
    const { memoryPages } = use;
    const sha = shaOf(programs, use);
    objects.set(`program ${keyOf(use)}`, { kind: "program", name, sha, memoryPages });
  }
  return objects;
}

function processOf(process: MachineProcess, places: Places): ProcessSpec {
  return {
    name: process.name,
    sha: shaOf(places.programs, useOf(process)),
    args: [basename(process.program), ...process.args],
    environment: process.environment,
    memoryPages: process.limits.memoryPages,
    maxTicks: process.limits.ticks ?? 0,
    directories: process.directories.map((directory) => directoryOf(directory, places)),
    streams: process.streams.map((stream) => streamOf(stream, places)),
    descriptors: process.descriptors.map(({ fd, pipe, end }) => ({ slot: fd, pipe: places.pipe(pipe), end })),
    services: process.grants,
    capabilities: process.capabilities.map((capability) => capabilityOf(process, capability, places)),
    domain: process.domain === null ? 0 : places.domain(process.domain),
    scheduling: schedulingOf(process.scheduling, places),
    after: process.after.map(places.process),
    restart: process.restart,
  };
}

function schedulingOf({ priority, context }: Scheduling, { object }: Places): SchedulingSpec {
  if (context === null) return { priority, context };
  const { timeout, ...terms } = context;
  if (timeout === undefined) return { priority, context: terms };
  const { notification, badge } = timeout;
  return {
    priority,
    context: { ...terms, timeout: { object: object(`notification ${notification}`), badge } },
  };
}

const streamOf = (stream: Stream, { pipe }: Places): StreamSpec =>
  stream.kind === "pipe" ? { kind: "pipe", pipe: pipe(stream.pipe) } : stream;

const directoryOf = (directory: ProcessDirectory, places: Places): DirectorySpec =>
  directory.kind === "host"
    ? directory
    : {
        kind: "own",
        directory: places.directory(directory.shared),
        guest: directory.guest,
        isReadOnly: directory.mode === "read-only",
      };

function capabilityOf(
  process: MachineProcess,
  { name, of, rights: names, badge }: MachineCapability,
  { object }: Places,
): CapabilitySpec {
  const rights =
    names === null ? allRightsOf(of.kind) : names.reduce((all, right) => all | rightNamed(of.kind, right), 0);
  const held = { name, rights, badge };
  switch (of.kind) {
    case "budget":
      return { ...held, of };
    case "process":
      return { ...held, of: { kind: "self" } };
    case "program": {
      const { memoryPages } = useOf(process);
      const key = `program ${keyOf({ program: of.program, memoryPages })}`;
      return { ...held, of: { kind: "machine", object: object(key) } };
    }
    case "endpoint":
    case "notification":
    case "interrupt":
    case "device":
      return { ...held, of: { kind: "machine", object: object(`${of.kind} ${of.object}`) } };
  }
}
