/**
 * A machine of several programs on this thread: its kernel lives, its devices are models, its log is recorded in memory, images
 * included. Its guests are disturbed as a law wants it: they rest where they need not, and go on from images of themselves.
 */
import { readFileSync } from "node:fs";
import { guestPath } from "../../bench/child-process.ts";
import { invariant } from "../../core/assert.ts";
import { get } from "../../core/table.ts";
import { VirtualClock } from "../../devices/clock/virtual-clock.ts";
import { ModelConsole } from "../../devices/console/model-console.ts";
import { seededEntropy } from "../../devices/entropy/entropy-devices.ts";
import { GuestStopped } from "../../guests/guest-kernel.ts";
import type { GuestImage, Pauses, RestingGuests } from "../../guests/pauses.ts";
import { SuspendableGuest } from "../../guests/suspendable-guest.ts";
import { Turns } from "../../guests/take-turns.ts";
import { transformModule } from "../../guests/transform/transform-module.ts";
import { powerOn } from "../../machine/boot.ts";
import { LiveKernel } from "../../machine/live-kernel.ts";
import { LiveTurns } from "../../machine/live-turns.ts";
import type { MachineSpec, ProcessSpec, StreamSpec } from "../../machine/machine-spec.ts";
import { Supervisor } from "../../machine/supervisor.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { hex, sha256 } from "../../replay/hash.ts";
import { ImageReader } from "../../replay/image-reader.ts";
import { Recorder } from "../../replay/recorder.ts";
import { MemoryLog } from "./memory-log.ts";
import { MemoryStore } from "./memory-store.ts";
import { ModelWaiter, NAME_SEED } from "./model-machine.ts";

const MEMORY_PAGES = 256;

/** Where guests rest though they need not, and what is done with them then. */
export interface Disturbance {
  /** `turns`: before and at the beginning of turns, and behind calls; `ticks`: there, and whenever ticks are used up. */
  readonly rests: "never" | "turns" | "ticks";
  /** At every so many of these places. */
  readonly every: number;
  /** `taken`: an image is taken; `restored`: and all guests go on from it, as new instances. */
  readonly image: "none" | "taken" | "restored";
}

export const UNDISTURBED_MACHINE: Disturbance = { rests: "never", every: 1, image: "none" };

/** A process of a machine file, as short as a test wants it. */
export interface ShortProcess {
  readonly program: string;
  readonly args?: readonly string[];
  readonly environment?: readonly string[];
  readonly streams?: readonly StreamSpec[];
  readonly maxTicks?: number;
}

export interface ShortMachine {
  readonly processes: readonly ShortProcess[];
  /** Capacities of pipes. */
  readonly pipes?: readonly number[];
  readonly quantum: number;
  readonly seed?: number;
  /** Pieces of standard input. */
  readonly input?: readonly string[];
}

/** What of a run can be seen from outside. */
export interface TurningRun {
  readonly log: MemoryLog;
  readonly store: MemoryStore;
  readonly state: KernelState;
  /** What the console was told to print. */
  readonly printed: string;
  readonly rests: number;
}

const guests = new Map<string, { readonly sha: string; readonly guest: SuspendableGuest }>();

/** A prebuilt program, transformed and compiled once. */
export function preparedGuest(program: string): { readonly sha: string; readonly guest: SuspendableGuest } {
  const known = guests.get(program);
  if (known !== undefined) return known;
  const source = new Uint8Array(readFileSync(guestPath(program)));
  const options = { maxPages: MEMORY_PAGES };
  const made = transformModule(source, options);
  invariant(made.ok, `${program} can be transformed`);
  const prepared = {
    sha: hex(sha256(source)),
    guest: new SuspendableGuest({ source, options, transformed: made.value }),
  };
  guests.set(program, prepared);
  return prepared;
}

export function guestOfSha(sha: string): SuspendableGuest {
  const found = [...guests.values()].find((one) => one.sha === sha);
  invariant(found !== undefined, "the programs of a machine were prepared");
  return found.guest;
}

const CONSOLE: readonly StreamSpec[] = [{ kind: "console" }, { kind: "console" }, { kind: "console" }];

export function machineSpec({ processes, pipes = [], quantum, seed = 0 }: ShortMachine): MachineSpec {
  const specOf = (
    { program, args = [], environment = [], streams = CONSOLE, maxTicks = 0 }: ShortProcess,
    at: number,
  ): ProcessSpec => ({
    name: `${program}-${at}`,
    sha: preparedGuest(program).sha,
    args: [program, ...args],
    environment,
    memoryPages: MEMORY_PAGES,
    maxTicks,
    directories: [{ kind: "own", directory: 0, guest: "/", isReadOnly: false }],
    streams,
    descriptors: [],
    capabilities: [],
    domain: 0,
    scheduling: { priority: 100, context: null },
    services: { realtimeClock: true, monotonicClock: true, timers: true, entropy: true },
    after: [],
    restart: { condition: "never", maxRestarts: 0, delayMicros: 0 },
  });
  return {
    processes: processes.map(specOf),
    pipes,
    directories: [null],
    objects: [],
    quantum,
    seed,
    domains: [],
    terminals: [false, false, false],
  };
}

/** No machine of these tests comes to wait for ever: it would not end. */
class HurriedWaiter extends ModelWaiter {
  override sleep(until: number, forInput: boolean): void {
    if (until === 0 && !forInput) throw new Error("nobody can go on");
    super.sleep(until, forInput);
  }
}

/** A new beginning, from the image that was just taken. */
class Restored extends GuestStopped {}

class TurningMachine implements Pauses {
  readonly log = new MemoryLog();
  readonly store = new MemoryStore();
  readonly #recorder = new Recorder({ store: this.store.asStore, state: initialState() });
  readonly #live: LiveKernel;
  readonly #turns: LiveTurns;
  readonly #disturbance: Disturbance;
  #images: Map<number, GuestImage> = new Map();
  #recorded = 0;
  #position = 0;
  #places = 0;
  /** Whether nothing has happened since guests were restored: they would rest at the same place for ever. */
  #wasRestored = false;
  #ticks: () => number = () => 0;
  rests = 0;

  constructor(machine: ShortMachine, disturbance: Disturbance) {
    this.#disturbance = disturbance;
    const clock = new VirtualClock(0);
    const script = (machine.input ?? []).map((text) => new Uint8Array(Buffer.from(text)));
    const console = new ModelConsole({ script });
    const waiter = new HurriedWaiter(clock, console);
    this.#live = new LiveKernel({
      state: initialState(),
      log: this.log,
      devices: { clock, entropy: seededEntropy(11, 0), directories: { answer: () => [] }, console },
      waiter,
      everyEventDurable: false,
      ticks: () => this.#ticks(),
    });
    powerOn(this.#live, "virtual", clock.wall(), NAME_SEED);
    this.#turns = new LiveTurns(
      this.#live,
      waiter,
      clock,
      Supervisor.begin(this.#live, machineSpec(machine)),
    );
  }

  run(): TurningRun {
    for (let stopped: GuestStopped | null = new Restored(); stopped !== null; ) {
      const turns = new Turns(this.#turns, (pid) => this.#guestOf(pid), {
        pauses: this,
        images: this.#images,
      });
      this.#ticks = () => turns.ticks;
      stopped = turns.run();
      if (stopped !== null && !(stopped instanceof Restored)) throw stopped;
    }
    this.#live.record(0, { type: "machine/powered-off", reason: "halted" });
    this.#record();
    const { log, store, rests } = this;
    return { log, store, state: this.#live.state, printed: printedIn(log), rests };
  }

  #guestOf(pid: number): SuspendableGuest {
    return guestOfSha(get(this.#live.state.processes.rows, pid).program);
  }

  isDue(inside: boolean): boolean {
    const { rests, every } = this.#disturbance;
    const wasRestored = this.#wasRestored;
    this.#wasRestored = false;
    if (wasRestored) return false;
    if (rests === "never" || (inside && rests === "turns")) return false;
    this.#places += 1;
    return this.#places % every === 0;
  }

  take(resting: RestingGuests): void {
    this.rests += 1;
    if (this.#disturbance.image === "none") return;
    this.#record();
    const { seq } = this.#live.state;
    this.#recorder.image({ seq, living: resting.living(), guests: resting.images() });
    if (this.#disturbance.image !== "restored") return;
    const keyframe = this.store.keyframeAt(seq);
    invariant(keyframe !== null, "an image has its keyframe");
    const read = new ImageReader(this.store.asStore).read(keyframe);
    this.#images = new Map([...read].map(([pid, { image }]) => [pid, image]));
    this.#wasRestored = true;
    throw new Restored("from an image");
  }

  #record(): void {
    const end = this.log.eventCount;
    if (end === this.#recorded) return;
    this.#recorder.append(this.log.encoded(this.#recorded, end), (length) => {
      this.#position += length;
      return length === 0 ? [] : [this.log.stream(this.#position - length, this.#position)];
    });
    this.#recorded = end;
  }
}

/** Runs a machine to its end. */
export const runTurning = (machine: ShortMachine, disturbance = UNDISTURBED_MACHINE): TurningRun =>
  new TurningMachine(machine, disturbance).run();

function printedIn(log: MemoryLog): string {
  const pieces = log
    .decoded()
    .flatMap((event) =>
      event.type === "console/written" ? [log.stream(event.position, event.position + event.length)] : [],
    );
  return Buffer.concat(pieces).toString("latin1");
}
