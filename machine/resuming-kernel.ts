/** Answers from the log as long as there is one, and from there on lives: how a machine goes on after its power was cut. */
import type { GuestCall, GuestEnd, GuestKernel } from "../guests/guest-kernel.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { ReplayKernel } from "../replay/replay-kernel.ts";
import type { LiveKernel } from "./live-kernel.ts";

/** A kernel that answers at once, as guests that are alone need it. */
interface Answering extends GuestKernel {
  answer(call: GuestCall): KernelEvent;
}

export class ResumingKernel<Live extends Answering = LiveKernel> implements GuestKernel {
  readonly #replay: ReplayKernel;
  readonly #goLive: (state: KernelState) => Live;
  #live: Live | null = null;

  constructor(replay: ReplayKernel, goLive: (state: KernelState) => Live) {
    this.#replay = replay;
    this.#goLive = goLive;
  }

  get state(): KernelState {
    return (this.#live ?? this.#replay).state;
  }

  get bytes(): ByteSource {
    return (this.#live ?? this.#replay).bytes;
  }

  answer(call: GuestCall): KernelEvent {
    return this.#live?.answer(call) ?? this.#replay.tryAnswer(call) ?? this.live().answer(call);
  }

  end(pid: number, end: GuestEnd): void {
    if (this.#live === null && this.#replay.tryEnd(pid, end)) return;
    this.live().end(pid, end);
  }

  /** The kernel that lives, from now on at the latest. */
  live(): Live {
    if (this.#live === null) {
      // A power-on may stand behind the guest's end: the machine was resumed only to be switched off, and lost its power again.
      this.#replay.drain();
      this.#live = this.#goLive(this.#replay.state);
    }
    return this.#live;
  }
}
