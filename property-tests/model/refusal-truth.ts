/**
 * What the reason of a refusal says of the request and of the state before it, looked up by itself: whether a slot is empty, a budget is
 * spent, a badge is there. It knows nothing of how the kernel decides.
 */
import { callNumber } from "../../guests/call-table.ts";
import type { RefusalReason } from "../../core/refusal-reason.ts";
import { peek } from "../../core/table.ts";
import { addressOf, MAX_SLOTS, space } from "../../reducers/capabilities/address.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import type { Refused } from "../../reducers/decide/decision.ts";
import type { Request } from "../../reducers/decide/request.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";

/** A request that was refused, and when. */
export interface RefusedRequest {
  readonly pid: number;
  readonly at: number;
  readonly isAgain: boolean;
  readonly request: Request;
  readonly state: KernelState;
  readonly refused: Refused;
}

interface Facts extends RefusedRequest {
  readonly slot: number;
  readonly held: Capability | null;
  /** What a request says under a name, if it says anything; of a list, how much. */
  readonly said: (name: string) => number;
}

type Truth = (facts: Facts) => boolean;

const OBJECT_BYTES = 256;
const MOST_SENDERS = 4096;
const GRANT = 4;

const budgetOf = ({ state, held }: Facts) =>
  held?.object === "budget" ? peek(state.capabilities.budgets, held.target) : null;
const sendersAt = ({ state, held }: Facts): number =>
  held === null ? -1 : (peek(state.ipc.endpoints, held.target)?.count ?? -1);
const placeOf = ({ state, pid, said }: Facts): Capability | null => {
  const table = rowAt(state.capabilities, addressOf(space.process, pid, said("fd")));
  return table === null
    ? null
    : rowAt(state.capabilities, addressOf(space.kept, table.target, said("index")));
};
const goesOn: Truth = ({ state }) => state.capabilities.revocations.root !== null;

/** Those that the worlds of the law lead to; any other is not to be told there. */
const truths: Partial<Record<RefusalReason, Truth>> = {
  none: ({ request }) => callNumber("foldos", request.call) < 0,
  "no-slot": ({ slot }) => slot >= MAX_SLOTS,
  "empty-slot": ({ slot, held }) => slot < MAX_SLOTS && held === null,
  "taken-back": ({ held }) => held?.object === "void",
  "lease-over": ({ held, at }) => (held?.terms?.until ?? 0) > 0 && (held?.terms?.until ?? 0) <= at,
  "lease-used-up": ({ held }) => held?.terms?.uses === 0,
  "being-revoked": goesOn,
  "wrong-kind": ({ held }) => held !== null && held.object !== "void",
  "lacks-right": ({ held, refused }) =>
    held !== null && refused.missing !== 0 && (refused.missing & held.rights & held.inheriting) === 0,
  "no-service": ({ slot }) => slot < 0,
  "is-reply": ({ held }) => held?.object === "reply",
  "counted-lease": ({ held }) => held !== null && held.object !== "reply" && (held.terms?.uses ?? -1) > 0,
  "would-widen": ({ held, said, refused }) =>
    held !== null &&
    refused.missing !== 0 &&
    ((said("rights") & ~held.rights) | (said("inheriting") & ~held.inheriting)) === refused.missing,
  "unknown-rights": ({ held }) => held !== null,
  "takes-no-badge": ({ held, said }) =>
    said("badge") > 0 && held !== null && held.object !== "endpoint" && held.object !== "notification",
  "already-badged": ({ held, said }) => said("badge") > 0 && (held?.badge ?? 0) > 0,
  "time-past": ({ said, at }) => said("until") <= at,
  "slot-in-use": ({ held }) => held !== null,
  "empty-place": (facts) => placeOf(facts) === null,
  "place-in-use": (facts) => placeOf(facts) !== null,
  "contents-gone": (facts) => facts.held?.object === "table" || facts.held?.object === "brand",
  "keeps-others": ({ held }) => held?.object === "table" || held?.object === "box",
  "other-brand": ({ held }) => held?.object === "brand",
  "other-membrane": ({ held }) => held !== null,
  "membrane-revoked": goesOn,
  "original-gone": ({ held }) => held !== null,
  "budget-spent": (facts) => {
    const budget = budgetOf(facts);
    const bytes = Math.max(0, facts.said("sizeBytes")) + OBJECT_BYTES;
    return budget !== null && budget.used + bytes > budget.limit;
  },
  "needs-grant": ({ held, said, refused }) =>
    held !== null && (held.rights & GRANT) === 0 && refused.missing === GRANT && said("given") > 0,
  "cyclic-donation": ({ request }) => request.call === "ipc_send" || request.call === "ipc_call",
  "queue-full": (facts) => sendersAt(facts) >= MOST_SENDERS,
  "nobody-waits": (facts) => sendersAt(facts) >= 0 && sendersAt(facts) < MOST_SENDERS,
  "nothing-sent": (facts) => sendersAt(facts) === 0,
  "message-taken-back": ({ isAgain }) => isAgain,
  "holds-badge": ({ held }) => (held?.badge ?? 0) > 0,
  "no-signal": ({ state, held }) =>
    held !== null && peek(state.ipc.notifications, held.target)?.isPending === false,
  "leads-out": ({ request }) => "path" in request,
  "ends-with-other": ({ request }) => request.call === "fd_renumber",
};

/** Whether a refusal says what is so. */
export function isTrue(asked: RefusedRequest): boolean {
  const { state, pid, request, refused } = asked;
  const says = (name: string): unknown => (request as unknown as Readonly<Record<string, unknown>>)[name];
  const said = (name: string): number => {
    const value = says(name);
    if (Array.isArray(value)) return value.length;
    return typeof value === "number" ? value : -1;
  };
  const slot = refused.slot ?? said("fd");
  const isPlace = slot >= 0 && slot < MAX_SLOTS;
  const held = isPlace ? rowAt(state.capabilities, addressOf(space.process, pid, slot)) : null;
  return truths[refused.reason]?.({ ...asked, slot, held, said }) === true;
}
