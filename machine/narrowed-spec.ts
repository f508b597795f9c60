/** A machine in which one process is granted only what it used. */
import { peek } from "../core/table.ts";
import { serviceSlot } from "../reducers/capabilities/address.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { Process } from "../reducers/processes/process-state.ts";
import type { NarrowedGrant } from "../replay/authority/narrowed-grants.ts";
import { USUAL_PRIORITY } from "./machine-file/build-capabilities.ts";
import type { DirectorySpec, MachineSpec, ProcessSpec, StreamSpec } from "./machine-spec.ts";

/** What a recording's machine was booted from; of a program by itself as if a machine file had said it. */
export function specOfRecording(
  state: KernelState,
  booted: MachineSpec | null,
  grants: readonly NarrowedGrant[],
  pid: number,
): MachineSpec {
  if (booted !== null) return booted;
  const process = peek(state.processes.rows, pid) as Process;
  const { name, program: sha, args, environment, memoryPages } = process;
  const one: ProcessSpec = {
    name: machineName(name),
    sha,
    args,
    environment,
    memoryPages,
    maxTicks: 0,
    directories: grants.flatMap(({ held }) =>
      held.isDirectory ? [mountOf(state, held.inode, held.label)] : [],
    ),
    streams: [{ kind: "console" }, { kind: "console" }, { kind: "console" }],
    descriptors: [],
    services: { realtimeClock: true, monotonicClock: true, timers: true, entropy: true },
    capabilities: [],
    domain: 0,
    scheduling: { priority: USUAL_PRIORITY, context: null },
    after: [],
    restart: { condition: "never", maxRestarts: 0, delayMicros: 0 },
  };
  return {
    processes: [one],
    pipes: [],
    directories: [],
    objects: [],
    quantum: 1_000_000,
    seed: 0,
    domains: [],
    terminals: [state.console.inputIsTerminal, state.console.outputIsTerminal, state.console.errorIsTerminal],
  };
}

/** A name as machine files have it: a letter, and letters, digits, `-` and `_` behind it. */
const machineName = (name: string): string =>
  `${/^[A-Za-z]/.test(name) ? "" : "p"}${name.replace(/\.wasm$/, "").replaceAll(/[^\w-]/g, "-")}`.slice(
    0,
    63,
  );

function mountOf({ files }: KernelState, inode: number, guest: string): DirectorySpec {
  const mount = peek(files.mounts, peek(files.inodes, inode)?.mount ?? 0);
  const { path, mode } = mount ?? { path: "/", mode: "read-only" };
  return { kind: "host", host: path === "" ? "/" : path, guest, mode };
}

/** The machine, with the process of a pid narrowed to what its grants need. */
export function narrowedSpec(
  machine: MachineSpec,
  name: string,
  grants: readonly NarrowedGrant[],
): MachineSpec {
  const isOnly = machine.processes.length === 1;
  return {
    ...machine,
    processes: machine.processes.map((process) =>
      isOnly || process.name === name ? narrowedProcess(process, grants) : process,
    ),
  };
}

/** Grants are in the order in which they were granted, and directories in that of the file. */
function narrowedProcess(process: ProcessSpec, grants: readonly NarrowedGrant[]): ProcessSpec {
  const directories = grants.filter(({ held }) => held.isDirectory);
  const services = new Set(
    grants.flatMap(({ held, needs }) =>
      held.isService && needs !== "none" ? [`${held.object} ${held.target}`] : [],
    ),
  );
  const keeps = (was: boolean, service: string): boolean => was && services.has(service);
  const { realtimeClock, monotonicClock, timers, entropy } = process.services;
  return {
    ...process,
    directories: process.directories.flatMap((directory, index) =>
      narrowedDirectory(directory, directories[index]?.needs ?? "all"),
    ),
    streams: process.streams.map((stream, slot) => narrowedStream(stream, slot, grants)),
    services: {
      realtimeClock: keeps(realtimeClock, `clock ${serviceSlot.realtimeClock}`),
      monotonicClock: keeps(monotonicClock, `clock ${serviceSlot.monotonicClock}`),
      timers: keeps(timers, "timers 0"),
      entropy: keeps(entropy, "entropy 0"),
    },
  };
}

function narrowedDirectory(
  directory: DirectorySpec,
  needs: NarrowedGrant["needs"],
): readonly DirectorySpec[] {
  if (needs === "none") return [];
  if (needs === "all") return [directory];
  return [
    directory.kind === "host" ? { ...directory, mode: "read-only" } : { ...directory, isReadOnly: true },
  ];
}

/** A console that was never looked at is as good as nothing; a pipe has another end, which would not know. */
function narrowedStream(stream: StreamSpec, slot: number, grants: readonly NarrowedGrant[]): StreamSpec {
  if (stream.kind !== "console") return stream;
  const grant = grants.find(({ held }) => held.object === "console" && held.target === slot);
  return grant?.needs === "none" ? { kind: "null" } : stream;
}
