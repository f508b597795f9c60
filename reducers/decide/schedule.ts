/**
 * Decides whose turn it is, and who need not wait any longer. As all deciders: it looks at the state and changes nothing, and what it
 * decides becomes facts.
 */
import { get, peek, rowsOf } from "../../core/table.ts";
import { seededRandom } from "../../core/random.ts";
import type { KernelEvent } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { roomIn } from "../pipes/pipe-selectors.ts";
import { awaitedOf, CONSOLE_INPUT, readable, writable } from "../scheduler/awaited.ts";
import { dueTimers, ticksFor, waitersOf } from "../scheduler/scheduler-selectors.ts";
import type { SchedulerState } from "../scheduler/scheduler-state.ts";

export interface Turn {
  readonly pid: number;
  /** Ticks; 0: no bound. -1: it has used all that it may, and is to be ended. */
  readonly quantum: number;
}

/** Whose turn it is; null if nobody is ready. */
export function nextTurn(scheduler: SchedulerState): Turn | null {
  const pid = scheduler.firstReady;
  return pid === 0 ? null : { pid, quantum: ticksFor(scheduler, pid) };
}

/** Who need not wait any longer because of an event that was just folded, in the order of their turns. */
export function wokenBy(state: KernelState, event: KernelEvent): readonly number[] {
  const { scheduler } = state;
  const object = scheduler === undefined ? -1 : madeReady(state, event);
  return scheduler === undefined || object < 0
    ? []
    : inTurns(scheduler, waitersOf(scheduler, object), event.seq);
}

/** Whose time has come at kernel time `at`, in the order of their turns. */
export const wokenAt = (scheduler: SchedulerState, at: number, seq: number): readonly number[] =>
  inTurns(scheduler, dueTimers(scheduler, at), seq);

/** Who waits for what is there already: the power was cut between an event and the wakes that it led to. */
export function wokenByState(state: KernelState): readonly number[] {
  const { scheduler } = state;
  if (scheduler === undefined) return [];
  const objects = [...rowsOf(scheduler.waiters)].map(([object]) => object);
  const pids = objects.filter((object) => isReady(state, object)).flatMap((one) => waitersOf(scheduler, one));
  return inTurns(scheduler, [...new Set(pids)], state.seq);
}

function isReady({ console, pipes }: KernelState, object: number): boolean {
  const awaited = awaitedOf(object);
  if (awaited.kind === "input") return console.inputBytes > 0 || console.inputEnded;
  const pipe = peek(pipes.rows, awaited.pipe);
  if (pipe === null) return true;
  if (awaited.kind === "readable") return pipe.bytes > 0 || pipe.writers === 0;
  return roomIn(pipe) > 0 || pipe.readers === 0;
}

/** What an event has made ready, that somebody may wait for; -1 if nothing. */
function madeReady(state: KernelState, event: KernelEvent): number {
  switch (event.type) {
    case "console/input-arrived":
    case "console/input-ended":
      return CONSOLE_INPUT;
    case "pipe/written":
      return readable(event.pipe);
    case "pipe/read":
      return roomIn(get(state.pipes.rows, event.pipe)) > 0 ? writable(event.pipe) : -1;
    case "capability/closed":
      if (event.object === "pipe-writer") return endRead(state, event.target);
      return event.object === "pipe-reader" ? endWritten(state, event.target) : -1;
    case "pipe/reserved":
      if (event.writers < 0) return endRead(state, event.pipe);
      return event.readers < 0 ? endWritten(state, event.pipe) : -1;
    default:
      return -1;
  }
}

/** A pipe whose last writer is gone: whoever reads it comes to its end. */
const endRead = ({ pipes }: KernelState, pipe: number): number =>
  peek(pipes.rows, pipe)?.writers === 0 ? readable(pipe) : -1;

/** A pipe whose last reader is gone: whoever writes to it is refused. */
const endWritten = ({ pipes }: KernelState, pipe: number): number =>
  peek(pipes.rows, pipe)?.readers === 0 ? writable(pipe) : -1;

/** Nobody of those who are woken by one event comes first by right: the seed decides. */
function inTurns({ seed }: SchedulerState, pids: readonly number[], seq: number): readonly number[] {
  if (pids.length < 2) return pids;
  const random = seededRandom((seededRandom(seed).next() ^ seq) >>> 0);
  const order = [...pids].sort((one, other) => one - other);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const chosen = random.below(last + 1);
    const pid = order[last] as number;
    order[last] = order[chosen] as number;
    order[chosen] = pid;
  }
  return order;
}
