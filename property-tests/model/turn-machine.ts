/** A machine of several programs in memory, with all that is real but its threads and its disk: it runs, is cut off, resumed, replayed. */
import { VirtualClock } from "../../devices/clock/virtual-clock.ts";
import { rowsOf } from "../../core/table.ts";
import { seededEntropy } from "../../devices/entropy/entropy-devices.ts";
import { GuestStopped } from "../../guests/guest-kernel.ts";
import { transformModule } from "../../guests/transform/transform-module.ts";
import { powerOn } from "../../machine/boot.ts";
import { Fork } from "../../machine/fork/fork.ts";
import type { ForkResult, ForkSpec, ProofResult } from "../../machine/fork/fork-spec.ts";
import { LiveKernel } from "../../machine/live-kernel.ts";
import type { Waiter } from "../../machine/live-options.ts";
import type { MachineSpec } from "../../machine/machine-spec.ts";
import type { ThreadData } from "../../machine/messages.ts";
import type { TurnGuest } from "../../machine/program.ts";
import { takeTurns, type ThreadParts } from "../../machine/turning-thread.ts";
import type { Standing } from "../../reducers/decide/standstill.ts";
import type { KernelEvent, KernelFact } from "../../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { hex, sha256 } from "../../replay/hash.ts";
import { ReplayKernel } from "../../replay/replay-kernel.ts";
import { StreamReader } from "../../replay/stream-reader.ts";
import { recordLog } from "../laws/recorded.ts";
import { MemoryLog } from "./memory-log.ts";

/** Nobody will ever wake the machine: where a real one would wait for a signal. */
class WaitsForEver extends GuestStopped {}

/** Another priority for one of those who live, when the kernel has asked for news so often since the last one. */
export interface RankChange {
  readonly after: number;
  readonly which: number;
  readonly priority: number;
}

class TurnWaiter implements Waiter {
  readonly #clock: VirtualClock;
  readonly #changes: RankChange[];
  readonly #living: () => readonly number[];
  #asked = 0;
  readonly told: (readonly Standing[])[] = [];

  constructor(clock: VirtualClock, changes: readonly RankChange[], living: () => readonly number[]) {
    this.#clock = clock;
    this.#changes = [...changes];
    this.#living = living;
  }

  sleep(until: number): void {
    if (until === 0) throw new WaitsForEver("nobody is ready, and no time is waited for");
    this.#clock.sleepUntil(until);
  }

  news(): readonly KernelFact[] {
    const change = this.#changes[0];
    this.#asked += 1;
    if (change === undefined || this.#asked < change.after) return [];
    const living = this.#living();
    const process = living[change.which % Math.max(1, living.length)];
    this.#changes.shift();
    this.#asked = 0;
    if (process === undefined) return [];
    return [{ type: "priority/changed", by: 0, authority: 0, process, priority: change.priority }];
  }

  standStill(standing: readonly Standing[]): void {
    this.told.push(standing);
  }
}

export interface TurnRun {
  readonly log: MemoryLog;
  readonly state: KernelState;
  /** Each time that it was told that nobody can go on, and who. */
  readonly told: readonly (readonly Standing[])[];
  /** Whether it would wait for ever. */
  readonly isStuck: boolean;
}

export interface TurnMachine {
  readonly spec: MachineSpec;
  readonly guests: readonly TurnGuest[];
  /** What priorities come to while it runs; they begin as usual. */
  readonly changes?: readonly RankChange[];
}

export const MEMORY_PAGES = 2;

/** A program as the kernel's thread is given it. */
export function turnGuest(bytes: Uint8Array): TurnGuest {
  const options = { maxPages: MEMORY_PAGES };
  const made = transformModule(bytes, options);
  if (!made.ok) throw new Error(`a program that was drawn is refused: ${made.error.what}`);
  const sha = hex(sha256(bytes));
  return { sha, memoryPages: MEMORY_PAGES, source: bytes, options, transformed: made.value };
}

/** The parts of a thread, over a log in memory. */
class TurnThread implements ThreadParts {
  readonly #log: MemoryLog;
  readonly #spec: ForkSpec | null;
  fork: ForkResult | null = null;
  proof: ProofResult | null = null;
  readonly forkEvents: KernelEvent[] = [];
  readonly #changes: readonly RankChange[];
  #ticks: () => number = () => 0;
  #kernel: { readonly state: KernelState } | null = null;
  waiter: TurnWaiter | null = null;
  isStuck = false;

  constructor(log: MemoryLog, changes: readonly RankChange[], spec: ForkSpec | null = null) {
    this.#log = log;
    this.#changes = changes;
    this.#spec = spec;
  }

  get state(): KernelState {
    if (this.#kernel === null) throw new Error("the machine has begun");
    return this.#kernel.state;
  }

  goLive(state: KernelState): { live: LiveKernel; port: Waiter; clock: VirtualClock } {
    const clock = new VirtualClock(state.at);
    const waiter = new TurnWaiter(clock, this.#changes, () => livingIn(live.state));
    this.waiter = waiter;
    const live: LiveKernel = new LiveKernel({
      state,
      log: this.#log,
      devices: {
        clock,
        entropy: seededEntropy(11, state.entropy.drawnBytes),
        directories: { answer: () => [] },
        console: { take: () => null, news: () => [] },
      },
      waiter,
      everyEventDurable: false,
      ticks: () => this.#ticks(),
    });
    powerOn(live, "virtual", clock.wall(), 0);
    return { live, port: waiter, clock };
  }

  replayFrom(): ReturnType<ThreadParts["replayFrom"]> {
    const { asStore } = recordLog(this.#log, [], 1000).store;
    const until = this.#spec === null ? Number.POSITIVE_INFINITY : this.#spec.event + 1;
    const replay = new ReplayKernel(asStore, new StreamReader(asStore), () => {}, { until });
    return { replay, images: new Map() };
  }

  forkOf(replay: ReplayKernel): Fork {
    if (this.#spec === null) throw new Error("a fork has a moment");
    const onEvent = (event: KernelEvent): void => void this.forkEvents.push(event);
    return new Fork(replay.store, this.#spec, replay.state, { onEvent });
  }

  forked(result: ForkResult): void {
    this.fork = result;
  }

  narrowed(): Fork {
    const { asStore } = recordLog(this.#log, [], 1000).store;
    const spec = { event: -1, capability: 0, isAlone: false, most: 0 };
    const onEvent = (event: KernelEvent): void => void this.forkEvents.push(event);
    return new Fork(asStore, spec, initialState(), { onEvent });
  }

  proved(result: ProofResult): void {
    this.proof = result;
  }

  imageTaker(): null {
    return null;
  }

  follow(kernel: { readonly state: KernelState }, ticks: () => number): void {
    this.#kernel = kernel;
    this.#ticks = ticks;
  }

  powerOff(live: LiveKernel, stopped: GuestStopped | null): void {
    this.#kernel = live;
    this.isStuck = stopped instanceof WaitsForEver;
    if (stopped !== null && !this.isStuck) throw stopped;
    if (!this.isStuck) live.record(0, { type: "machine/powered-off", reason: "halted" });
  }
}

const livingIn = ({ scheduler }: KernelState): readonly number[] =>
  scheduler === undefined ? [] : [...rowsOf(scheduler.tasks)].map(([pid]) => pid);

function ran({ guests, changes = [] }: TurnMachine, log: MemoryLog, data: Partial<ThreadData>): TurnRun {
  const thread = new TurnThread(log, changes);
  // What a thread is given besides is for threads, disks and devices, of which there are none here.
  takeTurns(guests, data as ThreadData, thread);
  return { log, state: thread.state, told: thread.waiter?.told ?? [], isStuck: thread.isStuck };
}

export const runMachine = (machine: TurnMachine): TurnRun =>
  ran(machine, new MemoryLog(), { mode: "run", boot: { kind: "machine", machine: machine.spec } });

/** Goes on from where the power was cut, before the event with this seq. */
export const resumeMachine = (machine: TurnMachine, log: MemoryLog, end: number): TurnRun =>
  ran(
    machine,
    log.cutAt(end, () => {}),
    { mode: "resume", machine: machine.spec, imageSeq: null },
  );

/** Lets the machine live on from a moment of its log, without a capability that it had. */
export function forkMachine(
  { spec, guests, changes = [] }: TurnMachine,
  log: MemoryLog,
  fork: ForkSpec,
): { readonly result: ForkResult; readonly events: readonly KernelEvent[] } {
  const thread = new TurnThread(log, changes, fork);
  const data: Partial<ThreadData> = { mode: "fork", fork, machine: spec, imageSeq: null };
  takeTurns(guests, data as ThreadData, thread);
  if (thread.fork === null) throw new Error("a fork comes to an end");
  return { result: thread.fork, events: thread.forkEvents };
}

/** Runs a machine, with other grants, beside the log of what it did; in how far it was answered the same. */
export function proveMachine(
  { spec, guests }: TurnMachine,
  log: MemoryLog,
): { readonly proof: ProofResult; readonly events: readonly KernelEvent[] } {
  const thread = new TurnThread(log, []);
  const data: Partial<ThreadData> = { mode: "prove", boot: { kind: "machine", machine: spec } };
  takeTurns(guests, data as ThreadData, thread);
  if (thread.proof === null) throw new Error("a proof comes to an end");
  return { proof: thread.proof, events: thread.forkEvents };
}

/** Throws where the programs do not do what the log says. */
export const replayMachine = (machine: TurnMachine, log: MemoryLog): TurnRun =>
  ran(machine, log, { mode: "replay" });

/** The log with another event in the place of one. */
export function withEvent(log: MemoryLog, event: KernelEvent): MemoryLog {
  const changed = new MemoryLog();
  const bytes = log.stream(0, log.streamBytes);
  changed.appendBytes(bytes, 0, bytes.length);
  for (const one of log.decoded()) {
    const { at, cause, pid, call, ...fact } = one.seq === event.seq ? event : one;
    changed.append(fact as KernelFact, at, cause, pid, call);
  }
  return changed;
}
