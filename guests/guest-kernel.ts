import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { Request } from "../reducers/decide/request.ts";
import type { GuestMemory } from "./guest-memory.ts";
import type { ByteSource, RawArguments } from "./wasi/wasi-call.ts";

/** One call of a guest, judged. */
export interface GuestCall {
  readonly pid: number;
  /** The function's number in the WASI table. */
  readonly number: number;
  readonly args: RawArguments;
  /** What is asked; null if its bytes were malformed, and then `refused` is the errno. */
  readonly request: Request | null;
  readonly refused: number;
  readonly digest: number;
  readonly memory: GuestMemory;
}

/** How a guest ended on its own account. */
export type GuestEnd =
  | { readonly kind: "returned" }
  | { readonly kind: "trapped"; readonly message: string; readonly stack: readonly string[] };

/** What answers a guest: the live kernel, or the log of one that was. */
export interface GuestKernel {
  readonly state: KernelState;
  readonly bytes: ByteSource;
  /** The event that answers the call. Throws GuestStopped when the guest is not to go on. */
  answer(call: GuestCall): KernelEvent;
  /** The guest came to its end without a call. */
  end(pid: number, end: GuestEnd): void;
}

/** The guest is not to go on: the machine stops, the replay diverged, or the log is at its end. */
export class GuestStopped extends Error {
  override readonly name = "GuestStopped";
}
