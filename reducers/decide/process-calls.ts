import { errno } from "../../core/errno.ts";
import { CLOCK_COUNT, REALTIME } from "../clock/clock-selectors.ts";
import { MAX_DRAW_BYTES } from "../entropy/entropy-state.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { serviceOf } from "../capabilities/capability-selectors.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, refuse } from "./decision.ts";
import { endProcess } from "./end-process.ts";
import type { RequestOf } from "./request.ts";

/** A process that is granted the monotonic clock may also know its own time. */
const clockOf = (state: KernelState, pid: number, clock: number): Capability | null =>
  serviceOf(state.capabilities, pid, clock === REALTIME ? "realtimeClock" : "monotonicClock");

export function readClock(state: KernelState, pid: number, clock: number): Decision {
  const capability = clockOf(state, pid, clock);
  if (capability === null) return refuse(errno.notcapable, "no-service");
  return clock < CLOCK_COUNT ? facts({ type: "clock/read", by: capability.id, clock }) : refuse(errno.inval);
}

export function readResolution(state: KernelState, pid: number, clock: number): Decision {
  if (clock >= CLOCK_COUNT) return refuse(errno.inval);
  const capability = clockOf(state, pid, clock);
  if (capability === null) return refuse(errno.notcapable, "no-service");
  return facts({ type: "clock/resolution-read", by: capability.id, clock });
}

export function drawEntropy(state: KernelState, pid: number, size: number): Decision {
  const capability = serviceOf(state.capabilities, pid, "entropy");
  if (capability === null) return refuse(errno.notcapable, "no-service");
  if (size > MAX_DRAW_BYTES) return refuse(errno.inval);
  return facts({ type: "entropy/drawn", by: capability.id, position: state.head, length: size });
}

export const exit = (state: KernelState, pid: number, request: RequestOf<"proc_exit">): Decision => ({
  kind: "facts",
  facts: endProcess(state, pid, { type: "process/exited", code: request.code }),
});

/** WASI preview 1 `signal`, by number. */
const signals = [
  "none",
  "hup",
  "int",
  "quit",
  "ill",
  "trap",
  "abrt",
  "bus",
  "fpe",
  "kill",
  "usr1",
  "segv",
  "usr2",
  "pipe",
  "alrm",
  "term",
  "chld",
  "cont",
  "stop",
  "tstp",
  "ttin",
  "ttou",
  "urg",
  "xcpu",
  "xfsz",
  "vtalrm",
  "prof",
  "winch",
  "poll",
  "pwr",
  "sys",
] as const;
const ignored: ReadonlySet<string> = new Set(["none", "chld", "cont", "urg", "winch"]);
const stopping: ReadonlySet<string> = new Set(["stop", "tstp", "ttin", "ttou"]);

/** WASI preview 1 proc_raise. No program can catch a signal, so each does what POSIX says it does by default. */
export function raise(state: KernelState, pid: number, request: RequestOf<"proc_raise">): Decision {
  const name = signals[request.signal];
  if (name === undefined) return refuse(errno.inval);
  if (ignored.has(name)) return facts({ type: "process/yielded" });
  if (stopping.has(name)) return refuse(errno.notsup);
  const end: KernelFact = {
    type: "process/killed",
    signal: `SIG${name.toUpperCase()}`,
    code: 128 + request.signal,
  };
  return { kind: "facts", facts: endProcess(state, pid, end) };
}
