import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";

/** Where the kernel's thread puts what happens. Bytes come before the event that names them. */
export interface EventLog extends ByteSource {
  /** Appends bytes at the head of the byte stream. */
  appendBytes(bytes: Uint8Array): void;
  /** Appends an event; `isUrgent` if somebody outside waits for its effect. */
  append(event: KernelEvent, isUrgent: boolean): void;
  /** Waits until all that was appended is durable, and its effects released. */
  waitUntilReleased(): void;
}
