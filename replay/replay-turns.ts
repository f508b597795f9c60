/**
 * The kernel of a replay of guests that take turns: whose turn it is, and when it ends, stands in the log. A guest that is given the
 * same ticks stops at the same place: what it has used is compared.
 */
import { invariant } from "../core/assert.ts";
import { type GuestCall, type GuestEnd, GuestStopped, type TurnKernel } from "../guests/guest-kernel.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { isToHandOn } from "../reducers/decide/schedule.ts";
import { ticksFor } from "../reducers/scheduler/scheduler-selectors.ts";
import { NextTurn } from "./next-turn.ts";
import type { Diverged, ReplayKernel } from "./replay-kernel.ts";

/** What a call has to do that is not answered yet. */
export const WAITS: unique symbol = Symbol("waits");

interface Turn {
  readonly pid: number;
  readonly quantum: number;
}

const OVER = "the log ends before the guests do";

export class ReplayTurns implements TurnKernel {
  readonly #replay: ReplayKernel;
  readonly #ticks: () => number;

  /** `ticks`: how many the guest that runs has used in its turn. */
  constructor(replay: ReplayKernel, ticks: () => number) {
    this.#replay = replay;
    this.#ticks = ticks;
  }

  get state(): KernelState {
    return this.#replay.state;
  }

  get bytes(): ByteSource {
    return this.#replay.bytes;
  }

  nextTurn(): Turn | null {
    return this.tryTurn();
  }

  /** As `nextTurn`; null also when the log ends first. */
  tryTurn(): Turn | null {
    for (let event = this.#replay.peek(0); event !== null; event = this.#replay.peek(0)) {
      if (event.call >= 0 || event.type === "process/preempted" || event.type === "process/suspended")
        throw this.#replay.diverged(event, "nothing: no guest had the processor");
      this.#replay.take();
      if (event.type === "process/scheduled") return { pid: event.pid, quantum: event.quantum };
    }
    return null;
  }

  answer(call: GuestCall): KernelEvent | null {
    const answer = this.tryAnswer(call);
    if (answer === WAITS) return null;
    // A recording that was cut off has no more to compare with, and the guest might never ask again.
    if (answer === null || this.#replay.peek(0) === null) throw new GuestStopped(OVER);
    return answer;
  }

  /** As `answer`; null when the log ends first. */
  tryAnswer(call: GuestCall): KernelEvent | typeof WAITS | null {
    this.#compareLast(call.pid);
    const event = this.#replay.tryAnswer(call);
    if (event !== null) return event;
    return this.#replay.peek(0)?.type === "process/suspended" ? WAITS : null;
  }

  refill(pid: number, ticks: number): number {
    const more = this.tryRefill(pid, ticks);
    if (more === null) throw new GuestStopped(OVER);
    return more;
  }

  /** As `refill`; null when the log ends first. */
  tryRefill(pid: number, ticks: number): number | null {
    for (let distance = 0; ; distance += 1) {
      const event = this.#replay.peek(distance);
      if (event === null) return null;
      if (event.type === "process/preempted" && event.ticks === ticks) return 0;
      if (isCounted(event) && event.ticks < ticks)
        throw this.#divergedBehind(distance, event, `a turn that goes on after ${ticks} ticks`);
      // Another process may be ended by this one, in a call that is still to come; whoever stops the machine ends all.
      if (event.type === "process/killed" && event.call < 0 && event.pid === pid)
        this.#replay.stop("the log says that the machine was stopped");
      if (event.call >= 0 || isTurnEnd(event)) return this.#more(pid, ticks);
    }
  }

  #more(pid: number, ticks: number): number {
    const { scheduler } = this.state;
    invariant(scheduler !== undefined, "guests take turns only where that was said");
    return Math.max(0, ticksFor(scheduler, pid, ticks));
  }

  handsOn(pid: number, ticks: number, hasYielded: boolean): boolean {
    const { scheduler } = this.state;
    const inLog = this.tryHandsOn(pid, ticks, hasYielded);
    return inLog ?? (scheduler !== undefined && isToHandOn(scheduler, pid, hasYielded));
  }

  /**
   * As `handsOn`, by how the log goes on: what follows from the answer stands in between, and may be why. (That the turn ends after the
   * same ticks is not enough: one that has overdrawn ends at its next look at them.) Null when the log ends first.
   */
  tryHandsOn(pid: number, ticks: number, hasYielded: boolean): boolean | null {
    const next = new NextTurn(this.state, pid);
    for (let distance = 0; ; distance += 1) {
      const event = this.#replay.peek(distance);
      if (event === null) return null;
      if (event.type === "process/preempted")
        return event.pid === pid && event.ticks === ticks && next.handsOn(hasYielded);
      if (event.call >= 0 || isTurnEnd(event)) return false;
      next.hear(event);
    }
  }

  preempted(pid: number, ticks: number): void {
    if (!this.tryPreempted(pid, ticks)) throw new GuestStopped(OVER);
  }

  /** As `preempted`; false when the log ends first. */
  tryPreempted(pid: number, ticks: number): boolean {
    return this.#tryTurnEnd("process/preempted", pid, ticks);
  }

  suspended(pid: number, ticks: number): void {
    if (!this.#tryTurnEnd("process/suspended", pid, ticks)) throw new GuestStopped(OVER);
  }

  #tryTurnEnd(type: "process/preempted" | "process/suspended", pid: number, ticks: number): boolean {
    for (let event = this.#replay.peek(0); event !== null; event = this.#replay.peek(0)) {
      const isIt = event.type === type && event.pid === pid && event.ticks === ticks;
      if (!isIt && (event.call >= 0 || isTurnEnd(event)))
        throw this.#replay.diverged(event, `${type}, after ${ticks} ticks`);
      this.#replay.take();
      if (isIt) return true;
    }
    return false;
  }

  end(pid: number, end: GuestEnd): void {
    this.#compareLast(pid);
    this.#replay.end(pid, end);
  }

  tryEnd(pid: number, end: GuestEnd): boolean {
    this.#compareLast(pid);
    return this.#replay.tryEnd(pid, end);
  }

  /** What to throw for an event that stands so many behind the next one. */
  #divergedBehind(distance: number, event: KernelEvent, got: string): Diverged {
    for (let left = distance; left > 0; left -= 1) this.#replay.take();
    return this.#replay.diverged(event, got);
  }

  /** Where the log says next what the last turn of a process came to: it came to as much again. */
  #compareLast(pid: number): void {
    for (let distance = 0; ; distance += 1) {
      const event = this.#replay.peek(distance);
      if (event === null || event.call >= 0 || event.type === "process/killed") return;
      if (event.type === "process/accounted") {
        if (event.pid !== pid || event.ticks === this.#ticks()) return;
        throw this.#divergedBehind(
          distance,
          event,
          `the end of process ${pid}, after ${this.#ticks()} ticks`,
        );
      }
      if (isTurnEnd(event)) return;
    }
  }
}

/** Whether the event says how many ticks a turn had used that ends with it. */
const isCounted = (event: KernelEvent): event is KernelEvent & { readonly ticks: number } =>
  event.type === "process/preempted" ||
  event.type === "process/suspended" ||
  event.type === "process/accounted";

const isTurnEnd = (event: KernelEvent): boolean =>
  isCounted(event) ||
  event.type === "process/exited" ||
  event.type === "process/trapped" ||
  event.type === "process/scheduled";
