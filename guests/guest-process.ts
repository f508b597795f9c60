/** A guest that shares the processor: it runs for a turn, and rests until the next one, its stack written down. */
import { invariant } from "../core/assert.ts";
import { GuestCaller } from "./guest-caller.ts";
import { GuestMemory } from "./guest-memory.ts";
import type { GuestEnd, TurnKernel } from "./guest-kernel.ts";
import { SUSPEND } from "./suspendable/instance-host.ts";
import { SuspendableInstance } from "./suspendable/suspendable-instance.ts";
import type { SuspendableGuest } from "./suspendable-guest.ts";
import type { RawArguments } from "./wasi/wasi-call.ts";

/** How a turn ended. `exited`: by a call that ended the guest. */
export type TurnEnd =
  | { readonly kind: "preempted" | "suspended" | "exited" }
  | { readonly kind: "ended"; readonly end: GuestEnd };

/** Thrown through a guest that a call has ended. */
const EXITED = new Error("the guest has ended");

export class GuestProcess {
  readonly #kernel: TurnKernel;
  readonly #pid: number;
  readonly #guest: SuspendableGuest;
  readonly #caller: GuestCaller;
  readonly #instance: SuspendableInstance;
  /** Ticks that were used when the segment began. */
  #begunAt = 0;
  #handsOn = false;

  constructor(kernel: TurnKernel, pid: number, guest: SuspendableGuest) {
    this.#kernel = kernel;
    this.#pid = pid;
    this.#guest = guest;
    const memory = new GuestMemory();
    this.#caller = new GuestCaller(kernel, pid, memory);
    this.#instance = new SuspendableInstance(guest.program, {
      call: (index, args) => this.#called(index, args),
      refill: () => kernel.refill(pid, this.ticks),
    });
    memory.attach(this.#instance.memory);
  }

  /** Ticks that it has used in this segment. */
  get ticks(): number {
    return this.#instance.ticksUsed - this.#begunAt;
  }

  /** Goes on for so many ticks; 0: without end. Throws what its kernel throws. */
  turn(quantum: number): TurnEnd {
    this.#begunAt = this.#instance.ticksUsed;
    const { pendingCall } = this.#instance;
    if (pendingCall !== null) {
      const errno = this.#ask(pendingCall.index, pendingCall.args, true);
      if (errno === null) return { kind: "suspended" };
      if (this.#caller.hasEnded) return { kind: "exited" };
      this.#instance.answer(errno);
    }
    try {
      return this.#run(quantum === 0 ? Number.POSITIVE_INFINITY : quantum - this.#instance.ticksLeft);
    } catch (error) {
      if (error === EXITED) return { kind: "exited" };
      throw error;
    }
  }

  #run(ticks: number): TurnEnd {
    const end = this.#instance.run(ticks);
    switch (end.kind) {
      case "returned":
        return { kind: "ended", end: { kind: "returned" } };
      case "trapped":
        return {
          kind: "ended",
          end: { kind: "trapped", ...this.#guest.trapOf(end.error, end.isStackExhausted) },
        };
      case "preempted":
        return { kind: "preempted" };
      case "waiting":
        if (!this.#handsOn) return { kind: "suspended" };
        this.#handsOn = false;
        this.#instance.answer(0);
        return { kind: "preempted" };
      default:
        return end satisfies never;
    }
  }

  #called(index: number, args: RawArguments): number | typeof SUSPEND {
    const errno = this.#ask(index, args, false);
    if (this.#caller.hasEnded) throw EXITED;
    if (errno === null) return SUSPEND;
    this.#handsOn = this.#caller.answer.type === "process/yielded" && this.#kernel.handsOn(this.#pid);
    if (!this.#handsOn) return errno;
    invariant(errno === 0, "a guest that yields has been answered");
    return SUSPEND;
  }

  #ask(index: number, args: RawArguments, isAgain: boolean): number | null {
    const { call, number } = this.#guest.calls[index] as SuspendableGuest["calls"][number];
    return this.#caller.ask(call, number, args, isAgain);
  }
}
