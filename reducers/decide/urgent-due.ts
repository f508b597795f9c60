/** What is due by the clock beside those who wait for a time: lines, timers, and what comes back to scheduling contexts. */
import { firstUntil } from "../../core/heap.ts";
import { peek } from "../../core/table.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";

/** Kernel time at which the first of them is due; 0 if none ever is. */
export function firstUrgent({ interrupts, scheduler }: KernelState): number {
  const interrupt = firstUntil(interrupts.due);
  const refill = scheduler === undefined ? 0 : firstUntil(scheduler.refills);
  if (interrupt === 0 || refill === 0) return interrupt + refill;
  return Math.min(interrupt, refill);
}

/** The first that is due at kernel time `at`, as a fact; null if none is. What comes back comes first: it is for those who interrupt. */
export function dueFact({ interrupts, scheduler }: KernelState, at: number): KernelFact | null {
  const refill = scheduler === undefined ? null : peek(scheduler.refills, 0);
  if (refill !== null && refill.until <= at) return { type: "context/refilled", context: refill.key };
  const due = peek(interrupts.due, 0);
  if (due === null || due.until > at) return null;
  return peek(interrupts.lines, due.key) === null
    ? { type: "timer/fired", timer: due.key }
    : { type: "interrupt/raised", line: due.key };
}
