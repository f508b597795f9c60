/** A machine whose guests take turns, on the kernel's thread: anew, on from where its power was cut, and again over its log. */
import { invariant } from "../core/assert.ts";
import { get } from "../core/table.ts";
import type { ClockDevice } from "../devices/device.ts";
import type { GuestStopped, TurnKernel } from "../guests/guest-kernel.ts";
import { SuspendableGuest } from "../guests/suspendable-guest.ts";
import { Turns } from "../guests/take-turns.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Diverged, type ReplayKernel } from "../replay/replay-kernel.ts";
import { ReplayTurns } from "../replay/replay-turns.ts";
import { startProgram } from "./boot.ts";
import type { LiveKernel } from "./live-kernel.ts";
import type { Waiter } from "./live-options.ts";
import { LiveTurns } from "./live-turns.ts";
import type { BootSpec, ThreadData } from "./messages.ts";
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
  replayKernel(): ReplayKernel;
  follow(kernel: { readonly state: KernelState }, ticks: () => number): void;
  powerOff(live: LiveKernel, stopped: GuestStopped | null): void;
}

export function takeTurns(guests: readonly TurnGuest[], data: ThreadData, thread: ThreadParts): void {
  const compiled = new CompiledGuests(guests);
  let ticks = (): number => 0;
  const replayTurns = (replay: ReplayKernel): ReplayTurns => new ReplayTurns(replay, () => ticks());
  const run = (kernel: TurnKernel): GuestStopped | null => {
    const turns = new Turns(kernel, (pid) => compiled.of(kernel.state, pid));
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
      return thread.powerOff(live, run(new LiveTurns(live, port, clock, supervisor)));
    }
    case "resume": {
      const replay = thread.replayKernel();
      const { machine } = data;
      const resuming = new ResumingTurns(replayTurns(replay), () => {
        replay.drain();
        const { live, port, clock } = thread.goLive(replay.state);
        const supervisor = machine === null ? null : Supervisor.resume(live, machine);
        const turns = new LiveTurns(live, port, clock, supervisor);
        turns.wakeReady();
        return turns;
      });
      const stopped = run(resuming);
      return thread.powerOff(resuming.live().kernel, stopped);
    }
    case "replay": {
      const replay = thread.replayKernel();
      run(replayTurns(replay));
      replay.drain();
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
