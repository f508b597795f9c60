/**
 * What has to follow at once from an event that makes somebody urgent, or somebody urgent no longer: a delivered interrupt, or a budget
 * that is used up, signals its notification, whoever waits there borrows its context, a loan that nothing speaks for any more is over, and whoever stands at another
 * level than its priority comes to changes its place. As in consequences.ts, one at a time, until there is none.
 */
import { get, peek } from "../../core/table.ts";
import {
  addressOf,
  HANDLER_SLOT,
  KEPT_SLOT,
  NOWHERE,
  ownerOfTable,
  space,
  spaceOf,
} from "../capabilities/address.ts";
import { removedOf } from "../capabilities/capability-event.ts";
import { rowAt } from "../capabilities/slots.ts";
import type { KernelEvent, KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { signalAt } from "../scheduler/awaited.ts";
import { waitersOf } from "../scheduler/scheduler-selectors.ts";
import type { SchedulerState, Task } from "../scheduler/scheduler-state.ts";
import { pidsAt } from "../scheduler/waiters.ts";
import type { ProcessFact } from "./decision.ts";
import { contextOf, speaksFor } from "./effective-priority.ts";
import { misplaced } from "./misplaced.ts";
import { type Placed, removal } from "./revoke-capability.ts";

/** Whether a fact is of a kind that can make somebody urgent, or urgent no longer. Asked before it happens, of every fact. */
export function mayBeUrgent({ scheduler, interrupts }: KernelState, { type }: KernelFact): boolean {
  switch (type) {
    case "interrupt/raised":
    case "interrupt/acknowledged":
    case "interrupt/bound":
    case "timer/fired":
    case "notification/signalled":
    case "notification/taken":
    case "process/ranked":
    case "priority/changed":
    case "context/configured":
    case "context/lent":
    case "context/returned":
    case "context/exhausted":
    case "context/refilled":
    case "ipc/sent":
    case "ipc/received":
    case "ipc/replied":
      return true;
    case "capability/closed":
    case "capability/removed":
      return isInvolved(scheduler) || interrupts.lines.root !== null;
    case "capability/derived":
    case "process/preempted":
    case "process/suspended":
    case "process/accounted":
    case "process/exited":
    case "process/trapped":
    case "process/killed":
      return isInvolved(scheduler);
    default:
      return false;
  }
}

/** Whether there is any context, or anybody who waits for another: else nothing but its own priority says where a process stands. */
const isInvolved = (scheduler: SchedulerState | undefined): boolean =>
  scheduler !== undefined && (scheduler.contexts.root !== null || scheduler.donors.root !== null);

/** The next fact that an event leads to, given all that it has led to already; null when there is none any more. */
export const nextUrgent = (state: KernelState, event: KernelEvent): ProcessFact | null =>
  nextUnbound(state, event) ??
  nextReturned(state, event) ??
  nextSignalled(state, event) ??
  nextLent(state, event) ??
  nextExhausted(state) ??
  misplaced(state, event);

/** What a line keeps goes together: when one of it is gone, or whoever bound it has closed what it was bound by, so is the other. */
function nextUnbound({ capabilities, interrupts }: KernelState, event: KernelEvent): ProcessFact | null {
  const keptBy = (line: number): readonly Placed[] =>
    [KEPT_SLOT, HANDLER_SLOT].flatMap((slot): readonly Placed[] => {
      const address = addressOf(space.kept, line, slot);
      const row = rowAt(capabilities, address);
      return row === null ? [] : [[address, row]];
    });
  switch (event.type) {
    case "timer/fired":
      return interrupts.signalling === 0 ? unbinding(keptBy(event.timer)) : null;
    case "capability/closed": {
      if (event.object !== "interrupt") return null;
      const handler = rowAt(capabilities, addressOf(space.kept, event.target, HANDLER_SLOT));
      return handler?.parent === event.by ? unbinding(keptBy(event.target)) : null;
    }
    case "capability/removed":
      for (const [, , address] of removedOf(event)) {
        const line = ownerOfTable(address);
        if (spaceOf(address) !== space.kept || peek(interrupts.lines, line) === null) continue;
        const unbound = unbinding(keptBy(line));
        if (unbound !== null) return unbound;
      }
      return null;
    default:
      return null;
  }
}

function unbinding(placed: readonly Placed[]): ProcessFact | null {
  const root = placed[0]?.[0] ?? NOWHERE;
  const fact = placed.length === 0 ? undefined : removal(placed, { by: 0, why: "unbound", root })[0];
  return fact === undefined ? null : { pid: 0, fact };
}

/** A loan that nothing speaks for any more. */
function nextReturned(state: KernelState, event: KernelEvent): ProcessFact | null {
  const { scheduler } = state;
  if (scheduler === undefined || scheduler.contexts.root === null) return null;
  for (const context of questioned(state, event)) {
    const borrower = peek(scheduler.contexts, context)?.borrower ?? 0;
    if (borrower !== 0 && !speaksFor(state, context, borrower)) return returned(borrower, context);
  }
  return disowned(scheduler, event);
}

const returned = (pid: number, context: number): ProcessFact => ({
  pid,
  fact: { type: "context/returned", context },
});

/** Contexts of which an event may have ended the loan. */
function questioned(state: KernelState, event: KernelEvent): readonly number[] {
  if (event.type === "interrupt/acknowledged")
    return [contextOf(state, get(state.interrupts.lines, event.line).notification)];
  if (event.type !== "capability/removed") return [];
  return [...removedOf(event)].flatMap(([kind, target, address]) => {
    if (kind === "context") return [target];
    return kind === "notification" && spaceOf(address) === space.kept ? [contextOf(state, target)] : [];
  });
}

/** Whoever loses what it waited through has no reason to be urgent any more. */
function disowned(scheduler: SchedulerState, event: KernelEvent): ProcessFact | null {
  if (event.type !== "capability/removed") return null;
  for (const [kind, target, address] of removedOf(event)) {
    if (kind !== "notification" || spaceOf(address) !== space.process) continue;
    const pid = ownerOfTable(address);
    const borrowed = peek(scheduler.tasks, pid)?.borrowed ?? 0;
    if (borrowed !== 0 && get(scheduler.contexts, borrowed).notification === target)
      return returned(pid, borrowed);
  }
  return null;
}

/** What was just delivered, or used up, signals its notification, through the capability that is bound. */
function nextSignalled({ capabilities, interrupts }: KernelState, event: KernelEvent): ProcessFact | null {
  const { signalling } = interrupts;
  if (signalling === 0 || !isDelivery(event)) return null;
  const bound = rowAt(capabilities, addressOf(space.kept, signalling, KEPT_SLOT));
  if (bound === null) return null;
  const { id: by, target: notification, badge: bits } = bound;
  return { pid: 0, fact: { type: "notification/signalled", by, notification, bits } };
}

const isDelivery = ({ type }: KernelEvent): boolean =>
  type === "interrupt/raised" ||
  type === "interrupt/acknowledged" ||
  type === "interrupt/bound" ||
  type === "timer/fired" ||
  type === "context/exhausted";

/**
 * Whoever waits for what was signalled borrows the context that is bound there, or whoever took it without waiting. If nobody waits, it
 * is whoever did last: else one that has acknowledged, and is not urgent any more, might never come to wait again.
 */
function nextLent(state: KernelState, event: KernelEvent): ProcessFact | null {
  const { scheduler } = state;
  if (event.type !== "notification/signalled" && event.type !== "notification/taken") return null;
  const context = contextOf(state, event.notification);
  if (scheduler === undefined || context === 0) return null;
  const { borrower, hasTaken } = get(scheduler.contexts, context);
  const isTaken = event.type === "notification/taken";
  const pid = isTaken ? event.pid : attendantOf(scheduler, event.notification);
  // Who was woken for it came too late: it is the one who has it that is urgent.
  if (borrower !== 0) return isTaken && borrower !== pid && !hasTaken ? returned(borrower, context) : null;
  if ((peek(scheduler.tasks, pid)?.borrowed ?? -1) !== 0) return null;
  const { notification } = event;
  const forInterrupt = peek(state.interrupts.notified, notification) !== null;
  return { pid, fact: { type: "context/lent", context, notification, forInterrupt, taken: isTaken } };
}

/** Who is to be urgent when a notification is signalled; 0: nobody. */
function attendantOf(scheduler: SchedulerState, notification: number): number {
  const [waiter] = waitersOf(scheduler, signalAt(notification));
  if (waiter !== undefined) return waiter;
  const attendants = pidsAt(scheduler.attendants, notification);
  return attendants.find((pid) => isFree(get(scheduler.tasks, pid))) ?? 0;
}

/** Whether it goes on by itself, and has not borrowed anything. */
const isFree = ({ status, borrowed }: Task): boolean => status !== "waiting" && borrowed === 0;

/** The turn that ended has used up what paid for it. */
function nextExhausted({ scheduler, capabilities }: KernelState): ProcessFact | null {
  const context = scheduler?.drained ?? 0;
  if (context === 0) return null;
  const signals = rowAt(capabilities, addressOf(space.kept, context, KEPT_SLOT)) !== null;
  return { pid: 0, fact: { type: "context/exhausted", context, signals } };
}
