/** Deciders of interrupt lines and timers: what they signal lies in a slot of their own, as a capability like any other. */
import { errno } from "../../core/errno.ts";
import { interruptRight, notificationRight, objectKinds, timerRight } from "../../core/object-rights.ts";
import { get, peek } from "../../core/table.ts";
import { addressOf, HANDLER_SLOT, KEPT_SLOT, space } from "../capabilities/address.ts";
import { rowAt } from "../capabilities/slots.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, refuse, type Refused } from "./decision.ts";
import { derivedFact } from "./derive-capability.ts";
import type { FoldosRequestOf } from "./foldos-request.ts";
import { derivableOf, type Usable, usable } from "./usable.ts";

/** A notification that may be signalled, through a capability that another one may be made of. */
function signalled(state: KernelState, pid: number, fd: number): Usable | Refused {
  const found = usable(state, pid, fd, { object: "notification", rights: notificationRight.signal });
  if (found.kind === "refused") return found;
  return derivableOf(state, found);
}

/** A line is bound to one notification at most, and as long as whoever bound it keeps the right to handle it. */
export function bindInterrupt(
  state: KernelState,
  pid: number,
  { fd, notification }: FoldosRequestOf<"interrupt_bind">,
): Decision {
  const line = usable(state, pid, fd, { object: "interrupt", rights: interruptRight.handle });
  if (line.kind === "refused") return line;
  const source = derivableOf(state, line);
  if (source.kind === "refused") return source;
  const bound = signalled(state, pid, notification);
  if (bound.kind === "refused") return bound;
  const { id: by, target } = line.capability;
  if (peek(state.interrupts.lines, target) === null) return refuse(errno.nodev, "no-line");
  if (peek(state.capabilities.kept, target) !== null) return refuse(errno.busy, "already-bound");
  return facts(
    derivedFact(bound, { to: addressOf(space.kept, target, KEPT_SLOT), how: "bound" }),
    derivedFact(line, { to: addressOf(space.kept, target, HANDLER_SLOT), how: "bound" }),
    { type: "interrupt/bound", by, line: target, notification: bound.capability.target },
  );
}

export function acknowledgeInterrupt(state: KernelState, pid: number, fd: number): Decision {
  const line = usable(state, pid, fd, { object: "interrupt", rights: interruptRight.handle });
  if (line.kind === "refused") return line;
  const { id: by, target } = line.capability;
  if (peek(state.interrupts.lines, target)?.isInService !== true)
    return refuse(errno.inval, "not-in-service");
  return facts({ type: "interrupt/acknowledged", by, line: target });
}

/** A timer that is armed already is armed anew. */
export function armTimer(
  state: KernelState,
  pid: number,
  { fd, notification, until }: FoldosRequestOf<"timer_arm">,
): Decision {
  const timer = usable(state, pid, fd, { object: "timer", rights: timerRight.arm });
  if (timer.kind === "refused") return timer;
  const bound = signalled(state, pid, notification);
  if (bound.kind === "refused") return bound;
  const { id: by, target } = timer.capability;
  const armed = { by, timer: target, notification: bound.capability.target, until: Math.max(1, until) };
  return facts(
    ...unbound(state, target, by),
    derivedFact(bound, { to: addressOf(space.kept, target, KEPT_SLOT), how: "bound" }),
    { type: "timer/armed", ...armed },
  );
}

export function disarmTimer(state: KernelState, pid: number, fd: number): Decision {
  const timer = usable(state, pid, fd, { object: "timer", rights: timerRight.arm });
  if (timer.kind === "refused") return timer;
  const { id: by, target } = timer.capability;
  return facts(...unbound(state, target, by), { type: "timer/disarmed", by, timer: target });
}

/** What an armed timer was to signal is taken away. */
function unbound(
  { capabilities, interrupts }: KernelState,
  timer: number,
  by: number,
): readonly KernelFact[] {
  if (peek(interrupts.timers, timer) === null) return [];
  const { notification } = get(interrupts.timers, timer);
  const root = addressOf(space.kept, timer, KEPT_SLOT);
  if (rowAt(capabilities, root) === null) return [];
  const removed = [root, objectKinds.indexOf("notification"), notification];
  return [{ type: "capability/removed", by, why: "unbound", root, more: false, removed }];
}
