/**
 * What a process's priority comes to, derived from the whole state: its own, that of a scheduling context for which something still
 * speaks, and those of all who wait for it. It is stored nowhere but as the level in which the process stands among the ready, and
 * that follows it at once (see urgent-consequences.ts): so nothing that a process does or suffers can leave it higher than this says.
 */
import { contextRight, interruptRight, notificationRight } from "../../core/object-rights.ts";
import { get, peek } from "../../core/table.ts";
import { addressOf, CONTEXT_SLOT, HANDLER_SLOT, KEPT_SLOT, space } from "../capabilities/address.ts";
import type { CapabilitiesState, Capability } from "../capabilities/capability-state.ts";
import { rowAt } from "../capabilities/slots.ts";
import type { KernelState } from "../kernel-state.ts";
import { doneesAt, serversOf, toEndpoint } from "../scheduler/donations.ts";
import type { Context } from "../scheduler/scheduler-state.ts";
import { standingOf } from "../scheduler/standing.ts";

/** A process that lives, where there are turns. */
export function effectivePriority(state: KernelState, pid: number): number {
  const { scheduler } = state;
  if (scheduler === undefined) return 0;
  return standingOf(scheduler, pid, (context, user) => speaksFor(state, context, user)).priority;
}

/** Whether a context still raises a process that has it bound or borrowed: right, not identity (law F5). */
export function speaksFor(state: KernelState, id: number, pid: number): boolean {
  const context = state.scheduler === undefined ? null : peek(state.scheduler.contexts, id);
  if (context === null || !isBound(state.capabilities, id, context)) return false;
  if (context.boundAt === addressOf(space.services, pid, CONTEXT_SLOT)) return true;
  return context.borrower === pid && isLoanJustified(state, context);
}

/** Whether the capability by which a context was bound still lies there, with the right to that. */
function isBound(capabilities: CapabilitiesState, id: number, { boundAt }: Context): boolean {
  const row = boundAt < 0 ? null : rowAt(capabilities, boundAt);
  return row !== null && allows(row, { object: "context", target: id, rights: contextRight.bind });
}

type Allowing = Pick<Capability, "object" | "target" | "rights">;

const allows = (row: Capability, { object, target, rights }: Allowing): boolean =>
  row.object === object && row.target === target && (row.rights & rights) === rights;

/** A loan for an interrupt is justified until that is acknowledged; any other one until its borrower waits. */
function isLoanJustified(state: KernelState, { boundAt, notification, isForInterrupt }: Context): boolean {
  if (boundAt !== addressOf(space.kept, notification, KEPT_SLOT)) return false;
  return !isForInterrupt || peek(state.interrupts.notified, notification) !== null;
}

/** The context that a notification has; 0: none. */
export function contextOf({ capabilities, scheduler }: KernelState, notification: number): number {
  const row = rowAt(capabilities, addressOf(space.kept, notification, KEPT_SLOT));
  if (row === null || row.object !== "context" || scheduler === undefined) return 0;
  return peek(scheduler.contexts, row.target) === null ? 0 : row.target;
}

/** Whether a line has all that makes it active: a notification that it may signal, and the right of whoever bound it. */
export function isLineBound({ capabilities, interrupts }: KernelState, line: number): boolean {
  const { notification } = get(interrupts.lines, line);
  const signals = rowAt(capabilities, addressOf(space.kept, line, KEPT_SLOT));
  const handles = rowAt(capabilities, addressOf(space.kept, line, HANDLER_SLOT));
  if (signals === null || handles === null) return false;
  return (
    allows(signals, { object: "notification", target: notification, rights: notificationRight.signal }) &&
    allows(handles, { object: "interrupt", target: line, rights: interruptRight.handle })
  );
}

/**
 * Whether a process that sent to this endpoint would in the end wait for itself: somebody else who serves it waits for the process, or
 * for somebody who does. That is refused (EDEADLK), so the chains along which priorities go have no rings (law F7). A process that sends
 * to an endpoint which it serves itself does not serve it as long as it waits.
 */
export function wouldDonateInCircle({ scheduler }: KernelState, caller: number, endpoint: number): boolean {
  if (scheduler === undefined || scheduler.donors.root === null) return false;
  const own = toEndpoint(endpoint);
  const reached = new Set(serversOf(scheduler, endpoint).filter((server) => server !== caller));
  for (const server of reached) {
    const { donee } = get(scheduler.tasks, server);
    for (const next of doneesAt(scheduler, donee)) {
      if (next !== caller) reached.add(next);
      else if (donee !== own) return true;
    }
  }
  return false;
}
