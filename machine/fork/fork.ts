/** A fork of a recording: its kernel, which lives from the moment on with a capability less, and what became of it. */
import type { GuestCall, GuestEnd, GuestKernel, GuestStopped } from "../../guests/guest-kernel.ts";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import { allSlots, descendantsOf } from "../../reducers/capabilities/capability-selectors.ts";
import { type Placed, removal } from "../../reducers/decide/revoke-capability.ts";
import { type KernelEvent, kernelEvents } from "../../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { EventFeed } from "../../replay/event-feed.ts";
import { GroupReader } from "../../replay/group-reader.ts";
import { groupsWith } from "../../replay/index-notes.ts";
import { RecordingRefused } from "../../replay/recording-refused.ts";
import type { RecordingStore } from "../../replay/recording-store.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import { StreamReader } from "../../replay/stream-reader.ts";
import { LiveKernel } from "../live-kernel.ts";
import { ForkCourse, ForkEnds } from "./fork-course.ts";
import { factOf, ForkDevices, ForkWaits } from "./fork-devices.ts";
import { ForkDirectories } from "./fork-directories.ts";
import { ForkBound, ForkLog } from "./fork-log.ts";
import type { ForkEnd, ForkResult, ForkSpec } from "./fork-spec.ts";
import { Proof } from "./proof.ts";
import { RecordedFacts } from "./recorded-facts.ts";
import { RecordedFuture } from "./recorded-future.ts";
import { RecordedWakes } from "./recorded-wakes.ts";

const endTypes: ReadonlySet<string> = new Set(["process/exited", "process/trapped", "process/killed"]);
const endTags = [...endTypes].map((type) => kernelEvents[type as KernelEvent["type"]].tag);

interface ForkListener {
  /** Told as soon as they differ: a fork may never come to an end. */
  readonly onDiffers?: (result: ForkResult) => void;
  /** Told of each event of the fork. */
  readonly onEvent?: (event: KernelEvent) => void;
}

export class Fork {
  readonly course: ForkCourse;
  readonly devices: ForkDevices;
  readonly #store: RecordingStore;
  readonly #spec: ForkSpec;
  readonly #bytes: ByteSource;
  readonly #directories: ForkDirectories;
  readonly #listener: ForkListener;
  #facts: RecordedFacts | null = null;
  #removedCount = 0;
  #proof: Proof | null = null;
  /** Of a narrowed machine: who woke when in the recording. */
  wakes: RecordedWakes | null = null;

  constructor(store: RecordingStore, spec: ForkSpec, from: KernelState, listener: ForkListener = {}) {
    this.#listener = listener;
    this.#store = store;
    this.#spec = spec;
    this.#bytes = new StreamReader(store);
    const future = new RecordedFuture(store, spec.event + 1);
    const tell = (): void => listener.onDiffers?.(this.#resultAt("time", []));
    this.course = new ForkCourse(future, { from: spec.event, most: spec.most }, tell);
    const facts = (): RecordedFacts => this.#factsBehind();
    const { at: now, entropy } = from;
    this.devices = new ForkDevices(this.course, this.#bytes, { facts, now, drawnBytes: entropy.drawnBytes });
    this.#directories = new ForkDirectories(this.course, this.#bytes, facts);
  }

  #factsBehind(): RecordedFacts {
    if (this.#facts !== null) return this.#facts;
    const { future } = this.course;
    const next = future.peek()?.seq ?? this.#spec.event + 1;
    this.#facts = new RecordedFacts(future.rest(), new StateLoader(this.#store).stateAt(next));
    return this.#facts;
  }

  /** The kernel that lives from the moment on; the capability is gone by then. */
  goLive(state: KernelState, ticks: () => number): LiveKernel {
    const live = this.#begin(state, ticks);
    this.course.insert(() => this.#revoke(live));
    return live;
  }

  /** A kernel that lives from the beginning on, and is given what was recorded from outside. */
  goNarrowed(ticks: () => number): { readonly live: LiveKernel; readonly proof: Proof } {
    const first = this.course.future.peek();
    this.course.differ(null);
    const live = this.#begin(initialState(), ticks);
    const proof = new Proof(this.#store, this.#bytes, () => this.course.bytes);
    this.#proof = proof;
    this.wakes = new RecordedWakes(this.#store);
    this.devices.keepTo((call) => proof.timeOf(call));
    if (first?.type === "machine/powered-on") live.record(0, factOf(first));
    return { live, proof };
  }

  #begin(state: KernelState, ticks: () => number): LiveKernel {
    const log = new ForkLog(this.#bytes, state, (event) => {
      this.#listener.onEvent?.(event);
      this.#proof?.take(event);
      this.course.take(event);
    });
    this.course.bytes = log;
    const { devices } = this;
    return new LiveKernel({
      state,
      log,
      devices: { clock: devices, entropy: devices, directories: this.#directories, console: devices },
      waiter: devices,
      everyEventDurable: false,
      ticks,
    });
  }

  /** When each process ended that had by then, as far as it has. */
  endedAt(): (pid: number) => number {
    const ends = new Map<number, number>();
    const groups = new GroupReader(this.#store);
    for (const first of groupsWith(this.#store, "type", endTags, 0)) {
      const end = Math.min(this.#spec.event + 1, first + (groups.holding(first)?.header.count ?? 0));
      const feed = new EventFeed(groups, first);
      while (feed.seq < end) {
        const event = feed.next();
        if (event !== null && endTypes.has(event.type)) ends.set(event.pid, event.at);
      }
    }
    return (pid) => ends.get(pid) ?? 0;
  }

  /** Takes a capability away, as the machine itself: in as many steps as it takes, before anybody does anything. */
  #revoke(live: LiveKernel): void {
    const { capability } = this.#spec;
    for (const [root, row] of allSlots(live.state.capabilities)) {
      if (row.id !== capability || row.object === "void") continue;
      for (let isMore = true; isMore; ) {
        const doomed = withItself(live.state, [root, row]);
        const steps = removal(doomed, { by: capability, why: "revoked", root });
        live.asOne(() => {
          for (const step of steps) {
            this.#removedCount += step.removed.length / FIELDS;
            live.record(0, step);
          }
        }, true);
        isMore = steps[steps.length - 1]?.more === true;
      }
      return;
    }
    const what = `nobody holds capability #${capability} after event ${this.#spec.event}`;
    throw new RecordingRefused(this.#store.path, what, "`foldos caps tree` shows which there are");
  }

  /** What became of it, once it goes no further. */
  result(stopped: GuestStopped | null): ForkResult {
    const end = this.#endOf(stopped);
    const { first, count } = this.course.missing(this.#bytes);
    return { ...this.#resultAt(end, first), missingCount: count };
  }

  #endOf(stopped: GuestStopped | null): ForkEnd {
    if (this.course.isSame && this.course.future.peek() === null) return "log-ends";
    if (stopped === null) return "off";
    if (stopped instanceof ForkBound) return "bound";
    if (stopped instanceof ForkWaits) return "waits";
    return "log-ends";
  }

  #resultAt(end: ForkEnd, missing: readonly KernelEvent[]): ForkResult {
    const { inserted, difference, eventCount } = this.course;
    const refusals = this.course.refusals(this.#bytes);
    const { unknownCount } = this.#directories;
    const removedCount = this.#removedCount;
    const { event: at } = this.#spec;
    const missingCount = missing.length;
    return {
      at,
      inserted,
      removedCount,
      difference,
      missing,
      missingCount,
      refusals,
      eventCount,
      unknownCount,
      end,
    };
  }
}

const FIELDS = 3;

function* withItself({ capabilities }: KernelState, [root, row]: Placed): Generator<Placed> {
  yield* descendantsOf(capabilities, root);
  yield [root, row];
}

/** A kernel of a fork for a guest that is alone. */
export class ForkKernel implements GuestKernel {
  readonly fork: Fork;
  readonly #live: LiveKernel;
  readonly #course: ForkCourse;
  readonly #devices: ForkDevices;

  constructor(live: LiveKernel, fork: Fork) {
    const { course, devices } = fork;
    this.fork = fork;
    this.#live = live;
    this.#course = course;
    this.#devices = devices;
  }

  get state(): KernelState {
    return this.#live.state;
  }

  get bytes(): ByteSource {
    return this.#live.bytes;
  }

  answer(call: GuestCall): KernelEvent {
    const { isSame, future } = this.#course;
    if (isSame && (future.peek() === null || future.isStopped()))
      throw new ForkEnds("the recording goes no further");
    this.#devices.expect(call);
    return this.#live.answer(call);
  }

  end(pid: number, end: GuestEnd): void {
    this.#live.end(pid, end);
  }
}
