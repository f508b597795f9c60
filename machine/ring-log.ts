import { ByteWriter } from "../core/byte-writer.ts";
import type { CodecContext } from "../core/event-codec.ts";
import { kernelCodec, type KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { StreamReader } from "../replay/stream-reader.ts";
import type { EventLog } from "./event-log.ts";
import { control, type SharedMemory } from "./shared-control.ts";
import { SharedRing } from "./shared-ring.ts";

/** The log as the kernel's thread sees it: events and bytes go through shared memory to the recorder on the main thread. */
export class RingLog implements EventLog {
  readonly #words: Int32Array;
  readonly #events: SharedRing;
  readonly #stream: SharedRing;
  readonly #writer = new ByteWriter(1 << 12);
  readonly #context: CodecContext;
  readonly #wake: () => void;
  readonly #durable: StreamReader | null;
  /** The stream's position when this log began, and where its next bytes go. */
  readonly #streamBase: number;
  #streamHead: number;

  /** `wake` is called when the recorder sleeps and somebody waits for it; `durable` reads what the ring has no more. */
  constructor(shared: SharedMemory, state: KernelState, wake: () => void, durable: StreamReader | null) {
    this.#words = new Int32Array(shared.control);
    this.#events = new SharedRing(shared.events, this.#words, control.eventsHead, control.eventsTail);
    this.#stream = new SharedRing(shared.stream, this.#words, control.streamHead, control.streamTail);
    this.#context = { seq: state.seq, at: state.at, pid: 0, head: state.head };
    this.#wake = wake;
    this.#durable = durable;
    this.#streamBase = state.head;
    this.#streamHead = state.head;
  }

  appendBytes(bytes: Uint8Array): void {
    this.#stream.write(bytes, () => {
      this.#stream.publish();
      this.#wakeRecorder();
    });
    this.#streamHead += bytes.length;
  }

  append(event: KernelEvent, isUrgent: boolean): void {
    const writer = this.#writer;
    writer.length = 0;
    kernelCodec.encode(writer, event, this.#context);
    this.#events.write(writer.view(), () => this.#wakeRecorder());
    this.#stream.publish();
    this.#events.publish();
    if (isUrgent || this.#events.readable > this.#events.capacity / 4) this.#wakeRecorder();
    else if (this.#stream.readable > this.#stream.capacity / 4) this.#wakeRecorder();
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
    if (position >= oldest) this.#stream.copyRecent(target, targetOffset, this.#streamHead - position, length);
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

  #wakeRecorder(): void {
    if (Atomics.exchange(this.#words, control.recorderSleeps, 0) === 1) this.#wake();
  }
}
