/** Deciders of scheduling contexts and of priorities: nobody gives a priority that is above the ceiling of whose authority it uses. */
import { objectKinds, contextRight, notificationRight, processRight } from "../../core/object-rights.ts";
import { errno } from "../../core/errno.ts";
import { peek } from "../../core/table.ts";
import { addressOf, CONTEXT_SLOT, KEPT_SLOT, NOWHERE, space } from "../capabilities/address.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { rowAt } from "../capabilities/slots.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, refuse, type Refused, refusedOf } from "./decision.ts";
import { derivedFact } from "./derive-capability.ts";
import { type FoldosRequestOf, MAX_PRIORITY } from "./foldos-request.ts";
import { anyUsable, derivableOf, usable } from "./usable.ts";

/** The longest period: twelve days, so that its ticks are counted exactly. */
export const MAX_PERIOD_MICROS = 2 ** 40;

export function configureContext(
  state: KernelState,
  pid: number,
  { fd, budgetMicros, periodMicros, priority }: FoldosRequestOf<"context_configure">,
): Decision {
  const context = usable(state, pid, fd, { object: "context", rights: contextRight.configure });
  if (context.kind === "refused") return context;
  if (state.scheduler === undefined) return refuse(errno.notsup, "no-turns");
  if (budgetMicros <= 0) return refuse(errno.inval, "no-budget");
  if (budgetMicros > periodMicros) return refuse(errno.inval, "budget-above-period");
  if (periodMicros > MAX_PERIOD_MICROS) return refuse(errno.inval, "period-too-long");
  const refused = refusePriority(state, pid, priority);
  if (refused !== null) return refused;
  const { id: by, target } = context.capability;
  return facts({ type: "context/configured", by, context: target, budgetMicros, periodMicros, priority });
}

/** Null if a priority may be given with the authority of a process (seL4: its maximum controlled priority). */
function refusePriority({ scheduler }: KernelState, authority: number, priority: number): Refused | null {
  if (priority < 0 || priority > MAX_PRIORITY) return refuse(errno.inval, "no-such-priority");
  const task = scheduler === undefined ? null : peek(scheduler.tasks, authority);
  if (task === null) return refuse(errno.srch, "process-ended");
  return priority > task.ceiling ? refuse(errno.notcapable, "above-ceiling") : null;
}

/** Binds a context to a notification, whose next waiter borrows it, or to a process, which has it from then on. */
export function bindContext(
  state: KernelState,
  pid: number,
  { fd, to }: FoldosRequestOf<"context_bind">,
): Decision {
  const context = usable(state, pid, fd, { object: "context", rights: contextRight.bind });
  if (context.kind === "refused") return context;
  const source = derivableOf(state, context);
  if (source.kind === "refused") return source;
  const holder = anyUsable(state, pid, to);
  if (holder.kind === "refused") return holder;
  if (state.scheduler === undefined) return refuse(errno.notsup, "no-turns");
  const row = peek(state.scheduler.contexts, context.capability.target);
  if (row === null) return refuse(errno.inval, "not-configured");
  const address = placeFor(state, holder.capability);
  if (typeof address !== "number") return refusedOf(to, address);
  if (row.boundAt !== NOWHERE) return refuse(errno.busy, "already-bound");
  if (rowAt(state.capabilities, address) !== null) return refusedOf(to, refuse(errno.busy, "has-one-bound"));
  return facts(derivedFact(context, { to: address, how: "bound" }));
}

/** Where a context lies that is bound to what a capability is of. */
function placeFor(state: KernelState, { object, target, rights }: Capability): number | Refused {
  switch (object) {
    case "notification":
      if ((rights & notificationRight.wait) === 0)
        return refuse(errno.notcapable, "lacks-right", notificationRight.wait);
      return addressOf(space.kept, target, KEPT_SLOT);
    case "process":
      if ((rights & processRight.schedule) === 0)
        return refuse(errno.notcapable, "lacks-right", processRight.schedule);
      if (state.scheduler === undefined || peek(state.scheduler.tasks, target) === null)
        return refuse(errno.srch, "process-ended");
      return addressOf(space.services, target, CONTEXT_SLOT);
    default:
      return refuse(errno.inval, "wrong-kind");
  }
}

export function unbindContext(state: KernelState, pid: number, fd: number): Decision {
  const context = usable(state, pid, fd, { object: "context", rights: contextRight.bind });
  if (context.kind === "refused") return context;
  const { id: by, target } = context.capability;
  const root =
    (state.scheduler === undefined ? null : peek(state.scheduler.contexts, target))?.boundAt ?? NOWHERE;
  if (root === NOWHERE) return refuse(errno.inval, "not-bound");
  const removed = [root, objectKinds.indexOf("context"), target];
  return facts({ type: "capability/removed", by, why: "unbound", root, more: false, removed });
}

export function setPriority(
  state: KernelState,
  pid: number,
  { fd, authority, priority }: FoldosRequestOf<"priority_set">,
): Decision {
  const needed = { object: "process", rights: processRight.schedule } as const;
  const subject = usable(state, pid, fd, needed);
  if (subject.kind === "refused") return subject;
  const backing = usable(state, pid, authority, needed);
  if (backing.kind === "refused") return backing;
  if (state.scheduler === undefined) return refuse(errno.notsup, "no-turns");
  const { id: by, target: process } = subject.capability;
  if (peek(state.scheduler.tasks, process) === null) return refuse(errno.srch, "process-ended");
  const refused = refusePriority(state, backing.capability.target, priority);
  if (refused !== null) return refusedOf(authority, refused);
  return facts({ type: "priority/changed", by, authority: backing.capability.id, process, priority });
}
