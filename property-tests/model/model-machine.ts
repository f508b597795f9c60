import { allRights, directoryRights, writeRights } from "../../core/rights.ts";
import { get, rowsOf } from "../../core/table.ts";
import { VirtualClock } from "../../devices/clock/virtual-clock.ts";
import { ModelConsole } from "../../devices/console/model-console.ts";
import type { DirectoryDevice } from "../../devices/device.ts";
import { seededEntropy } from "../../devices/entropy/entropy-devices.ts";
import { ModelDirectory, type ModelTree } from "../../devices/host-directory/model-directory.ts";
import { powerOn, startProgram } from "../../machine/boot.ts";
import type { EventLog } from "../../machine/event-log.ts";
import { LiveKernel } from "../../machine/live-kernel.ts";
import type { Waiter } from "../../machine/live-options.ts";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import type { HostEffect } from "../../reducers/effects/effect.ts";
import type { Demand } from "../../reducers/decide/decision.ts";
import { freeSlot } from "../../reducers/capabilities/capability-selectors.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import type { Pick, Step } from "./call-spec.ts";
import { encodeCall, pattern } from "./encode-call.ts";
import { type Given, GuestDriver, type RawCall } from "./guest-driver.ts";
import { MemoryLog } from "./memory-log.ts";
import { ModelReleaser } from "./model-releaser.ts";
import { freeOpen } from "../../reducers/files/file-selectors.ts";

export const PID = 1;
export const NAME_SEED = 7;

/** What the host has before a model machine touches it. */
export const hostTree: ModelTree = {
  a: pattern(200, 5000),
  b: { a: pattern(201, 10), c: {}, link: "/a", é: "../../a" },
  link: "b/a",
};
export const readOnlyTree: ModelTree = { a: pattern(202, 4097), b: { c: pattern(203, 1) } };

/** The machine's ear: time passes when it sleeps, and who waits for the console alone asks it for more. */
export class ModelWaiter implements Waiter {
  readonly #clock: VirtualClock;
  readonly #console: ModelConsole;

  constructor(clock: VirtualClock, console: ModelConsole) {
    this.#clock = clock;
    this.#console = console;
  }

  sleep(until: number, forInput: boolean): void {
    if (forInput && this.#console.hasInput) return;
    if (until > 0) this.#clock.sleepUntil(until);
    else this.#console.request();
  }

  news(): readonly KernelFact[] {
    return this.#console.news();
  }

  standStill(): void {}
}

/** A directory of a host, modelled or real: it answers, and carries out what the machine did. */
export interface HostSide extends DirectoryDevice {
  readonly path: string;
  examinedRoot(inode: number): KernelFact;
  carryOut(effect: HostEffect, bytes: ByteSource): void;
}

export interface Devices {
  readonly clock: VirtualClock;
  readonly console: ModelConsole;
  readonly host: HostSide;
  readonly readOnly: HostSide;
}

export function modelDevices(clock = new VirtualClock(0)): Devices {
  return {
    clock,
    console: new ModelConsole({ terminals: [false, true, false] }),
    host: new ModelDirectory("/host", hostTree),
    readOnly: new ModelDirectory("/read-only", readOnlyTree),
  };
}

/** A kernel on model devices, going on from a state. */
export function modelKernel(log: EventLog, devices: Devices, state: KernelState): LiveKernel {
  const { clock, console, host, readOnly } = devices;
  const directories = {
    answer: (now: KernelState, demand: Demand) => {
      const inode = demand.need === "node" ? demand.directory : demand.inode;
      const mount = get(now.files.mounts, get(now.files.inodes, inode).mount);
      return (mount.path === host.path ? host : readOnly).answer(now, demand);
    },
  };
  const entropy = seededEntropy(11, state.entropy.drawnBytes);
  const kernel = new LiveKernel({
    state,
    log,
    devices: { clock, entropy, directories, console },
    waiter: new ModelWaiter(clock, console),
    everyEventDurable: false,
  });
  powerOn(kernel, "virtual", clock.wall(), NAME_SEED);
  return kernel;
}

/** Starts the guest, with a root of the machine's own and two of the host. */
export function startGuest(kernel: LiveKernel, devices: Devices): void {
  startProgram(kernel, {
    sha: "0".repeat(64),
    name: "guest",
    args: ["guest", "-x", "é"],
    environment: ["A=1", "B="],
    directories: [],
    memoryPages: 16,
    turns: null,
    terminals: devices.console.terminals,
  });
  preopen(kernel, 1, "/own", 0);
  for (const [host, label, mode] of [
    [devices.host, "/host", "write-through"],
    [devices.readOnly, "/read-only", "read-only"],
  ] as const) {
    const inode = kernel.state.files.nextInode;
    kernel.record(0, { type: "host/mounted", mount: inode, inode, path: host.path, mode });
    kernel.record(0, host.examinedRoot(inode));
    preopen(kernel, inode, label, mode === "read-only" ? writeRights : 0);
  }
}

function preopen(kernel: LiveKernel, inode: number, label: string, withheld: number): void {
  const open = freeOpen(kernel.state.files);
  kernel.record(PID, { type: "file/preopened", inode, open });
  kernel.record(PID, {
    type: "capability/granted",
    slot: freeSlot(kernel.state.capabilities, PID),
    object: "file",
    target: open,
    rights: directoryRights & ~withheld,
    inheriting: allRights & ~withheld,
    label,
  });
}

/** The descriptor that a pick stands for in a state; 77 where there is none of the kind. */
export function descriptorOf(state: KernelState, [kind, n]: Pick): number {
  if (kind === "number") return n;
  const held: number[] = [];
  for (const [slot, { object, target }] of rowsOf(get(state.capabilities.tables, PID).slots)) {
    const isDirectory =
      object === "file" &&
      get(state.files.inodes, get(state.files.opens, target).inode).kind === fileType.directory;
    if (kind === "any" || (kind === "directory" ? isDirectory : object === "file" && !isDirectory))
      held.push(slot);
  }
  return held[n % held.length] ?? 77;
}

/** One call of a run, with what it asked and what came back. */
export interface Performed {
  readonly step: Extract<Step, { do: "call" }>;
  readonly raw: RawCall;
  readonly given: Given;
  /** The seqs before its first event and behind its last. */
  readonly from: number;
  readonly to: number;
}

export interface ModelRun {
  readonly log: MemoryLog;
  readonly kernel: LiveKernel;
  readonly devices: Devices;
  readonly performed: readonly Performed[];
  readonly hasEnded: boolean;
  /** The seq behind the grants that the guest began with. */
  readonly startedAt: number;
}

/** What watches a run: called before and after each call. */
export interface Watcher {
  readonly beforeCall?: (step: Performed["step"], kernel: LiveKernel) => void;
  readonly afterCall?: (performed: Performed, kernel: LiveKernel, log: MemoryLog) => void;
}

/** Runs the steps on a new machine, up to its end if one of them ends it. */
export function runSteps(steps: readonly Step[], watcher: Watcher = {}, devices = modelDevices()): ModelRun {
  const log: MemoryLog = new MemoryLog(() => releaser.release());
  const releaser = new ModelReleaser(log, devices);
  const kernel = modelKernel(log, devices, initialState());
  startGuest(kernel, devices);
  const startedAt = kernel.state.seq;
  const driver = new GuestDriver(kernel, PID);
  const performed: Performed[] = [];
  for (const step of steps) {
    if (driver.hasEnded) break;
    if (step.do === "input") giveInput(devices, step.size);
    else if (step.do === "release") releaser.release();
    else {
      watcher.beforeCall?.(step, kernel);
      const from = kernel.state.seq;
      const raw = encodeCall(step.call, (pick) => descriptorOf(kernel.state, pick), step.spoilt);
      const given = driver.perform(raw);
      const done = { step, raw, given, from, to: kernel.state.seq };
      performed.push(done);
      watcher.afterCall?.(done, kernel, log);
    }
  }
  const { hasEnded } = driver;
  if (!hasEnded) kernel.end(PID, { kind: "returned" });
  kernel.record(0, { type: "machine/powered-off", reason: "halted" });
  releaser.release();
  return { startedAt, log, kernel, devices, performed, hasEnded };
}

function giveInput({ console }: Devices, size: number): void {
  console.give(size === 0 ? { kind: "ended" } : { kind: "bytes", bytes: pattern(size, size) });
}
