/**
 * A guest's linear memory, which is hostile ground: a pointer is a number that the guest chose. All access goes through here,
 * after `within` said that it stays inside. The views follow the memory when it grows.
 */
import { errno } from "../core/errno.ts";
import type { RefusalReason } from "../core/refusal-reason.ts";

/** A call's bytes do not say what they should; the guest gets the errno, the log the reason, too. */
export class CallRefused extends Error {
  readonly errno: number;
  readonly reason: RefusalReason;
  constructor(code: number, reason: RefusalReason = "none") {
    super(`errno ${code}`);
    this.errno = code;
    this.reason = reason;
  }
}

export class GuestMemory {
  #memory: WebAssembly.Memory | null = null;
  #bytes = new Uint8Array(0);
  #view = new DataView(new ArrayBuffer(0));

  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
    this.refresh();
  }

  /** Must be called before the views are used: growing detaches them, which leaves them without a length. */
  refresh(): void {
    if (this.#bytes.length > 0 || this.#memory === null) return;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get view(): DataView {
    return this.#view;
  }

  /** Refuses a stretch that does not lie in the memory. Pointers and lengths count as unsigned 32-bit numbers. */
  within(pointer: number, length: number): number {
    const start = pointer >>> 0;
    if (start + length > this.#bytes.length) throw new CallRefused(errno.fault);
    return start;
  }

  setU32(pointer: number, value: number): void {
    this.#view.setUint32(pointer >>> 0, value, true);
  }

  /** A 64-bit number from a safe integer. */
  setU64(pointer: number, value: number): void {
    this.#view.setUint32(pointer >>> 0, value % 2 ** 32, true);
    this.#view.setUint32((pointer >>> 0) + 4, Math.floor(value / 2 ** 32), true);
  }
}
