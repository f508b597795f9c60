/** A machine whose guests take turns, on the kernel's thread: anew, on from where its power was cut, and again over its log. */
import type { ClockDevice } from "../devices/device.ts";
import type { GuestStopped, TurnKernel } from "../guests/guest-kernel.ts";
import { SuspendableGuest, type TransformedGuest } from "../guests/suspendable-guest.ts";
import { Turns } from "../guests/take-turns.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Diverged, type ReplayKernel } from "../replay/replay-kernel.ts";
import { ReplayTurns } from "../replay/replay-turns.ts";
import { startProgram } from "./boot.ts";
import type { LiveKernel } from "./live-kernel.ts";
import type { Waiter } from "./live-options.ts";
import { LiveTurns } from "./live-turns.ts";
import type { ThreadData } from "./messages.ts";
import { ResumingTurns } from "./resuming-turns.ts";

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

export function takeTurns(made: TransformedGuest, data: ThreadData, thread: ThreadParts): void {
  const guest = new SuspendableGuest(made);
  const run = (kernel: TurnKernel): GuestStopped | null => {
    const turns = new Turns(kernel, () => guest);
    thread.follow(kernel, () => turns.ticks);
    const stopped = turns.run();
    if (stopped instanceof Diverged) throw stopped;
    return stopped;
  };
  switch (data.mode) {
    case "run": {
      const { live, port, clock } = thread.goLive(initialState());
      live.together(() => startProgram(live, data.program));
      return thread.powerOff(live, run(new LiveTurns(live, port, clock)));
    }
    case "resume": {
      const replay = thread.replayKernel();
      const resuming = new ResumingTurns(new ReplayTurns(replay), () => {
        replay.drain();
        const { live, port, clock } = thread.goLive(replay.state);
        return new LiveTurns(live, port, clock);
      });
      const stopped = run(resuming);
      return thread.powerOff(resuming.live().kernel, stopped);
    }
    case "replay": {
      const replay = thread.replayKernel();
      run(new ReplayTurns(replay));
      replay.drain();
    }
  }
}
