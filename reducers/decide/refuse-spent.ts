/** What was taken back, has come to its time or was used as often as it may be is refused, whatever is asked of it. */
import { errno } from "../../core/errno.ts";
import type { RefusalReason } from "../../core/refusal-reason.ts";
import { addressOf, space } from "../capabilities/address.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { capabilityIn, isSpent } from "../capabilities/capability-selectors.ts";
import { isDoomed } from "../capabilities/revocation-selectors.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, refuse, type Refused, refusedOf } from "./decision.ts";
import type { Request } from "./request.ts";

/** The slots that a request names, the one that it is made through first. */
function* slotsNamed(request: Request): Generator<number> {
  if ("fd" in request) yield request.fd;
  if ("toFd" in request) yield request.toFd;
  if ("stored" in request) yield request.stored;
  if ("sealed" in request) yield request.sealed;
  if ("box" in request) yield request.box;
  if ("budget" in request) yield request.budget;
  if ("wrapped" in request) yield request.wrapped;
  if (request.call === "context_bind") yield request.to;
  if ("notification" in request) yield request.notification;
  if ("authority" in request) yield request.authority;
  if ("given" in request) for (const { slot } of request.given) yield slot;
  if (request.call === "poll_oneoff")
    for (const subscription of request.subscriptions)
      if (subscription.kind !== "clock") yield subscription.fd;
}

/** Calls that get rid of a descriptor, or ask what became of it. */
const mayBeSpent: ReadonlySet<Request["call"]> = new Set(["fd_close", "cap_delete", "poll_oneoff"]);

/** Calls that are about a capability itself, and use nothing of what it is to. */
const isNoUse: ReadonlySet<Request["call"]> = new Set([
  ...mayBeSpent,
  "cap_examine",
  "cap_find",
  "cap_move",
  "cap_mutate",
  "cap_revoke",
  "fd_fdstat_get",
  "fd_fdstat_set_rights",
  "fd_prestat_get",
  "fd_prestat_dir_name",
  "fd_renumber",
]);

/** Calls by which something comes to hang below what they name. */
const spreads: ReadonlySet<Request["call"]> = new Set(["path_open", "ipc_send", "ipc_call"]);

/** Calls that wait for others. What they waited on may go meanwhile: their errno for that says that it did. */
const waiting: ReadonlySet<Request["call"]> = new Set(["ipc_receive", "notification_wait"]);
/** Calls whose message is on its way, or answered: what became of that is told, whatever became of what it was sent through. */
const sending: ReadonlySet<Request["call"]> = new Set(["ipc_send", "ipc_call"]);

/** Null if nothing that the request names is spent, or about to be taken back. */
export function refuseSpent(
  state: KernelState,
  { pid, at, isAgain = false }: { readonly pid: number; readonly at: number; readonly isAgain?: boolean },
  request: Request,
): Refused | null {
  const { call } = request;
  const code = isAgain && waiting.has(call) ? errno.canceled : errno.stale;
  if (mayBeSpent.has(call) || (isAgain && sending.has(call))) return null;
  for (const slot of slotsNamed(request)) {
    const held = capabilityIn(state.capabilities, pid, slot);
    const isFirst = "fd" in request && slot === request.fd;
    const told = (refused: Refused): Refused => (isFirst ? refused : refusedOf(slot, refused));
    if (held !== null && isSpent(held, at)) return told(refuse(code, spentBy(held)));
    // What would hang below it would be taken with it: a revocation that goes on comes to an end.
    if (spreads.has(call) && isDoomed(state.capabilities, addressOf(space.process, pid, slot)))
      return told(refuse(errno.canceled, "being-revoked"));
  }
  return null;
}

/** How what is spent came to be so. */
function spentBy({ object, terms }: Capability): RefusalReason {
  if (object === "void") return "taken-back";
  return terms?.uses === 0 ? "lease-used-up" : "lease-over";
}

/** A decision that makes use of leases also counts that: when it is answered, so that what waits is not taken from under it. */
export function countUses(state: KernelState, pid: number, request: Request, decision: Decision): Decision {
  if (decision.kind !== "facts") return decision;
  const used: KernelFact[] = [];
  for (const slot of new Set(slotsNamed(request))) {
    const held = capabilityIn(state.capabilities, pid, slot);
    if (held === null || (held.terms?.uses ?? -1) < 0 || isNoUse.has(request.call)) continue;
    used.push({ type: "capability/used", by: held.id, place: addressOf(space.process, pid, slot) });
  }
  return used.length === 0 ? decision : { ...decision, facts: [...used, ...decision.facts] };
}
