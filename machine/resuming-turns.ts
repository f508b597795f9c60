/** Guests take the turns that the log says, and from its end on those that a live kernel gives them. */
import type { GuestCall, GuestEnd, TurnKernel } from "../guests/guest-kernel.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { type ReplayTurns, WAITS } from "../replay/replay-turns.ts";
import type { LiveTurns } from "./live-turns.ts";

export class ResumingTurns<Live extends TurnKernel = LiveTurns> implements TurnKernel {
  readonly #replay: ReplayTurns;
  readonly #goLive: () => Live;
  #live: Live | null = null;

  constructor(replay: ReplayTurns, goLive: () => Live) {
    this.#replay = replay;
    this.#goLive = goLive;
  }

  get state(): KernelState {
    return (this.#live ?? this.#replay).state;
  }

  get bytes(): ByteSource {
    return (this.#live ?? this.#replay).bytes;
  }

  /** The kernel that lives, from now on at the latest. */
  live(): Live {
    this.#live ??= this.#goLive();
    return this.#live;
  }

  nextTurn(): { readonly pid: number; readonly quantum: number } | null {
    const replayed = this.#live === null ? this.#replay.tryTurn() : null;
    return replayed ?? this.live().nextTurn();
  }

  answer(call: GuestCall): KernelEvent | null {
    if (this.#live !== null) return this.#live.answer(call);
    const answer = this.#replay.tryAnswer(call);
    if (answer === WAITS) return null;
    return answer ?? this.live().answer(call);
  }

  refill(pid: number, ticks: number): number {
    if (this.#live !== null) return this.#live.refill(pid, ticks);
    return this.#replay.tryRefill(pid, ticks) ?? this.live().refill(pid, ticks);
  }

  handsOn(pid: number, ticks: number, hasYielded: boolean): boolean {
    const replayed = this.#live === null ? this.#replay.tryHandsOn(pid, ticks, hasYielded) : null;
    return replayed ?? this.live().handsOn(pid, ticks, hasYielded);
  }

  preempted(pid: number, ticks: number): void {
    if (this.#live === null && this.#replay.tryPreempted(pid, ticks)) return;
    this.live().preempted(pid, ticks);
  }

  suspended(pid: number, ticks: number): void {
    (this.#live ?? this.#replay).suspended(pid, ticks);
  }

  end(pid: number, end: GuestEnd): void {
    if (this.#live === null && this.#replay.tryEnd(pid, end)) return;
    this.live().end(pid, end);
  }
}
