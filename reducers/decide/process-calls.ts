import { errno } from "../../core/errno.ts";
import { get, rowsOf } from "../../core/table.ts";
import { CLOCK_COUNT, REALTIME } from "../clock/clock-selectors.ts";
import { MAX_DRAW_BYTES } from "../entropy/entropy-state.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { mayUse, service } from "../scheduler/services.ts";
import { type Decision, facts, refuse } from "./decision.ts";
import { closedFact } from "./descriptor-calls.ts";
import type { RequestOf } from "./request.ts";

/** The decision to read each clock, made once: programs ask for the time more often than for anything else. */
const clockReads: readonly Decision[] = Array.from({ length: CLOCK_COUNT }, (_, clock) =>
  facts({ type: "clock/read", clock }),
);

export const readClock = (state: KernelState, pid: number, clock: number): Decision => {
  if (!mayUse(state.scheduler, pid, serviceOf(clock))) return refuse(errno.notcapable);
  return clockReads[clock] ?? refuse(errno.inval);
};

export const readResolution = (state: KernelState, pid: number, clock: number): Decision => {
  if (clock >= CLOCK_COUNT) return refuse(errno.inval);
  if (!mayUse(state.scheduler, pid, serviceOf(clock))) return refuse(errno.notcapable);
  return facts({ type: "clock/resolution-read", clock });
};

/** A process that is granted the monotonic clock may also know its own time. */
const serviceOf = (clock: number): number =>
  clock === REALTIME ? service.realtimeClock : service.monotonicClock;

export const drawEntropy = (state: KernelState, pid: number, size: number): Decision => {
  if (!mayUse(state.scheduler, pid, service.entropy)) return refuse(errno.notcapable);
  return size > MAX_DRAW_BYTES
    ? refuse(errno.inval)
    : facts({ type: "entropy/drawn", position: state.head, length: size });
};

/** The end of a process: it gives back all that it held, and then is no more. */
export function endProcess(state: KernelState, pid: number, end: KernelFact): readonly KernelFact[] {
  const { slots } = get(state.capabilities.tables, pid);
  const given: KernelFact[] = [];
  for (const [slot, capability] of rowsOf(slots)) given.push(closedFact(slot, capability));
  return [...given, end];
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
