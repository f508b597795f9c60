/** Deciders of tables that guests make: what they hold, whoever holds the table can fetch, and hand on as one. */
import { errno } from "../../core/errno.ts";
import { tableRight } from "../../core/object-rights.ts";
import { addressOf, space } from "../capabilities/address.ts";
import { isSpent } from "../capabilities/capability-selectors.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { rowAt } from "../capabilities/slots.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, refuse, refusedOf } from "./decision.ts";
import { derivedFact, weakened } from "./derive-capability.ts";
import type { FoldosRequestOf } from "./foldos-request.ts";
import { isRefused } from "./held.ts";
import { crossed, crossingBack, crossingOf } from "./wrap-capability.ts";
import { derivable, freeAddress, refuseDerivation, usable } from "./usable.ts";

/** Places of a table. */
export const TABLE_SLOTS = 65_536;

/** A copy of what lies in a table. Through a weak table, a weak one (EROS: weakness is transitive). */
export function fetchCapability(
  state: KernelState,
  { pid, at }: { readonly pid: number; readonly at: number },
  { fd, index }: FoldosRequestOf<"table_fetch">,
): Decision {
  const table = usable(state, pid, fd, { object: "table", rights: tableRight.fetch });
  if (table.kind === "refused") return table;
  if (index >= TABLE_SLOTS) return refuse(errno.inval, "no-place");
  const address = addressOf(space.kept, table.capability.target, index);
  const capability = rowAt(state.capabilities, address);
  if (capability === null) return refuse(errno.noent, "empty-place");
  if (isSpent(capability, at)) return refuse(errno.stale, "contents-gone");
  const refused = refuseDerivation(state, address, capability);
  if (refused !== null) return refused;
  const to = freeAddress(state, pid);
  if (typeof to !== "number") return to;
  return takenOut(state, table.capability, { address, capability }, { to, how: "fetched" });
}

/**
 * A copy of what lies in a table or a box, on the terms of that: through what is weak, weak (EROS: weakness is transitive); through what
 * ends at a time, until then; through a membrane, wrapped.
 */
export function takenOut(
  state: KernelState,
  container: Capability,
  source: { readonly address: number; readonly capability: Capability },
  place: { readonly to: number; readonly how: "fetched" | "unsealed" },
): Decision {
  const through = crossed(state, source, crossingBack(container));
  if (isRefused(through)) return through;
  const limits = [container.terms?.until ?? 0, source.capability.terms?.until ?? 0].filter(
    (limit) => limit > 0,
  );
  const until = limits.length === 0 ? 0 : Math.min(...limits);
  const looks = container.terms?.isWeak === true ? weakened(through.source.capability) : {};
  return facts(derivedFact(through.source, place, { ...through.changes, ...looks, until }));
}

/**
 * Puts a copy of a capability into a table. Neither tables nor boxes go into tables: what keeps others would keep itself, and nobody
 * could ever destroy it.
 */
export function storeCapability(
  state: KernelState,
  pid: number,
  { fd, index, stored }: FoldosRequestOf<"table_store">,
): Decision {
  const table = usable(state, pid, fd, { object: "table", rights: tableRight.store });
  if (table.kind === "refused") return table;
  const source = derivable(state, pid, stored);
  if (source.kind === "refused") return source;
  const { object } = source.capability;
  if (index >= TABLE_SLOTS) return refuse(errno.inval, "no-place");
  if (object === "table" || object === "box") return refusedOf(stored, refuse(errno.inval, "keeps-others"));
  const to = addressOf(space.kept, table.capability.target, index);
  if (rowAt(state.capabilities, to) !== null) return refuse(errno.exist, "place-in-use");
  const through = crossed(state, source, crossingOf(table.capability));
  if (isRefused(through)) return through;
  return facts(derivedFact(through.source, { to, how: "stored" }, through.changes));
}
