/**
 * What has to follow from an event at once, before anybody asks for anything: an object that nobody holds any more is destroyed, with
 * all that it kept, and what it cost goes back. As all deciders it looks at the state, after the event, and changes nothing; one
 * consequence at a time, because each changes what follows.
 */
import { dueKeys } from "../../core/heap.ts";
import { peek, rowsOf } from "../../core/table.ts";
import {
  addressOf,
  KEPT_SLOT,
  ownerOfTable,
  SENT_THROUGH,
  slotOf,
  space,
  spaceOf,
} from "../capabilities/address.ts";
import { removedOf } from "../capabilities/capability-event.ts";
import type { CapabilitiesState, Capability } from "../capabilities/capability-state.ts";
import { isKernelObject } from "../capabilities/kernel-objects.ts";
import { rowAt, spaceTables } from "../capabilities/slots.ts";
import type { KernelEvent, KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Placed, removal, withAllBelow } from "./revoke-capability.ts";

/** Whether a fact is of a kind that can lead to others. */
export const mayLeadOn = ({ type }: KernelFact): boolean =>
  type === "capability/closed" || type === "capability/removed" || type === "object/destroyed";

/** The next fact that an event leads to, given all that it has led to already; null when there is none any more. */
export function nextConsequence(state: KernelState, event: KernelEvent): KernelFact | null {
  const { capabilities } = state;
  switch (event.type) {
    case "capability/closed":
      return isKernelObject(event.object) ? endOf(capabilities, event.target) : null;
    case "capability/removed":
      for (const [kind, target, address] of removedOf(event)) {
        const unsent = isSentThrough(address)
          ? keptBy(capabilities, ownerOfTable(address), space.messages)
          : null;
        const end = unsent ?? (isKernelObject(kind) ? endOf(capabilities, target) : null);
        if (end !== null) return end;
      }
      return null;
    case "object/destroyed":
      return event.budget === 0 ? null : endOf(capabilities, event.budget);
    default:
      return null;
  }
}

/** How an object ends that nobody holds: first what it keeps goes, then it. Null if it does not. */
function endOf(capabilities: CapabilitiesState, target: number): KernelFact | null {
  const object = peek(capabilities.objects, target);
  if (object === null || object.holders > 0) return null;
  const { kind, budget, bytes } = object;
  // What is paid for from a budget holds it: else nobody would get back what that costs.
  if (kind === "budget" && (peek(capabilities.budgets, target)?.used ?? 0) > 0) return null;
  const kept = keptBy(capabilities, target);
  if (kept !== null) return kept;
  return { type: "object/destroyed", object: kind, target, budget, bytes };
}

/** Whether a message lay there: what went with it goes nowhere any more. */
const isSentThrough = (address: number): boolean =>
  spaceOf(address) === space.messages && slotOf(address) === SENT_THROUGH;

/** The first step of taking away what an object keeps, or what went with a message; null if there is nothing. */
function keptBy(
  capabilities: CapabilitiesState,
  owner: number,
  where: typeof space.kept | typeof space.messages = space.kept,
): KernelFact | null {
  const table = peek(spaceTables(capabilities, where), owner);
  if (table === null) return null;
  const root = addressOf(where, owner, KEPT_SLOT);
  const placed = [...rowsOf(table.slots)].map(([slot, row]): Placed => [addressOf(where, owner, slot), row]);
  const why = where === space.kept ? "object-destroyed" : "cancelled";
  return removal(placed, { by: 0, why, root })[0] ?? null;
}

/** Leases that are over at kernel time `at`, with all that came of them: the facts of the first one; none if there is none. */
export function lapsedAt({ capabilities }: KernelState, at: number): readonly KernelFact[] {
  const [address] = dueKeys(capabilities.leases, at);
  if (address === undefined) return [];
  const row = rowAt(capabilities, address) as Capability;
  // What was opened by one of its uses outlives the last of them; what was lent for a time does not.
  const doomed: Iterable<Placed> =
    row.terms?.uses === 0 ? [[address, row]] : withAllBelow(capabilities, address, row);
  return removal(doomed, { by: row.id, why: "lapsed", root: address });
}
