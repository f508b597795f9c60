/** Looks into guests at a moment of their recording: they are run again up to there, from the nearest image. */
import { invariant } from "../core/assert.ts";
import { peek } from "../core/table.ts";
import { GuestStopped, type TurnKernel } from "../guests/guest-kernel.ts";
import type { Pauses } from "../guests/pauses.ts";
import type { Turns } from "../guests/take-turns.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { Diverged, type ReplayKernel } from "../replay/replay-kernel.ts";
import { VisitedGuest, VisitedTurns } from "../replay/visited-turns.ts";
import type { GuestAnswer, GuestAsk, GuestLook, LookSpec } from "./messages.ts";

const FIRST_PID = 1;
/** More is not sent in one piece. */
const MAX_MEMORY_BYTES = 1 << 28;

type MakeTurns = (kernel: TurnKernel, pauses: Pauses) => Turns;

export function lookInto(spec: LookSpec, replay: ReplayKernel, makeTurns: MakeTurns): GuestLook {
  const kernel = spec.isAlone
    ? new VisitedGuest(replay, FIRST_PID)
    : new VisitedTurns(replay, (): number => turns.ticks);
  const turns: Turns = makeTurns(kernel, {
    isDue: (inside) => !inside && replay.reach(spec.event + 1),
    take: () => {
      throw new GuestStopped("the moment is reached");
    },
  });
  const stopped = turns.run();
  if (stopped instanceof Diverged) throw stopped;
  invariant(replay.state.seq === spec.event + 1, "guests rest at any moment of their log");
  const pid = runningIn(replay.state, spec.isAlone);
  const ticks = spec.ticks === 0 || pid === 0 ? 0 : turns.step(pid, spec.ticks);
  const why = ticks < spec.ticks ? outside(spec, pid, ticks) : null;
  const answers = spec.asks.map(
    (ask): GuestAnswer => (why === null ? answerTo(turns, replay.state, ask) : { kind: "refused", why }),
  );
  return { pid, ticks, answers };
}

function runningIn({ scheduler, processes }: KernelState, isAlone: boolean): number {
  if (!isAlone) return scheduler?.running ?? 0;
  return peek(processes.rows, FIRST_PID)?.exitCode === -1 ? FIRST_PID : 0;
}

const outside = ({ event, ticks }: LookSpec, pid: number, used: number): string =>
  pid === 0
    ? `no guest runs after event ${event}`
    : `after event ${event}, process ${pid} has ${used} ticks up to its next call or its end, not ${ticks}`;

function answerTo(turns: Turns, { processes }: KernelState, ask: GuestAsk): GuestAnswer {
  const refused = (why: string): GuestAnswer => ({ kind: "refused", why });
  const row = peek(processes.rows, ask.pid);
  if (row === null) return refused(`there is no process ${ask.pid} then`);
  if (row.exitCode !== -1) return refused(`process ${ask.pid} has ended by then`);
  const resting = turns.resting(ask.pid);
  if (resting === null) return refused(`process ${ask.pid} has not run by then`);
  if (ask.kind === "stack")
    return { kind: "stack", call: resting.call, frames: resting.guest.framesOf(resting.stack) };
  const { address, length } = ask;
  const { memory } = resting;
  if (length > MAX_MEMORY_BYTES) return refused(`at most ${MAX_MEMORY_BYTES} bytes can be shown at once`);
  if (address + length > memory.length)
    return refused(`the memory of process ${ask.pid} has ${memory.length} bytes then`);
  return { kind: "memory", bytes: memory.slice(address, address + length) };
}
