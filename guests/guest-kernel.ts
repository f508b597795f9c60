import type { RefusalReason } from "../core/refusal-reason.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { Request } from "../reducers/decide/request.ts";
import type { GuestMemory } from "./guest-memory.ts";
import type { ByteSource, RawArguments } from "./wasi/wasi-call.ts";

/** One call of a guest, judged. */
export interface GuestCall {
  readonly pid: number;
  /** The function's number in the table of calls. */
  readonly number: number;
  readonly args: RawArguments;
  /** What is asked; null if its bytes were malformed, and then `refused` is the errno, with its reason. */
  readonly request: Request | null;
  readonly refused: number;
  readonly reason: RefusalReason;
  readonly digest: number;
  readonly memory: GuestMemory;
  /** Whether it was asked before, and had to wait. */
  readonly isAgain: boolean;
}

/** How a guest ended on its own account. */
export type GuestEnd =
  | { readonly kind: "returned" }
  | { readonly kind: "trapped"; readonly message: string; readonly stack: readonly string[] };

/** What answers a guest: the live kernel, or the log of one that was. */
export interface GuestKernel {
  readonly state: KernelState;
  readonly bytes: ByteSource;
  /** The event that answers the call; null if the guest has to wait. Throws GuestStopped when it is not to go on. */
  answer(call: GuestCall): KernelEvent | null;
  /** The guest came to its end without a call. */
  end(pid: number, end: GuestEnd): void;
}

/** What gives several guests their turns. Ticks are of the segment: what was used since the guest was given the processor. */
export interface TurnKernel extends GuestKernel {
  /** Who has the processor next, and for how many ticks (0: no bound); null when there is nobody any more. */
  nextTurn(): { readonly pid: number; readonly quantum: number } | null;
  /** Its ticks are used up: how many more, 0 if it is another one's turn. */
  refill(pid: number, ticks: number): number;
  /**
   * Whether a guest that was answered is to hand on the processor, after so many ticks: somebody with a higher priority is ready, or
   * it yielded, and somebody else is.
   */
  handsOn(pid: number, ticks: number, hasYielded: boolean): boolean;
  preempted(pid: number, ticks: number): void;
  suspended(pid: number, ticks: number): void;
}

/** The guest is not to go on: the machine stops, the replay diverged, or the log is at its end. */
export class GuestStopped extends Error {
  override readonly name = "GuestStopped";
}
