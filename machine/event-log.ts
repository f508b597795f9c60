import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import type { KernelEvent, KernelFact } from "../reducers/kernel-event.ts";

/** Where the kernel's thread puts what happens. Bytes come before the event that names them. */
export interface EventLog extends ByteSource {
  /** Appends a stretch of bytes at the head of the byte stream. */
  appendBytes(bytes: Uint8Array, start: number, length: number): void;
  /**
   * Appends a fact, which is an event from then on: `cause` is the seq of the event that led to it, -1 for what
   * comes from outside; `call` is the digest of the call that it answers, -1 for none; `isUrgent` if
   * somebody outside waits for its effect.
   */
  append(
    fact: KernelFact,
    at: number,
    cause: number,
    pid: number,
    call: number,
    isUrgent: boolean,
  ): KernelEvent;
  /** What is appended from here on becomes durable together, all or nothing, once it is let go. */
  hold(): void;
  letGo(isUrgent: boolean): void;
  /** Waits until all that was appended is durable, and its effects released. */
  waitUntilReleased(): void;
}
