/**
 * The main thread's half of a running machine: takes what the kernel's thread put into shared memory, has it made durable, and
 * only then lets its effects out.
 */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { invariant } from "../core/assert.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import type { Effect } from "../reducers/effects/effect.ts";
import type { MachineImage } from "../replay/machine-image.ts";
import type { Recorder } from "../replay/recorder.ts";
import type { EffectFailure, EffectReleaser } from "./effect-releaser.ts";
import { control, type SharedMemory } from "./shared-control.ts";
import { SharedRing } from "./shared-ring.ts";
import { holdYoungGeneration } from "./young-generation.ts";

/** How long events that nobody waits for may stay in memory: the group is larger, and the disk busy less often. */
const GROUP_MILLIS = 25;
/** How long recording may keep the thread from hearing signals and input, however much a guest prints. */
const TURN_MILLIS = 20;

export interface RecorderLoopOptions {
  readonly recorder: Recorder;
  readonly releaser: EffectReleaser;
  readonly shared: SharedMemory;
  /** Where images of guests come from; null if there are none. */
  readonly images: MessagePort | null;
  readonly onFailures: (failures: readonly EffectFailure[]) => void;
  readonly onStoreFailed: (error: unknown) => void;
}

export class RecorderLoop {
  readonly #options: RecorderLoopOptions;
  readonly #words: Int32Array;
  readonly #events: SharedRing;
  readonly #stream: SharedRing;
  /** A group's events on their way. A new array for each would live long enough to be garbage of the old generation. */
  readonly #body: Uint8Array;
  readonly #timer: NodeJS.Timeout;
  readonly #firstSeq: number;
  #failure: unknown = null;
  #isStopped = false;
  /** Whether this thread's young generation has its size. */
  #isHeld = false;
  /** Bytes of events that are recorded, and whose effects are not all out. */
  #unreleasedBytes = 0;
  #next: NodeJS.Immediate | null = null;

  constructor(options: RecorderLoopOptions) {
    this.#options = options;
    this.#words = new Int32Array(options.shared.control);
    this.#events = new SharedRing(options.shared.events, this.#words, control.eventsHead, control.eventsTail);
    this.#stream = new SharedRing(options.shared.stream, this.#words, control.streamHead, control.streamTail);
    this.#firstSeq = options.recorder.state.seq;
    this.#body = new Uint8Array(this.#events.capacity);
    options.releaser.listen({
      onReleased: (failures) => this.#goOn(failures),
      onLost: (error) => options.onStoreFailed(error),
    });
    this.#timer = setInterval(() => {
      if (!this.#isHeld) this.#isHeld = holdYoungGeneration(options.recorder.state.seq - this.#firstSeq);
      this.drain();
    }, GROUP_MILLIS);
  }

  /**
   * Records what is there, and again as long as somebody waits for more. The rest waits for the next group, and all of it while the
   * releaser is not ready: the kernel's thread is then held by its full ring.
   */
  drain(): void {
    const { releaser } = this.#options;
    const end = performance.now() + TURN_MILLIS;
    this.#record(() => {
      let isOver = false;
      while (!isOver && releaser.isReady) {
        Atomics.store(this.#words, control.urgent, 0);
        if (this.#hasWork) this.#recordGroup();
        isOver = !this.#isUrgent || performance.now() >= end;
      }
    });
    this.#drainIfUrgent();
  }

  /** Records all that is there, for a kernel's thread that has ended: its effects wait for their turn in memory. */
  recordRest(): void {
    this.#record(() => {
      while (this.#hasWork) this.#recordGroup();
    });
  }

  #record(work: () => void): void {
    if (this.#failure !== null) return;
    try {
      work();
    } catch (error) {
      this.#failure = error;
      this.#options.onStoreFailed(error);
    }
  }

  /** Somebody who waited for the releaser to be ready said so once, and does not say it again: `urgent` is still 1. */
  #drainIfUrgent(): void {
    if (this.#failure === null && this.#isUrgent && this.#options.releaser.isReady) this.drainSoon();
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

  get #hasWork(): boolean {
    return this.#events.readable > 0 || this.#imageWaits;
  }

  get #imageWaits(): boolean {
    return Atomics.load(this.#words, control.imageWaits) === 1;
  }

  #recordGroup(): void {
    // An image that is not seen here belongs to a place behind what is readable: it is looked at in this order.
    const { readable } = this.#events;
    const imageAt = this.#imageWaits
      ? this.#events.readableUpTo(Atomics.load(this.#words, control.imageAt))
      : -1;
    const length = imageAt < 0 ? readable : Math.min(readable, imageAt);
    if (length > 0) this.#recordEvents(length);
    if (length === imageAt) this.#recordImage();
  }

  /** The image of the guests as they were after the last event that is recorded. */
  #recordImage(): void {
    const { images, recorder } = this.#options;
    const message = images === null ? undefined : receiveMessageOnPort(images);
    invariant(message !== undefined, "an image is sent before its place is told");
    recorder.image(message.message as MachineImage);
    this.#options.releaser.passOver(recorder.state.seq);
    Atomics.store(this.#words, control.imageWaits, 0);
  }

  #recordEvents(length: number): void {
    const body = this.#events.peek(this.#body.subarray(0, length));
    let bytes: Uint8Array = new Uint8Array(0);
    const position = this.#options.recorder.state.head;
    const effects = this.#options.recorder.append(body, (count) => {
      bytes = this.#stream.peek(new Uint8Array(count));
      return count === 0 ? [] : [bytes];
    });
    // From here on the group is durable: its room goes back to the kernel, its effects go out.
    this.#events.release(length);
    this.#stream.release(bytes.length);
    this.#unreleasedBytes += length;
    this.#release(effects, {
      copyTo: (target, at, from, count) => {
        target.set(bytes.subarray(from - position, from - position + count), at);
      },
    });
  }

  #release(effects: readonly Effect[], bytes: ByteSource): void {
    this.#tellReleased(this.#options.releaser.release(effects, bytes));
  }

  #goOn(failures: readonly EffectFailure[]): void {
    this.#tellReleased(failures);
    this.#drainIfUrgent();
  }

  /** Tells who waits for a sync, which publishes nothing more while it waits: so all is released some time. */
  #tellReleased(failures: readonly EffectFailure[]): void {
    if (failures.length > 0) this.#options.onFailures(failures);
    if (!this.#options.releaser.isIdle || this.#unreleasedBytes === 0) return;
    Atomics.add(this.#words, control.releasedHead, this.#unreleasedBytes);
    Atomics.notify(this.#words, control.releasedHead);
    this.#unreleasedBytes = 0;
  }
}
