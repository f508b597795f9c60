/** The log of a fork: in memory, behind that of its recording, whose bytes it reads. Nothing of it ever leaves the process. */
import { ByteWriter } from "../../core/byte-writer.ts";
import { GuestStopped } from "../../guests/guest-kernel.ts";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../../reducers/kernel-event.ts";
import type { EventLog } from "../event-log.ts";

/** Bytes that a fork may bring. */
const MAX_BYTES = 1 << 28;

/** A fork did as much as it may. */
export class ForkBound extends GuestStopped {}

export class ForkLog implements EventLog {
  readonly #recorded: ByteSource;
  /** The head of the stream where it forked. */
  readonly #from: number;
  readonly #bytes = new ByteWriter();
  readonly #onEvent: (event: KernelEvent) => void;
  #seq: number;

  constructor(
    recorded: ByteSource,
    { seq, head }: { readonly seq: number; readonly head: number },
    onEvent: (event: KernelEvent) => void,
  ) {
    this.#recorded = recorded;
    this.#from = head;
    this.#seq = seq;
    this.#onEvent = onEvent;
  }

  appendBytes(bytes: Uint8Array, start: number, length: number): void {
    if (this.#bytes.length + length > MAX_BYTES) throw new ForkBound("the fork has written too much");
    this.#bytes.raw(bytes.subarray(start, start + length));
  }

  append(fact: KernelFact, at: number, cause: number, pid: number, call: number): KernelEvent {
    const event = kernelCodec.seal(fact, this.#seq, at, cause, pid, call);
    this.#seq += 1;
    this.#onEvent(event);
    return event;
  }

  copyTo(target: Uint8Array, targetOffset: number, position: number, length: number): void {
    const old = Math.max(0, Math.min(length, this.#from - position));
    if (old > 0) this.#recorded.copyTo(target, targetOffset, position, old);
    if (old === length) return;
    const start = position + old - this.#from;
    target.set(this.#bytes.bytes.subarray(start, start + length - old), targetOffset + old);
  }

  hold(): void {}
  letGo(): void {}
  waitUntilReleased(): void {}
}
