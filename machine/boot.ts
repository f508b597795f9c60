import { allRights, directoryRights, right, writeRights } from "../core/rights.ts";
import { examined } from "../devices/host-directory/host-directory.ts";
import { type ObjectKind, useRight } from "../core/object-rights.ts";
import { serviceSlot } from "../reducers/capabilities/address.ts";
import { freeSlot } from "../reducers/capabilities/capability-selectors.ts";
import { fileType } from "../reducers/hosts/host-event.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import type { LiveKernel } from "./live-kernel.ts";
import { TRANSFORM_VERSION } from "../guests/transform/layout.ts";
import { freeOpen } from "../reducers/files/file-selectors.ts";

/** A directory of the host that a program is given, and under which name. */
export interface DirectoryGrant {
  readonly host: string;
  readonly guest: string;
  readonly mode: "write-through" | "read-only" | "copy";
}

/** What a program starts with: nothing else exists for it. */
export interface ProgramSpec {
  readonly sha: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: readonly string[];
  readonly directories: readonly DirectoryGrant[];
  readonly memoryPages: number;
  readonly terminals: readonly [boolean, boolean, boolean];
  /** How it takes turns; null if it runs by itself, untransformed. */
  readonly turns: TurnSpec | null;
}

export interface TurnSpec {
  /** Ticks of one turn; 0: no bound. */
  readonly quantum: number;
  readonly seed: number;
  /** Ticks of its whole life; 0: no limit. */
  readonly maxTicks: number;
}

/** The version of the kernel's decisions, noted at each power-on. */
const KERNEL_VERSION = 2;

export const forStreams = right.fdFdstatSetFlags | right.fdFilestatGet | right.pollFdReadwrite;
const socketRights = right.sockAccept | right.sockShutdown;

export function powerOn(kernel: LiveKernel, clock: "host" | "virtual", wall: number, nameSeed: number): void {
  kernel.record(0, { type: "machine/powered-on", wall, clock, version: KERNEL_VERSION, nameSeed });
}

/** Starts the machine's program and grants it what it was given. Its pid. */
export function startProgram(kernel: LiveKernel, program: ProgramSpec): number {
  const [input, output, error] = program.terminals;
  kernel.record(0, { type: "console/attached", input, output, error });
  const { sha, name, args, environment, memoryPages, turns } = program;
  if (turns !== null) {
    const { quantum, seed } = turns;
    kernel.record(0, { type: "scheduler/configured", quantum, seed, transform: TRANSFORM_VERSION });
  }
  const pid = kernel.state.processes.nextPid;
  kernel.record(pid, { type: "process/started", program: sha, name, args, environment, memoryPages });
  if (turns !== null && turns.maxTicks > 0)
    kernel.record(pid, { type: "process/limited", ticks: turns.maxTicks });
  grantServices(kernel, pid, ALL_SERVICES);
  for (const slot of [0, 1, 2]) {
    const rights = forStreams | (slot === 0 ? right.fdRead : right.fdWrite);
    grant(kernel, pid, { slot, object: "console", target: slot, rights });
  }
  for (const directory of program.directories) grantDirectory(kernel, pid, directory);
  return pid;
}

/** Which of the machine's clocks, timers and random numbers a process is given. */
interface ServiceGrants {
  readonly realtimeClock: boolean;
  readonly monotonicClock: boolean;
  readonly timers: boolean;
  readonly entropy: boolean;
}

const ALL_SERVICES: ServiceGrants = {
  realtimeClock: true,
  monotonicClock: true,
  timers: true,
  entropy: true,
};

export function grantServices(kernel: LiveKernel, pid: number, granted: ServiceGrants): void {
  const grantOne = (object: "clock" | "timers" | "entropy", target: number): void =>
    grant(kernel, pid, { slot: 0, object, target, rights: useRight.use });
  if (granted.realtimeClock) grantOne("clock", serviceSlot.realtimeClock);
  if (granted.monotonicClock) grantOne("clock", serviceSlot.monotonicClock);
  if (granted.timers) grantOne("timers", 0);
  if (granted.entropy) grantOne("entropy", 0);
}

interface StreamGrant {
  readonly slot: number;
  readonly object: Exclude<ObjectKind, "file">;
  readonly target: number;
  readonly rights: number;
}

export function grant(kernel: LiveKernel, pid: number, granted: StreamGrant): void {
  kernel.record(pid, { type: "capability/granted", ...granted, inheriting: 0, label: "" });
}

export function grantDirectory(kernel: LiveKernel, pid: number, directory: DirectoryGrant): void {
  const inode = mountDirectory(kernel, directory);
  grantOpened(kernel, pid, { inode, label: directory.guest, isReadOnly: directory.mode === "read-only" });
}

/** A directory of the host in the machine. The inode of its root. */
export function mountDirectory(kernel: LiveKernel, directory: DirectoryGrant): number {
  const inode = kernel.state.files.nextInode;
  const path = directory.host === "/" ? "" : directory.host;
  kernel.record(0, { type: "host/mounted", mount: inode, inode, path, mode: directory.mode });
  kernel.record(0, examinedRoot(directory, inode));
  return inode;
}

interface OpenedGrant {
  readonly inode: number;
  /** The guest's name for it. */
  readonly label: string;
  readonly isReadOnly: boolean;
}

/** A directory as a preopen, in the next free slot. */
export function grantOpened(
  kernel: LiveKernel,
  pid: number,
  { inode, label, isReadOnly }: OpenedGrant,
): void {
  const open = freeOpen(kernel.state.files);
  kernel.record(pid, { type: "file/preopened", inode, open });
  const withheld = isReadOnly ? writeRights : 0;
  kernel.record(pid, {
    type: "capability/granted",
    slot: freeSlot(kernel.state.capabilities, pid),
    object: "file",
    target: open,
    rights: directoryRights & ~withheld,
    inheriting: allRights & ~socketRights & ~withheld,
    label,
  });
}

/** What stands at a mount's root. It was judged before, and may have gone since then. */
function examinedRoot({ host, mode }: DirectoryGrant, inode: number): ReturnType<typeof examined> {
  try {
    const root = examined(host, { inode, directory: 0, name: "", mode });
    if (root.kind === fileType.directory) return root;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
  const what = "the directory that the program was to have is not there any more";
  throw new RecordingRefused(host, what, "put it back, and run the program again");
}
