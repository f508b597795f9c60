import { errno } from "../../core/errno.ts";
import { MAX_LIST } from "../../core/event-schema.ts";
import { get } from "../../core/table.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { capabilityIn, serviceOf } from "../capabilities/capability-selectors.ts";
import { END_OF_TIME, MONOTONIC, REALTIME, wallAt } from "../clock/clock-selectors.ts";
import { STDERR } from "../console/console-state.ts";
import type { KernelState } from "../kernel-state.ts";
import { isWritable, roomIn } from "../pipes/pipe-selectors.ts";
import { CONSOLE_INPUT, readable, writable } from "../scheduler/awaited.ts";
import { type Decision, facts, refuse } from "./decision.ts";
import { denySubscription, isPollable } from "./deny-subscription.ts";
import { fileBehind } from "./held.ts";
import type { RequestOf, Subscription } from "./request.ts";

/** Numbers that are told of a subscription that is ready. */
const READY_NUMBERS = 4;
/** Subscriptions of one call: all of them may be ready, and one event has to tell it. */
export const MAX_SUBSCRIPTIONS = MAX_LIST / READY_NUMBERS;

/** What a subscription has to say now: its errno, bytes ready and flags; null while it has nothing. */
type Ready = readonly [errno: number, bytes: number, flags: number] | null;

/** WASI `eventrwflags`. */
const HANGUP = 1;

export interface PollTimes {
  /** Kernel time now. */
  readonly at: number;
  /** Kernel time when the call was made: relative timeouts count from there. */
  readonly since: number;
}

/** WASI preview 1 poll_oneoff. */
export function poll(
  state: KernelState,
  pid: number,
  times: PollTimes,
  request: RequestOf<"poll_oneoff">,
): Decision {
  const { subscriptions } = request;
  if (subscriptions.length === 0 || subscriptions.length > MAX_SUBSCRIPTIONS) return refuse(errno.inval);
  const ready: number[] = [];
  for (const subscription of subscriptions) {
    const denied = subscription.kind === "clock" ? null : denySubscription(state, pid, subscription);
    if (denied !== null) return denied;
  }
  let until = 0;
  const objects = new Set<number>();
  subscriptions.forEach((subscription, index) => {
    const found =
      subscription.kind === "clock"
        ? clockReady(state, pid, times, subscription)
        : descriptorReady(state, pid, subscription);
    if (typeof found === "number") until = until === 0 ? found : Math.min(until, found);
    else if (found !== null) ready.push(index, ...found);
    else if (subscription.kind !== "clock") objects.add(objectOf(state, pid, subscription));
  });
  if (ready.length > 0) return facts({ type: "process/polled", ready });
  return { kind: "waits", until, objects: [...objects] };
}

/** What a descriptor that is not ready waits for: the console's input, or its end of a pipe. */
function objectOf(
  state: KernelState,
  pid: number,
  { fd, kind }: Extract<Subscription, { fd: number }>,
): number {
  const capability = capabilityIn(state.capabilities, pid, fd);
  if (capability === null || capability.object === "console") return CONSOLE_INPUT;
  return kind === "read" ? readable(capability.target) : writable(capability.target);
}

/** Whether a clock's time has come; else the kernel time at which it will have. */
function clockReady(
  state: KernelState,
  pid: number,
  times: PollTimes,
  asked: Extract<Subscription, { kind: "clock" }>,
): Ready | number {
  if (serviceOf(state.capabilities, pid, "timers") === null) return [errno.notcapable, 0, 0];
  if (asked.clock !== REALTIME && asked.clock !== MONOTONIC) return [errno.notsup, 0, 0];
  const base = asked.clock === REALTIME ? wallAt(state.clock, 0) : 0;
  const asksFor = asked.isAbsolute ? asked.timeoutMicros - base : times.since + asked.timeoutMicros;
  const due = Math.min(asksFor, END_OF_TIME);
  return due <= times.at ? [errno.success, 0, 0] : due;
}

function descriptorReady(
  state: KernelState,
  pid: number,
  asked: Extract<Subscription, { fd: number }>,
): Ready {
  const capability = capabilityIn(state.capabilities, pid, asked.fd);
  if (capability === null || !isPollable(state, capability)) return [errno.badf, 0, 0];
  switch (capability.object) {
    case "file":
      return fileReady(state, capability, asked.kind);
    case "null":
      return [errno.success, 1, 0];
    case "console":
      return consoleReady(state, capability, asked.kind);
    case "pipe-reader":
    case "pipe-writer":
      return pipeReady(state, capability, asked.kind);
    default:
      return [errno.badf, 0, 0];
  }
}

function fileReady(state: KernelState, capability: Capability, kind: "read" | "write"): Ready {
  const held = fileBehind(state, capability);
  return [errno.success, kind === "read" ? Math.max(0, held.inode.size - held.open.position) : 1, 0];
}

function consoleReady(state: KernelState, capability: Capability, kind: "read" | "write"): Ready {
  const { inputBytes, inputEnded, outputClosed, errorClosed } = state.console;
  if (kind === "write")
    return [errno.success, 1, (capability.target === STDERR ? errorClosed : outputClosed) ? HANGUP : 0];
  if (inputBytes > 0) return [errno.success, inputBytes, 0];
  return inputEnded ? [errno.success, 0, HANGUP] : null;
}

function pipeReady(state: KernelState, capability: Capability, kind: "read" | "write"): Ready {
  const pipe = get(state.pipes.rows, capability.target);
  if (kind === "read") {
    if (pipe.bytes > 0) return [errno.success, pipe.bytes, 0];
    return pipe.writers === 0 ? [errno.success, 0, HANGUP] : null;
  }
  if (pipe.readers === 0) return [errno.success, 0, HANGUP];
  return isWritable(pipe) ? [errno.success, roomIn(pipe), 0] : null;
}
