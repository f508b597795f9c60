/** A machine whose guests take turns, on the kernel's thread: anew, on from where its power was cut, and again over its log. */
import type { ClockDevice } from "../devices/device.ts";
import type { GuestStopped, TurnKernel } from "../guests/guest-kernel.ts";
import type { GuestImage, Pauses } from "../guests/pauses.ts";
import { Turns, type TurnsOptions } from "../guests/take-turns.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { ImageChecker } from "../replay/image-checker.ts";
import { Diverged, type ReplayKernel } from "../replay/replay-kernel.ts";
import { ReplayTurns } from "../replay/replay-turns.ts";
import { startProgram } from "./boot.ts";
import type { Fork } from "./fork/fork.ts";
import type { ForkResult, ProofResult } from "./fork/fork-spec.ts";
import { ForkTurns } from "./fork/fork-turns.ts";
import type { LiveKernel } from "./live-kernel.ts";
import type { Waiter } from "./live-options.ts";
import { LiveTurns } from "./live-turns.ts";
import { lookInto } from "./look-into.ts";
import { CompiledGuests } from "./compiled-guests.ts";
import type { MachineSpec } from "./machine-spec.ts";
import type { BootSpec, GuestLook, LookSpec, ThreadData } from "./messages.ts";
import type { TurnGuest } from "./program.ts";
import { ResumingTurns } from "./resuming-turns.ts";
import { Supervisor } from "./supervisor.ts";

/** What the thread has to give. */
export interface ThreadParts {
  goLive(state: KernelState): {
    readonly live: LiveKernel;
    readonly port: Waiter;
    readonly clock: ClockDevice;
  };
  /** A replay from the image at a seq, and the guests of that; null: from the beginning. */
  replayFrom(seq: number | null): {
    readonly replay: ReplayKernel;
    readonly images: Map<number, GuestImage>;
  };
  /** Who takes images of a machine that lives; null if nobody is to. */
  imageTaker(seq: () => number): Pauses | null;
  /** A fork of what a replay has come to. */
  forkOf(replay: ReplayKernel): Fork;
  forked(result: ForkResult): void;
  /** A fork of a recording from its beginning, for another boot. */
  narrowed(): Fork;
  proved(result: ProofResult): void;
  follow(kernel: { readonly state: KernelState }, ticks: () => number): void;
  powerOff(live: LiveKernel, stopped: GuestStopped | null): void;
}

/** Runs the machine of this thread, in its mode. What was seen, where that is what it was for. */
export const takeTurns = (
  guests: readonly TurnGuest[],
  data: ThreadData,
  thread: ThreadParts,
): GuestLook | null => new TurningThread(guests, thread).run(data);

class TurningThread {
  readonly #thread: ThreadParts;
  readonly #compiled: CompiledGuests;
  #ticks = (): number => 0;

  constructor(guests: readonly TurnGuest[], thread: ThreadParts) {
    this.#thread = thread;
    this.#compiled = new CompiledGuests(guests);
  }

  run(data: ThreadData): GuestLook | null {
    switch (data.mode) {
      case "run":
        this.#begin(data.boot);
        return null;
      case "resume":
        this.#resume(data.machine, data.imageSeq);
        return null;
      case "replay":
        this.#replay();
        return null;
      case "look":
        return this.#look(data);
      case "fork":
        this.#fork(data.machine, data.imageSeq);
        return null;
      case "prove":
        this.#prove(data.boot);
        return null;
    }
  }

  #turnsOf(kernel: TurnKernel, options: TurnsOptions): Turns {
    return new Turns(kernel, (pid) => this.#compiled.of(kernel.state, pid), options);
  }

  #take(kernel: TurnKernel, options: TurnsOptions): GuestStopped | null {
    const turns = this.#turnsOf(kernel, options);
    this.#ticks = () => turns.ticks;
    this.#thread.follow(kernel, this.#ticks);
    const stopped = turns.run();
    if (stopped instanceof Diverged) throw stopped;
    return stopped;
  }

  #begin(boot: BootSpec): void {
    const { live, port, clock } = this.#thread.goLive(initialState());
    const supervisor = begin(live, boot);
    const pauses = this.#thread.imageTaker(() => live.state.seq);
    const turns = new LiveTurns(live, port, clock, supervisor);
    this.#thread.powerOff(live, this.#take(turns, { pauses, images: new Map() }));
  }

  #resume(machine: MachineSpec | null, imageSeq: number | null): void {
    const { replay, images } = this.#thread.replayFrom(imageSeq);
    let taker: Pauses | null = null;
    const resuming = new ResumingTurns(this.#replayTurns(replay), () => {
      replay.drain();
      const { live, port, clock } = this.#thread.goLive(replay.state);
      const supervisor = machine === null ? null : Supervisor.resume(live, machine);
      const turns = new LiveTurns(live, port, clock, supervisor);
      turns.wakeReady();
      taker = this.#thread.imageTaker(() => live.state.seq);
      return turns;
    });
    const pauses: Pauses = {
      isDue: (inside) => taker?.isDue(inside) === true,
      take: (guests) => taker?.take(guests),
    };
    const stopped = this.#take(resuming, { pauses, images });
    this.#thread.powerOff(resuming.live().kernel, stopped);
  }

  #replay(): void {
    const { replay } = this.#thread.replayFrom(null);
    const pauses = new ImageChecker(replay);
    this.#take(this.#replayTurns(replay), { pauses, images: new Map() });
    replay.drain();
    pauses.judgeEnd();
  }

  #replayTurns(replay: ReplayKernel): ReplayTurns {
    return new ReplayTurns(replay, () => this.#ticks());
  }

  #fork(machine: MachineSpec | null, imageSeq: number | null): void {
    const { replay, images } = this.#thread.replayFrom(imageSeq);
    const resuming = new ResumingTurns(this.#replayTurns(replay), () => {
      replay.drain();
      const fork = this.#thread.forkOf(replay);
      const live = fork.goLive(replay.state, () => this.#ticks());
      const supervise = (): Supervisor | null => {
        if (machine === null) return null;
        const resumed = Supervisor.resume(live, machine, fork.endedAt());
        resumed.settle();
        return resumed;
      };
      const supervisor = fork.course.insert(supervise);
      return new ForkTurns(live, fork, supervisor);
    });
    const stopped = this.#take(resuming, { pauses: null, images });
    this.#thread.forked(resuming.live().fork.result(stopped));
  }

  #prove(boot: BootSpec): void {
    const fork = this.#thread.narrowed();
    const { live, proof } = fork.goNarrowed(() => this.#ticks());
    this.#take(new ForkTurns(live, fork, begin(live, boot)), { pauses: null, images: new Map() });
    this.#thread.proved(proof.result());
  }

  #look(spec: LookSpec & { readonly imageSeq: number | null }): GuestLook {
    const { replay, images } = this.#thread.replayFrom(spec.imageSeq);
    return lookInto(spec, replay, (kernel, pauses) => this.#turnsOf(kernel, { pauses, images }));
  }
}

function begin(live: LiveKernel, boot: BootSpec): Supervisor | null {
  if (boot.kind === "machine") return Supervisor.begin(live, boot.machine);
  live.together(() => startProgram(live, boot.program));
  return null;
}
