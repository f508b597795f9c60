/**
 * The main thread's half of a running machine: takes what the kernel's thread put into shared memory, has it made durable, and
 * only then lets its effects out.
 */
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import type { Effect } from "../reducers/effects/effect.ts";
import type { Recorder } from "../replay/recorder.ts";
import type { EffectFailure, EffectReleaser } from "./effect-releaser.ts";
import { control, type SharedMemory } from "./shared-control.ts";
import { SharedRing } from "./shared-ring.ts";

/** How long events that nobody waits for may stay in memory: the group is larger, and the disk busy less often. */
const GROUP_MILLIS = 25;
/** How long recording may keep the thread from hearing signals and input, however much a guest prints. */
const TURN_MILLIS = 20;

export interface RecorderLoopOptions {
  readonly recorder: Recorder;
  readonly releaser: EffectReleaser;
  readonly shared: SharedMemory;
  readonly onFailures: (failures: readonly EffectFailure[]) => void;
  readonly onStoreFailed: (error: unknown) => void;
}

export class RecorderLoop {
  readonly #options: RecorderLoopOptions;
  readonly #words: Int32Array;
  readonly #events: SharedRing;
  readonly #stream: SharedRing;
  readonly #timer: NodeJS.Timeout;
  #failure: unknown = null;
  #isStopped = false;
  #next: NodeJS.Immediate | null = null;

  constructor(options: RecorderLoopOptions) {
    this.#options = options;
    this.#words = new Int32Array(options.shared.control);
    this.#events = new SharedRing(options.shared.events, this.#words, control.eventsHead, control.eventsTail);
    this.#stream = new SharedRing(options.shared.stream, this.#words, control.streamHead, control.streamTail);
    this.#timer = setInterval(() => this.drain(), GROUP_MILLIS);
  }

  /** Records what is there, and again as long as somebody waits for more. The rest waits for the next group. */
  drain(): void {
    if (this.#failure !== null) return;
    const end = performance.now() + TURN_MILLIS;
    try {
      do {
        Atomics.store(this.#words, control.urgent, 0);
        if (this.#events.readable > 0) this.#recordGroup();
      } while (this.#isUrgent && performance.now() < end);
      if (this.#isUrgent) this.drainSoon();
    } catch (error) {
      this.#failure = error;
      this.#options.onStoreFailed(error);
    }
  }

  /** Drains once the thread has heard what else there is: calls may come faster than they could be followed. */
  drainSoon(): void {
    if (this.#isStopped || this.#next !== null) return;
    this.#next = setImmediate(() => {
      this.#next = null;
      this.drain();
    });
  }

  /** What the store failed with; null if it did not. */
  get failure(): unknown {
    return this.#failure;
  }

  get #isUrgent(): boolean {
    return Atomics.load(this.#words, control.urgent) === 1;
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  #recordGroup(): void {
    const length = this.#events.readable;
    const body = this.#events.peek(0, length);
    let bytes: Uint8Array = new Uint8Array(0);
    const position = this.#options.recorder.state.head;
    const effects = this.#options.recorder.append(body, (count) => {
      bytes = this.#stream.peek(0, count);
      return count === 0 ? [] : [bytes];
    });
    // From here on the group is durable: its room goes back to the kernel, its effects go out.
    this.#events.release(length);
    this.#stream.release(bytes.length);
    this.#release(effects, {
      copyTo: (target, at, from, count) => {
        target.set(bytes.subarray(from - position, from - position + count), at);
      },
    });
    Atomics.add(this.#words, control.releasedHead, length);
    Atomics.notify(this.#words, control.releasedHead);
  }

  #release(effects: readonly Effect[], bytes: ByteSource): void {
    const failures = this.#options.releaser.release(effects, bytes);
    if (failures.length > 0) this.#options.onFailures(failures);
  }
}
