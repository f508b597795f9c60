import { ByteReader } from "../../core/byte-reader.ts";
import { ByteWriter } from "../../core/byte-writer.ts";
import type { CodecContext } from "../../core/compile-event.ts";
import { newCodecContext } from "../../core/event-codec.ts";
import type { EventLog } from "../../machine/event-log.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../../reducers/kernel-event.ts";

/** A log in memory: the encoded events and the byte stream of one machine, from its first event on. */
export class MemoryLog implements EventLog {
  readonly #events = new ByteWriter();
  readonly #stream = new ByteWriter();
  readonly #context: CodecContext = newCodecContext();
  /** Where each event begins in the encoded events, and the end of the last. */
  readonly #starts: number[] = [0];
  readonly #ends: number[] = [0];
  /** How many hold back what is logged, one within the other. */
  #holds = 0;
  readonly #onWait: () => void;

  /** `onWait` is called when somebody waits until all is durable and released. */
  constructor(onWait: () => void = () => {}) {
    this.#onWait = onWait;
  }

  appendBytes(bytes: Uint8Array, start: number, length: number): void {
    this.#stream.raw(bytes.subarray(start, start + length));
  }

  append(fact: KernelFact, at: number, cause: number, pid: number, call: number): KernelEvent {
    const event = kernelCodec.append(this.#events, fact, this.#context, at, cause, pid, call);
    this.#starts.push(this.#events.length);
    if (this.#holds === 0) this.#ends.push(this.eventCount);
    return event;
  }

  hold(): void {
    this.#holds += 1;
  }

  letGo(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#ends.push(this.eventCount);
  }

  /** The seqs before which a group may end: no decision is cut in two. */
  get ends(): readonly number[] {
    return this.#ends;
  }

  waitUntilReleased(): void {
    this.#onWait();
  }

  copyTo(target: Uint8Array, targetOffset: number, position: number, length: number): void {
    target.set(
      this.#stream.bytes.subarray(position, Math.min(position + length, this.#stream.length)),
      targetOffset,
    );
  }

  get eventCount(): number {
    return this.#starts.length - 1;
  }

  get streamBytes(): number {
    return this.#stream.length;
  }

  /** A stretch of the byte stream. */
  stream(from: number, to: number): Uint8Array {
    return this.#stream.view().slice(from, to);
  }

  /** The encoded events from one seq up to, but not including, another. */
  encoded(from: number, to: number): Uint8Array {
    return this.#events.view().slice(this.#starts[from], this.#starts[to]);
  }

  /** The log as it was when it ended before a seq: what a power cut leaves. */
  cutAt(end: number, onWait: () => void): MemoryLog {
    const cut = new MemoryLog(onWait);
    const reader = new ByteReader(this.encoded(0, end));
    for (let seq = 0; seq < end; seq += 1) {
      const event = kernelCodec.decode(reader, { ...cut.#context });
      kernelCodec.encode(cut.#events, event, cut.#context);
      cut.#starts.push(cut.#events.length);
    }
    cut.#ends.push(end);
    cut.#stream.raw(this.stream(0, cut.#context.head));
    return cut;
  }

  /** All events, as whoever reads the log gets them. */
  decoded(): readonly KernelEvent[] {
    const reader = new ByteReader(this.#events.view().slice());
    const context = newCodecContext();
    const events: KernelEvent[] = [];
    while (reader.offset < reader.end) events.push(kernelCodec.decode(reader, context));
    return events;
  }
}
