/** A guest that shares the processor: it runs for a turn, and rests until the next one, its stack written down. */
import { callName } from "./call-table.ts";
import { GuestCaller } from "./guest-caller.ts";
import { GuestMemory } from "./guest-memory.ts";
import type { GuestEnd, TurnKernel } from "./guest-kernel.ts";
import type { GuestImage, Pauses } from "./pauses.ts";
import { type InstanceHost, SUSPEND } from "./suspendable/instance-host.ts";
import { SuspendableInstance } from "./suspendable/suspendable-instance.ts";
import type { SuspendableGuest } from "./suspendable-guest.ts";
import type { RawArguments } from "./wasi/wasi-call.ts";

/** How a turn ended. `exited`: by a call that ended the guest; `paused`: it did not, see goOn. */
export type TurnEnd =
  | { readonly kind: "preempted" | "suspended" | "exited" | "paused" }
  | { readonly kind: "ended"; readonly end: GuestEnd };

/** Thrown through a guest that a call has ended. */
const EXITED = new Error("the guest has ended");

/** A guest that rests, to be looked into. */
export interface RestingGuest {
  readonly memory: Uint8Array;
  /** Its frames, innermost first: see borrowed-region.ts. */
  readonly stack: Uint8Array;
  /** The function that it has called and waits for; null if none. */
  readonly call: string | null;
  readonly guest: SuspendableGuest;
}

export interface GuestParts {
  readonly kernel: TurnKernel;
  readonly pid: number;
  readonly guest: SuspendableGuest;
  readonly pauses: Pauses | null;
  /** What it goes on from; null if it is new. */
  readonly image: GuestImage | null;
}

export class GuestProcess {
  readonly #kernel: TurnKernel;
  readonly #pid: number;
  readonly #guest: SuspendableGuest;
  readonly #caller: GuestCaller;
  readonly #instance: SuspendableInstance;
  readonly #pauses: Pauses | null;
  /** Ticks that were used when the segment began. */
  #begunAt = 0;
  /** Why it rests after a call that was answered; null if none made it rest. */
  #rests: "hands on" | "pauses" | null = null;
  /** Ticks that it gets when it goes on, where a pause came when its ticks were used up. */
  #refilled = 0;
  /** What the call was answered in which it rests. */
  #errno = 0;
  #hasChanged = true;
  /** Whether its next call, and the end of its ticks, stop it without anybody hearing of it. */
  #isLookedInto = false;

  constructor({ kernel, pid, guest, pauses, image }: GuestParts) {
    this.#kernel = kernel;
    this.#pid = pid;
    this.#guest = guest;
    this.#pauses = pauses;
    const memory = new GuestMemory();
    this.#caller = new GuestCaller(kernel, pid, memory);
    const host: InstanceHost = {
      call: (index, args) => this.#called(index, args),
      refill: () => this.#refill(),
    };
    this.#instance =
      image === null
        ? new SuspendableInstance(guest.program, host)
        : SuspendableInstance.restore(guest.program, image.image, { host });
    if (image !== null) {
      this.#begunAt = image.begunAt;
      this.#hasChanged = false;
    }
    memory.attach(this.#instance.memory);
  }

  /** It as it is, at rest, with what has changed since the last time; null if it has not run since. */
  image(): GuestImage | null {
    if (!this.#hasChanged) return null;
    this.#hasChanged = false;
    return { pid: this.#pid, begunAt: this.#begunAt, image: this.#instance.image() };
  }

  /** Ticks that it has used in this segment. */
  get ticks(): number {
    return this.#instance.ticksUsed - this.#begunAt;
  }

  /** Goes on for so many ticks; 0: without end. Throws what its kernel throws. */
  turn(quantum: number): TurnEnd {
    this.#hasChanged = true;
    this.#begunAt = this.#instance.ticksUsed;
    const ticks = quantum === 0 ? Number.POSITIVE_INFINITY : quantum - this.#instance.ticksLeft;
    if (ticks > 0) this.#instance.grant(ticks);
    // What an earlier turn was granted and has not used is more than this one has.
    else if (ticks < 0) this.#instance.hold(quantum);
    return this.#pauses?.isDue(false) === true ? { kind: "paused" } : this.goOn();
  }

  /** Goes on with its turn, at its beginning or after a pause. */
  goOn(): TurnEnd {
    this.#hasChanged = true;
    const { pendingCall } = this.#instance;
    if (pendingCall !== null) {
      const errno = this.#ask(pendingCall.index, pendingCall.args, true);
      if (errno === null) return { kind: "suspended" };
      if (this.#caller.hasEnded) return { kind: "exited" };
      this.#instance.answer(errno);
      if (this.#handsOn()) return { kind: "preempted" };
      if (this.#pauses?.isDue(false) === true) return { kind: "paused" };
    }
    try {
      return this.#run();
    } catch (error) {
      if (error === EXITED) return { kind: "exited" };
      throw error;
    }
  }

  /**
   * Runs for so many ticks, or up to its next call or its end, and rests there; how many it has used. For whoever looks into it:
   * no kernel hears of it.
   */
  step(ticks: number): number {
    if (this.#instance.pendingCall !== null) return 0;
    const from = this.#instance.ticksUsed;
    const left = this.#instance.hold(ticks);
    this.#isLookedInto = true;
    this.#instance.run(0);
    this.#isLookedInto = false;
    const used = this.#instance.ticksUsed - from;
    this.#instance.hold(left - used);
    return used;
  }

  /** It as it rests. */
  get resting(): RestingGuest {
    const { memory, pendingCall } = this.#instance;
    return {
      memory: new Uint8Array(memory.buffer),
      stack: this.#instance.stackImage(),
      call: pendingCall === null ? null : callName(this.#callAt(pendingCall.index).number),
      guest: this.#guest,
    };
  }

  #run(): TurnEnd {
    const end = this.#instance.run(0);
    switch (end.kind) {
      case "returned":
        return { kind: "ended", end: { kind: "returned" } };
      case "trapped":
        return {
          kind: "ended",
          end: { kind: "trapped", ...this.#guest.trapOf(end.error, end.isStackExhausted) },
        };
      case "preempted":
        if (this.#refilled === 0) return { kind: "preempted" };
        this.#instance.grant(this.#refilled);
        this.#refilled = 0;
        return { kind: "paused" };
      case "waiting":
        return { kind: this.#answered() };
      default:
        return end satisfies never;
    }
  }

  #called(index: number, args: RawArguments): number | typeof SUSPEND {
    if (this.#isLookedInto) return SUSPEND;
    const errno = this.#ask(index, args, false);
    if (this.#caller.hasEnded) throw EXITED;
    if (errno === null) return SUSPEND;
    if (this.#handsOn()) this.#rests = "hands on";
    else if (this.#pauses?.isDue(false) === true) this.#rests = "pauses";
    else return errno;
    this.#errno = errno;
    return SUSPEND;
  }

  /** Whether its last call, which was answered, has made it another one's turn. */
  #handsOn(): boolean {
    const hasYielded = this.#caller.answer.type === "process/yielded";
    return this.#kernel.handsOn(this.#pid, this.ticks, hasYielded);
  }

  /** How the turn ends of one that rests in a call. */
  #answered(): "suspended" | "preempted" | "paused" {
    const why = this.#rests;
    if (why === null) return "suspended";
    this.#rests = null;
    this.#instance.answer(this.#errno);
    return why === "hands on" ? "preempted" : "paused";
  }

  #refill(): number {
    if (this.#isLookedInto) return 0;
    // It may have used more than it had, and one quantum does not make up for that.
    let more = 0;
    while (this.#instance.ticksLeft + more <= 0) {
      const given = this.#kernel.refill(this.#pid, this.ticks);
      if (given <= 0) return 0;
      more += given;
    }
    if (this.#pauses?.isDue(true) !== true) return more;
    this.#refilled = more;
    return 0;
  }

  #callAt(index: number): SuspendableGuest["calls"][number] {
    return this.#guest.calls[index] as SuspendableGuest["calls"][number];
  }

  #ask(index: number, args: RawArguments, isAgain: boolean): number | null {
    const { call, number } = this.#callAt(index);
    return this.#caller.ask(call, number, args, isAgain);
  }
}
