/** A machine whose guests take turns, on the kernel's thread: anew, on from where its power was cut, and again over its log. */
import { invariant } from "../core/assert.ts";
import { get } from "../core/table.ts";
import type { ClockDevice } from "../devices/device.ts";
import type { GuestStopped, TurnKernel } from "../guests/guest-kernel.ts";
import { SuspendableGuest } from "../guests/suspendable-guest.ts";
import type { GuestImage, Pauses } from "../guests/pauses.ts";
import { Turns, type TurnsOptions } from "../guests/take-turns.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { ImageChecker } from "../replay/image-checker.ts";
import { Diverged, type ReplayKernel } from "../replay/replay-kernel.ts";
import { ReplayTurns } from "../replay/replay-turns.ts";
import { startProgram } from "./boot.ts";
import type { LiveKernel } from "./live-kernel.ts";
import type { Waiter } from "./live-options.ts";
import { LiveTurns } from "./live-turns.ts";
import { lookInto } from "./look-into.ts";
import type { BootSpec, GuestLook, ThreadData } from "./messages.ts";
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
    readonly images: ReadonlyMap<number, GuestImage>;
  };
  /** Who takes images of a machine that lives; null if nobody is to. */
  imageTaker(seq: () => number): Pauses | null;
  follow(kernel: { readonly state: KernelState }, ticks: () => number): void;
  powerOff(live: LiveKernel, stopped: GuestStopped | null): void;
}

/** What was seen, where that is what it was for. */
export function takeTurns(
  guests: readonly TurnGuest[],
  data: ThreadData,
  thread: ThreadParts,
): GuestLook | null {
  const compiled = new CompiledGuests(guests);
  const guestOf =
    (kernel: TurnKernel) =>
    (pid: number): SuspendableGuest =>
      compiled.of(kernel.state, pid);
  let ticks = (): number => 0;
  const replayTurns = (replay: ReplayKernel): ReplayTurns => new ReplayTurns(replay, () => ticks());
  const run = (kernel: TurnKernel, options?: TurnsOptions): GuestStopped | null => {
    const turns = new Turns(kernel, guestOf(kernel), options);
    ticks = () => turns.ticks;
    thread.follow(kernel, () => turns.ticks);
    const stopped = turns.run();
    if (stopped instanceof Diverged) throw stopped;
    return stopped;
  };
  switch (data.mode) {
    case "run": {
      const { live, port, clock } = thread.goLive(initialState());
      const supervisor = begin(live, data.boot);
      const pauses = thread.imageTaker(() => live.state.seq);
      const turns = new LiveTurns(live, port, clock, supervisor);
      thread.powerOff(live, run(turns, { pauses, images: new Map() }));
      return null;
    }
    case "resume": {
      const { machine, imageSeq } = data;
      const { replay, images } = thread.replayFrom(imageSeq);
      let taker: Pauses | null = null;
      const resuming = new ResumingTurns(replayTurns(replay), () => {
        replay.drain();
        const { live, port, clock } = thread.goLive(replay.state);
        const supervisor = machine === null ? null : Supervisor.resume(live, machine);
        const turns = new LiveTurns(live, port, clock, supervisor);
        turns.wakeReady();
        taker = thread.imageTaker(() => live.state.seq);
        return turns;
      });
      const pauses: Pauses = {
        isDue: (inside) => taker?.isDue(inside) === true,
        take: (guests) => taker?.take(guests),
      };
      const stopped = run(resuming, { pauses, images });
      thread.powerOff(resuming.live().kernel, stopped);
      return null;
    }
    case "replay": {
      const { replay } = thread.replayFrom(null);
      run(replayTurns(replay), { pauses: new ImageChecker(replay), images: new Map() });
      replay.drain();
      return null;
    }
    case "look": {
      const { replay, images } = thread.replayFrom(data.imageSeq);
      return lookInto(
        data,
        replay,
        (kernel, pauses) => new Turns(kernel, guestOf(kernel), { pauses, images }),
      );
    }
  }
}

function begin(live: LiveKernel, boot: BootSpec): Supervisor | null {
  if (boot.kind === "machine") return Supervisor.begin(live, boot.machine);
  live.together(() => startProgram(live, boot.program));
  return null;
}

/** The programs of a machine, each compiled when the first of its processes has its first turn. */
class CompiledGuests {
  readonly #guests: readonly TurnGuest[];
  readonly #compiled = new Map<TurnGuest, SuspendableGuest>();

  constructor(guests: readonly TurnGuest[]) {
    this.#guests = guests;
  }

  of({ processes }: KernelState, pid: number): SuspendableGuest {
    const { program, memoryPages } = get(processes.rows, pid);
    const made = this.#guests.find((one) => one.sha === program && one.memoryPages === memoryPages);
    invariant(made !== undefined, "the program of each process was prepared");
    const known = this.#compiled.get(made) ?? new SuspendableGuest(made);
    this.#compiled.set(made, known);
    return known;
  }
}
