import { ByteWriter } from "../core/byte-writer.ts";
import type { CodecContext } from "../core/compile-event.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import type { EventLog } from "./event-log.ts";
import { control, type SharedMemory } from "./shared-control.ts";
import { SharedRing } from "./shared-ring.ts";

/** What nearly every event fits into; larger ones take the longer way. */
const SMALL_EVENT_BYTES = 128;
/** So many events may pass before it is looked how full the rings are. */
const CHECK_EVENTS = 256;

/** The log as the kernel's thread sees it: events and bytes go through shared memory to the recorder on the main thread. */
export class RingLog implements EventLog {
  readonly #words: Int32Array;
  readonly #events: SharedRing;
  readonly #stream: SharedRing;
  readonly #writer = new ByteWriter(1 << 12);
  readonly #context: CodecContext;
  readonly #wakeRecorder: () => void;
  readonly #durable: ByteSource | null;
  /** The stream's position when this log began, and where its next bytes go. */
  readonly #streamBase: number;
  #streamHead: number;
  #hasNewBytes = false;
  #unchecked = 0;
  /** How many hold back what is logged, one within the other. */
  #holds = 0;

  /** `wake` is called when somebody waits for the recorder; `durable` reads what the ring has no more. */
  constructor(shared: SharedMemory, state: KernelState, wake: () => void, durable: ByteSource | null) {
    this.#words = new Int32Array(shared.control);
    this.#events = new SharedRing(shared.events, this.#words, control.eventsHead, control.eventsTail);
    this.#stream = new SharedRing(shared.stream, this.#words, control.streamHead, control.streamTail);
    this.#context = { seq: state.seq, at: state.at, pid: 0, by: 0, head: state.head };
    this.#wakeRecorder = () => {
      if (Atomics.exchange(this.#words, control.urgent, 1) === 0) wake();
    };
    this.#durable = durable;
    this.#streamBase = state.head;
    this.#streamHead = state.head;
  }

  appendBytes(bytes: Uint8Array, start: number, length: number): void {
    this.#stream.write(bytes, start, length, this.#wakeRecorder);
    this.#streamHead += length;
    this.#hasNewBytes = true;
  }

  append(
    fact: KernelFact,
    at: number,
    cause: number,
    pid: number,
    call: number,
    isUrgent: boolean,
  ): KernelEvent {
    const place = this.#events.reserve(SMALL_EVENT_BYTES);
    const event =
      place < 0
        ? this.#appendCopied(fact, at, cause, pid, call)
        : this.#appendInPlace(place, fact, at, cause, pid, call);
    // More than half a ring is not held back: nobody could make room for the rest.
    if (this.#holds > 0 && this.#events.unpublished < this.#events.capacity / 2) return event;
    this.#publish();
    this.#unchecked += 1;
    if (isUrgent || this.#unchecked >= CHECK_EVENTS) this.#wakeIfDue(isUrgent);
    return event;
  }

  #publish(): void {
    if (this.#hasNewBytes) this.#stream.publish();
    this.#hasNewBytes = false;
    this.#events.publish();
  }

  hold(): void {
    this.#holds += 1;
  }

  letGo(isUrgent: boolean): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#publish();
    if (isUrgent) this.#wakeRecorder();
  }

  /** Encodes into the ring itself. An event that is larger than was reserved outgrows it, and is copied after all. */
  #appendInPlace(
    place: number,
    fact: KernelFact,
    at: number,
    cause: number,
    pid: number,
    call: number,
  ): KernelEvent {
    const writer = this.#writer;
    const { memory } = this.#events;
    writer.bytes = memory;
    writer.start = place;
    writer.length = place;
    writer.limit = place + SMALL_EVENT_BYTES;
    const event = kernelCodec.append(writer, fact, this.#context, at, cause, pid, call);
    if (writer.bytes === memory) this.#events.advance(writer.length - place);
    else this.#events.write(writer.bytes, writer.start, writer.length - writer.start, this.#wakeRecorder);
    return event;
  }

  #appendCopied(fact: KernelFact, at: number, cause: number, pid: number, call: number): KernelEvent {
    const writer = new ByteWriter();
    const event = kernelCodec.append(writer, fact, this.#context, at, cause, pid, call);
    this.#events.write(writer.bytes, 0, writer.length, this.#wakeRecorder);
    return event;
  }

  #wakeIfDue(isUrgent: boolean): void {
    this.#unchecked = 0;
    const events = this.#events;
    const stream = this.#stream;
    const isFilling = events.readable > events.capacity / 4 || stream.readable > stream.capacity / 4;
    if (isUrgent || isFilling) this.#wakeRecorder();
  }

  waitUntilReleased(): void {
    const head = Atomics.load(this.#words, control.eventsHead);
    for (;;) {
      const released = Atomics.load(this.#words, control.releasedHead);
      if (((head - released) | 0) <= 0) return;
      this.#wakeRecorder();
      Atomics.wait(this.#words, control.releasedHead, released, 100);
    }
  }

  copyTo(target: Uint8Array, targetOffset: number, position: number, length: number): void {
    const oldest = Math.max(this.#streamBase, this.#streamHead - this.#stream.capacity);
    if (position >= oldest)
      this.#stream.copyRecent(target, targetOffset, this.#streamHead - position, length);
    else if (position + length <= oldest) this.#readDurable(target, targetOffset, position, length);
    else {
      const before = oldest - position;
      this.#readDurable(target, targetOffset, position, before);
      this.copyTo(target, targetOffset + before, oldest, length - before);
    }
  }

  #readDurable(target: Uint8Array, targetOffset: number, position: number, length: number): void {
    this.#durable?.copyTo(target, targetOffset, position, length);
  }
}
