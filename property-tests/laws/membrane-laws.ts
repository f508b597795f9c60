/** Membranes (B15): what goes through one is wrapped, what comes back is what it was, and revoking it takes all of that. */
import { addressOf, ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { heldSlots } from "../models/derivation-model.ts";
import { liveOut } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { few } from "./revocation-laws.ts";

const membranes = law({
  id: "B15",
  statement:
    "what goes over an endpoint that is held through a membrane is wrapped, what comes back is what it was; revoking the membrane takes both",
  runs: 30,
  cases: few(200, [
    "wrap",
    "wrap",
    "copy",
    "call",
    "call",
    "call",
    "receive",
    "receive",
    "receive",
    "reply",
    "reply",
    "send",
    "revoke",
  ]),
  holds: (drawn) => {
    for (const one of liveOut(drawn).asked) {
      const { request, decision, pid, state, after } = one;
      if (request.call === "cap_revoke" && decision.kind === "facts") {
        const row = rowAt(state.capabilities, addressOf(space.process, pid, request.fd));
        const left = [...heldSlots(after.capabilities).values()].filter(
          ({ id, terms }) =>
            row?.object === "membrane" &&
            (row.rights & 2) !== 0 &&
            id !== row.id &&
            terms?.membrane === row.target,
        );
        demandEqual(left.length, 0, "what is left behind a membrane that was revoked");
      }
      if (
        !("given" in request) ||
        request.call === "process_spawn" ||
        (decision.kind !== "facts" && decision.kind !== "parked")
      )
        continue;
      const through = rowAt(state.capabilities, addressOf(space.process, pid, request.fd));
      const derived = decision.facts.filter((fact) => fact.type === "capability/derived");
      if (through !== null && derived.length === request.given.length)
        derived.forEach((fact, at) =>
          crossesWell(state, through, addressOf(space.process, pid, request.given[at]?.slot ?? 0), fact),
        );
    }
  },
});

type DerivedFact = Extract<KernelFact, { type: "capability/derived" }>;

/** What becomes of a capability that is named at an address and sent through another one. */
function crossesWell(
  { capabilities }: KernelState,
  through: Capability,
  address: number,
  fact: DerivedFact,
): void {
  const named = rowAt(capabilities, address);
  const membrane = through.terms?.membrane ?? 0;
  const fromInside = through.terms?.isInside ?? false;
  const marked = named?.terms?.membrane ?? 0;
  if (membrane === 0) return demandEqual(fact.from, address, "what is sent past every membrane");
  if (marked === 0)
    return demandEqual([fact.membrane, fact.inside], [membrane, !fromInside], "what is wrapped");
  if (marked !== membrane || named?.terms?.isInside !== fromInside) return;
  let original = address;
  while ((rowAt(capabilities, original)?.terms?.membrane ?? 0) === membrane)
    original = rowAt(capabilities, original)?.above ?? -1;
  demandEqual([fact.membrane, fact.object, fact.target], [0, named.object, named.target], "what comes back");
  demand(fact.from === original || fact.from === address, "what comes back is what it was, or as it is");
  isNoLaxer(named, fact);
}

/** What is made of something keeps its badge, its weakness and its end. */
function isNoLaxer({ badge, rights, terms }: Capability, fact: DerivedFact): void {
  demand(badge === 0 || fact.badge === badge, `badge ${badge} became ${fact.badge}`);
  demand(terms?.isWeak !== true || fact.weak, "what was weak came back strong");
  const until = terms?.until ?? 0;
  demand(until === 0 || (fact.until > 0 && fact.until <= until), "a lease came back without its end");
  demand((fact.rights & ~rights) === 0, "it came back with more rights");
}

const throughMembranes = law({
  id: "B15-through",
  statement:
    "whatever is reached through something that is held through a membrane came through that membrane, too",
  runs: 30,
  cases: few(200, [
    "wrap",
    "wrap",
    "create",
    "store",
    "store",
    "fetch",
    "fetch",
    "seal",
    "unseal",
    "open",
    "call",
    "receive",
    "receive",
    "send",
    "copy",
  ]),
  holds: (drawn) => {
    for (const { request, decision, pid, state, after } of liveOut({
      ...drawn,
      plan: { ...drawn.plan, hasFiles: true },
    }).asked) {
      const call = request.call;
      if (decision.kind !== "facts" || !("fd" in request)) continue;
      const fd = call === "cap_unseal" ? request.box : request.fd;
      const terms = rowAt(state.capabilities, addressOf(space.process, pid, fd))?.terms ?? null;
      if (terms === null || terms.membrane === 0) continue;
      if (call !== "table_fetch" && call !== "cap_unseal" && call !== "path_open" && call !== "ipc_receive")
        continue;
      for (const [address, row] of heldSlots(after.capabilities)) {
        const isNew =
          ownerOfTable(address) === pid && spaceOf(address) === space.process && row.id >= state.seq;
        if (!isNew) continue;
        const isMember = row.terms?.membrane === terms.membrane;
        const cameBack = (row.terms?.membrane ?? 0) === 0 && wasOurs(state, row.parent);
        demand(
          isMember || cameBack,
          `${call} through membrane ${terms.membrane} gave ${row.object} ${row.id} unwrapped`,
        );
      }
    }
  },
});

/** Whether a capability is one that nobody got through a membrane. */
function wasOurs({ capabilities }: KernelState, id: number): boolean {
  for (const [, row] of heldSlots(capabilities)) if (row.id === id) return true;
  return false;
}

export const membraneLaws: readonly Law[] = [membranes, throughMembranes];
