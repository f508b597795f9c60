/** The facts by which a machine of several programs begins, and each of its processes. */
import { TRANSFORM_VERSION } from "../guests/transform/layout.ts";
import { right } from "../core/rights.ts";
import { assignment } from "../reducers/decide/pass-slots.ts";
import type { KernelFact } from "../reducers/kernel-event.ts";
import { rowAt } from "../reducers/capabilities/slots.ts";
import { initialFiles, ROOT_INODE } from "../reducers/files/file-state.ts";
import { PIPE_CAPACITY_BYTES } from "../reducers/pipes/pipe-state.ts";
import { forStreams, grant, grantDirectory, grantServices, grantOpened, mountDirectory } from "./boot.ts";
import { endow, keptAt, makeObjects } from "./endow-process.ts";
import type { LiveKernel } from "./live-kernel.ts";
import { USUAL_PRIORITY } from "./machine-file/build-capabilities.ts";
import type { DirectorySpec, MachineSpec, PipeEnd, ProcessSpec, StreamSpec } from "./machine-spec.ts";

/** The inode of one of the machine's own directories: they are the first that a machine makes. */
const ownRoot = (directory: number): number => initialFiles().nextInode + directory;

/** The machine before any of its processes: pipes, own directories, and who has the processor. */
export function beginMachine(live: LiveKernel, machine: MachineSpec): void {
  const { pipes, directories, objects, quantum, seed, domains, terminals } = machine;
  const [input, output, error] = terminals;
  live.record(0, { type: "console/attached", input, output, error });
  live.record(0, { type: "scheduler/configured", quantum, seed, transform: TRANSFORM_VERSION });
  if (domains.length > 0) live.record(0, partitionInto(domains));
  directories.forEach((from, index) => {
    if (from !== null) mountDirectory(live, { host: from, guest: "", mode: "copy" });
    else {
      const made = { by: 0, directory: ROOT_INODE, name: String(index), inode: ownRoot(index) };
      live.record(0, { type: "directory/created", ...made });
    }
  });
  pipes.forEach((capacity, index) => {
    const pipe = index + 1;
    live.record(0, { type: "pipe/created", pipe });
    if (capacity !== PIPE_CAPACITY_BYTES) live.record(0, { type: "pipe/sized", pipe, capacity });
  });
  makeObjects(live, objects);
  attachLines(live, objects);
}

const partitionInto = (domains: MachineSpec["domains"]): KernelFact => ({
  type: "scheduler/partitioned",
  domains: domains.map(({ name }) => name),
  slotTicks: domains.map(({ ticks }) => ticks),
});

/** Starts a process and grants it what it was given. Its pid. */
export function startProcess(live: LiveKernel, process: ProcessSpec): number {
  const pid = live.state.processes.nextPid;
  const { sha, name, args, environment, memoryPages, maxTicks, services } = process;
  live.record(pid, { type: "process/started", program: sha, name, args, environment, memoryPages });
  if (maxTicks > 0) live.record(pid, { type: "process/limited", ticks: maxTicks });
  const { scheduler } = live.state;
  if (process.domain !== 0 && scheduler !== undefined)
    live.record(pid, assignment(scheduler, process.domain));
  rank(live, pid, process.scheduling);
  grantServices(live, pid, services);
  process.streams.forEach((stream, slot) => grantStream(live, pid, slot, stream));
  for (const directory of process.directories) grantSpec(live, pid, directory);
  for (const end of process.descriptors) grantEnd(live, pid, end);
  endow(live, pid, process);
  return pid;
}

/** Interrupt lines interrupt from here on, each after its time. */
function attachLines(live: LiveKernel, objects: MachineSpec["objects"]): void {
  objects.forEach((object, index) => {
    if (object.kind !== "interrupt") return;
    const line = rowAt(live.state.capabilities, keptAt(index))?.target ?? 0;
    live.record(0, { type: "interrupt/attached", line, everyMicros: object.periodMicros });
  });
}

/**
 * How urgent a process is by itself, and the highest that it may give. What has a scheduling context is no more urgent by itself than all
 * others are: it borrows that, when it is interrupted.
 */
function rank(live: LiveKernel, pid: number, { priority, context }: ProcessSpec["scheduling"]): void {
  const own = context === null ? priority : Math.min(priority, USUAL_PRIORITY);
  if (own !== USUAL_PRIORITY || priority !== USUAL_PRIORITY)
    live.record(pid, { type: "process/ranked", priority: own, ceiling: priority });
}

function grantStream(live: LiveKernel, pid: number, slot: number, stream: StreamSpec): void {
  if (stream.kind === "pipe")
    return grantEnd(live, pid, { slot, pipe: stream.pipe, end: slot === 0 ? "read" : "write" });
  const rights = forStreams | (slot === 0 ? right.fdRead : right.fdWrite);
  grant(live, pid, { slot, object: stream.kind, target: stream.kind === "console" ? slot : 0, rights });
}

function grantEnd(live: LiveKernel, pid: number, { slot, pipe, end }: PipeEnd): void {
  const object = end === "read" ? "pipe-reader" : "pipe-writer";
  const rights = forStreams | (end === "read" ? right.fdRead : right.fdWrite);
  grant(live, pid, { slot, object, target: pipe, rights });
}

function grantSpec(live: LiveKernel, pid: number, directory: DirectorySpec): void {
  if (directory.kind === "host") return grantDirectory(live, pid, directory);
  grantOpened(live, pid, {
    inode: ownRoot(directory.directory),
    label: directory.guest,
    isReadOnly: directory.isReadOnly,
  });
}
