/**
 * The kernel of a replay: answers a guest with what the log says, decides nothing, and compares on the way: each request with
 * the one that was recorded, each group's hash, each keyframe's. It needs no device, which is the proof that all that
 * entered the machine is in the log.
 */
import { StatePages } from "../core/state-pages.ts";
import { type GuestCall, type GuestEnd, type GuestKernel, GuestStopped } from "../guests/guest-kernel.ts";

import { callName } from "../guests/call-table.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { sha256 } from "./hash.ts";
import { endsGuest, endsRest, isNaturalEnd, isTurnOf } from "./replayed-events.ts";
import { hashBefore, soundEvents, soundGroup, verifyGroup } from "./log-reader.ts";
import { sameBytes, sameMessage } from "./same-bytes.ts";
import type { RecordingStore } from "./recording-store.ts";
import type { StreamReader } from "./stream-reader.ts";

/** The first place where a re-run is not what was recorded. */
export interface Divergence {
  readonly seq: number;
  readonly expected: KernelEvent | null;
  readonly got: string;
  /** The ten events before. */
  readonly before: readonly KernelEvent[];
}

export class Diverged extends GuestStopped {
  readonly divergence: Divergence;
  constructor(divergence: Divergence) {
    super(`diverged at event ${divergence.seq}`);
    this.divergence = divergence;
  }
}

const EVENTS_BEFORE = 10;

export interface ReplayOptions {
  /** The state to begin with, which is one that a group ends with: the first one, or one that has an image. */
  readonly from?: KernelState;
  /** Whether it is left where somebody looks: a guest that was killed is then not stopped before. */
  readonly isVisited?: boolean;
  /** The seq of the first event that is taken for not there: where the log forks. */
  readonly until?: number;
}

/** What stands between the end of a process from outside and what it was answered before. */
const followsAnEnd: ReadonlySet<KernelEvent["type"]> = new Set([
  "capability/closed",
  "capability/removed",
  "object/destroyed",
  "process/killed",
  "process/woken",
]);

export class ReplayKernel implements GuestKernel {
  readonly #fold: Fold;
  readonly #groups: Iterator<Uint8Array>;
  readonly store: RecordingStore;
  readonly #pages = new StatePages(sha256, null);
  readonly bytes: StreamReader;
  #hash: Uint8Array;
  #events: readonly KernelEvent[] = [];
  #next = 0;
  /** Groups behind this one that were looked at already. */
  readonly #ahead: (readonly KernelEvent[])[] = [];
  /** The seq of the first event that no group which was looked at has. */
  #loadedSeq: number;
  readonly #isVisited: boolean;
  readonly #until: number;
  readonly #before: KernelEvent[] = [];
  /** Called with the seq after each group. */
  readonly #onProgress: (seq: number) => void;

  constructor(
    store: RecordingStore,
    bytes: StreamReader,
    onProgress: (seq: number) => void,
    { from = initialState(), isVisited = false, until = Number.POSITIVE_INFINITY }: ReplayOptions = {},
  ) {
    this.store = store;
    this.#fold = new Fold(from);
    this.#hash = hashBefore(store, from.seq);
    this.#loadedSeq = from.seq;
    this.#isVisited = isVisited;
    this.#until = until;
    this.#groups = store.groupsFrom(from.seq);
    this.bytes = bytes;
    this.#onProgress = onProgress;
  }

  get state(): KernelState {
    return this.#fold.state;
  }

  answer(call: GuestCall): KernelEvent {
    const event = this.tryAnswer(call);
    // A recording that was cut off has no more to compare with, and the guest might never ask again.
    if (event === null || (this.#peek() === null && !endsGuest(event)))
      throw new GuestStopped("the log ends before the guest does");
    return event;
  }

  /** As `answer`; null when the log ends before an answer does. */
  tryAnswer(call: GuestCall): KernelEvent | null {
    for (let event = this.#peek(); event !== null; event = this.#peek()) {
      if (event.call >= 0) this.#compare(call, event);
      else if (isNaturalEnd(event)) throw this.diverged(event, describeCall(call));
      else if (isTurnOf(event, call.pid)) {
        if (event.type === "process/suspended") return null;
        throw this.diverged(event, describeCall(call));
      }
      if (event.type === "ipc/sent" && event.pid === call.pid && !sameMessage(this.bytes, call, event))
        throw this.diverged(event, describeCall(call));
      this.#apply(event);
      if (event.call >= 0) {
        this.#stopIfKilled(event.pid);
        return event;
      }
      if (event.type === "process/killed" && event.pid === call.pid)
        this.stop("the log says that the process was killed");
    }
    return null;
  }

  end(pid: number, end: GuestEnd): void {
    if (!this.tryEnd(pid, end)) throw new GuestStopped("the log ends before the guest does");
  }

  /** As `end`; false when the log ends before the process does. */
  tryEnd(pid: number, end: GuestEnd): boolean {
    const got = end.kind === "returned" ? "the program returned" : `a trap: ${end.message}`;
    for (let event = this.#peek(); event !== null; event = this.#peek()) {
      if (event.call >= 0) throw this.diverged(event, got);
      if (event.pid === pid && isNaturalEnd(event)) {
        const isSame =
          event.type === "process/exited"
            ? end.kind === "returned"
            : end.kind === "trapped" && event.message === end.message;
        if (!isSame) throw this.diverged(event, got);
        this.#apply(event);
        return true;
      }
      this.#apply(event);
    }
    return false;
  }

  /** Folds what is left of the log: what happened when the guest was gone. */
  drain(): void {
    for (let event = this.#peek(); event !== null; event = this.#peek()) {
      if (event.call >= 0) throw this.diverged(event, "nothing: the guest had ended");
      this.#apply(event);
    }
  }

  /**
   * After an answer: whether the log goes on by ending the process from outside. The guest would never ask again, perhaps
   * because it never would have: it is stopped where its last answer left it.
   */
  #stopIfKilled(pid: number): void {
    if (this.#isVisited) return;
    for (let distance = 0; ; distance += 1) {
      const event = this.peek(distance);
      if (event === null || event.call >= 0) return;
      if (event.type === "process/killed" && event.pid === pid)
        this.stop("the log says that the process was killed");
      if (!followsAnEnd.has(event.type)) return;
    }
  }

  /** Folds the rest of the log, in which the guest has no part any more. */
  stop(why: string): never {
    this.drain();
    throw new GuestStopped(why);
  }

  #peek(): KernelEvent | null {
    return this.peek(0);
  }

  /** The event that stands so many behind the next one; null if the log ends before. */
  peek(distance: number): KernelEvent | null {
    if (this.state.seq + distance >= this.#until) return null;
    let at = this.#next + distance;
    if (at < this.#events.length) return this.#events[at] as KernelEvent;
    at -= this.#events.length;
    for (let place = 0; ; place += 1) {
      if (place === this.#ahead.length && !this.#load()) return null;
      const events = this.#ahead[place] as readonly KernelEvent[];
      if (at < events.length) return events[at] as KernelEvent;
      at -= events.length;
    }
  }

  /** Reads and verifies one group more; false if there is none. */
  #load(): boolean {
    const next = this.#groups.next();
    if (next.done === true) return false;
    const group = soundGroup(this.store, next.value);
    verifyGroup(this.store, group, this.#hash, this.#loadedSeq);
    this.#hash = group.hash.slice();
    this.#loadedSeq += group.header.count;
    this.#ahead.push(soundEvents(this.store, group));
    return true;
  }

  /** Whether no guest runs before the log comes to a seq: then it has, and what guests are then they are already. */
  reach(seq: number): boolean {
    const distance = seq - this.state.seq;
    for (let at = 0; at < distance; at += 1) {
      const event = this.peek(at);
      if (event === null || endsRest(event)) return false;
    }
    for (let at = 0; at < distance; at += 1) this.take();
    return distance >= 0;
  }

  /** Folds the next event, which is there. */
  take(): KernelEvent {
    const event = this.#peek() as KernelEvent;
    this.#apply(event);
    return event;
  }

  #apply(event: KernelEvent): void {
    if (this.#next === this.#events.length) {
      this.#events = this.#ahead.shift() as readonly KernelEvent[];
      this.#next = 0;
      this.#onProgress(this.state.seq);
    }
    this.#next += 1;
    this.#fold.apply(event);
    this.#before.push(event);
    if (this.#before.length > 2 * EVENTS_BEFORE) this.#before.splice(0, EVENTS_BEFORE);
    if (this.#next === this.#events.length) this.#compareKeyframe();
  }

  #compareKeyframe(): void {
    const { seq } = this.state;
    const keyframe = this.store.keyframeAt(seq);
    if (keyframe === null || keyframe.seq !== seq) return;
    const address = this.#pages.write(this.#fold.snapshot());
    if (Buffer.compare(address, keyframe.address) === 0) return;
    throw this.diverged(null, "a state with another hash than the keyframe's");
  }

  #compare(call: GuestCall, event: KernelEvent): void {
    const isSame = event.pid === call.pid && event.call === call.digest && sameBytes(this.bytes, call, event);
    if (!isSame) throw this.diverged(event, describeCall(call));
  }

  /** What to throw where a guest does not do what was recorded. */
  diverged(expected: KernelEvent | null, got: string): Diverged {
    return new Diverged({ seq: this.state.seq, expected, got, before: this.#before.slice(-EVENTS_BEFORE) });
  }
}

/** A call in words: the function, and what it asks where that was judged. */
function describeCall(call: GuestCall): string {
  const name = callName(call.number);
  if (call.request === null) return `${name} with malformed arguments`;
  const { call: _, ...asked } = call.request;
  const parts = Object.entries(asked).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return parts.length === 0 ? name : `${name} ${parts.join(", ")}`;
}
