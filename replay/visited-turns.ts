/**
 * Kernels of a replay that is left before its end: it answers from the log up to where somebody looks, and does not mind what the
 * log says of what comes behind.
 */
import { get, peek } from "../core/table.ts";
import { type GuestCall, type GuestEnd, GuestStopped, type TurnKernel } from "../guests/guest-kernel.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { ReplayKernel } from "./replay-kernel.ts";
import { ReplayTurns, WAITS } from "./replay-turns.ts";

const OVER = "the log ends here";

/** Of guests that take turns. */
export class VisitedTurns extends ReplayTurns {
  override answer(call: GuestCall): KernelEvent | null {
    const answer = this.tryAnswer(call);
    if (answer === WAITS) return null;
    if (answer === null) throw new GuestStopped(OVER);
    return answer;
  }
}

/** Of a guest that was alone, whose ticks nobody has counted: it has one turn, for all its life. */
export class VisitedGuest implements TurnKernel {
  readonly #replay: ReplayKernel;
  readonly #pid: number;

  constructor(replay: ReplayKernel, pid: number) {
    this.#replay = replay;
    this.#pid = pid;
  }

  get state(): KernelState {
    return this.#replay.state;
  }

  get bytes(): ByteSource {
    return this.#replay.bytes;
  }

  nextTurn(): { readonly pid: number; readonly quantum: number } | null {
    while (peek(this.state.processes.rows, this.#pid) === null) {
      if (this.#replay.peek(0) === null) return null;
      this.#replay.take();
    }
    return get(this.state.processes.rows, this.#pid).exitCode === -1 ? { pid: this.#pid, quantum: 0 } : null;
  }

  answer(call: GuestCall): KernelEvent {
    const answer = this.#replay.tryAnswer(call);
    if (answer === null) throw new GuestStopped(OVER);
    return answer;
  }

  refill(): number {
    return Number.POSITIVE_INFINITY;
  }

  handsOn(): boolean {
    return false;
  }

  preempted(): void {}

  suspended(): void {}

  end(pid: number, end: GuestEnd): void {
    if (!this.#replay.tryEnd(pid, end)) throw new GuestStopped(OVER);
  }
}
