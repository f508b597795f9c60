/**
 * Explains why an event could happen: by which capability, what that was made of, and so on to what boot granted. A capability's id is
 * the seq of the event that made it, so each step is one look-up. The explanation is a claim, to be verified (check/verify-chain.ts).
 */
import { peek, rowsOf } from "../../core/table.ts";
import type { CapabilitiesState, Capability } from "../../reducers/capabilities/capability-state.ts";
import { ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { brandRight, contextRight, membraneRight, tableRight } from "../../core/object-rights.ts";
import { right } from "../../core/rights.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { type Chain, type ChainLink, MAX_LINKS } from "./check/chain.ts";
import type { EventSource } from "./check/event-source.ts";

/** Others that are needed beside the capability that an event names: so many are told at most. */
const MAX_BESIDE = 8;

/** Why an event could happen; null if the log has none with this seq. `stateBefore` is asked where an event does not say all. */
export function explainEffect(
  events: EventSource,
  seq: number,
  stateBefore: (seq: number) => KernelState,
): Chain | null {
  const event = events.eventAt(seq);
  if (event === null) return null;
  if (!("by" in event) || event.by === 0) return { kind: "none", seq };
  const links: ChainLink[] = [];
  for (let used: KernelEvent | null = event; used !== null && links.length < MAX_LINKS; ) {
    if (!("by" in used) || used.by <= 0 || used.by >= used.seq) break;
    links.push({ id: used.by, seq: used.seq, pid: used.pid, beside: besideOf(used, stateBefore) });
    used = events.eventAt(used.by);
  }
  return { kind: "capability", seq, links };
}

/** The other capabilities that an event needed, as the state before it has them. */
function besideOf(event: KernelEvent, stateBefore: (seq: number) => KernelState): readonly number[] {
  const needs = needsOf(event);
  if (needs.length === 0) return [];
  const { capabilities } = stateBefore(event.seq);
  const table = peek(capabilities.tables, event.pid);
  if (table === null) return [];
  const rows = [...rowsOf(table.slots)].map(([, row]) => row);
  return needs.flatMap((isMeant) =>
    rows
      .filter((row) => isMeant(row, capabilities))
      .slice(0, MAX_BESIDE)
      .map(({ id }) => id),
  );
}

type Need = (row: Capability, capabilities: CapabilitiesState) => boolean;

const needs =
  (object: Capability["object"], rights: number, target: number): Need =>
  (row) =>
    row.object === object && (row.rights & rights) === rights && row.target === target;

const needsSome =
  (object: Capability["object"], right: number): Need =>
  (row) =>
    row.object === object && (row.rights & right) === right;

/** Out of what is held through a membrane comes what something was before it went in. */
const isWrapped =
  (kind: Capability["object"]): Need =>
  ({ object, terms }) =>
    object === kind && (terms?.membrane ?? 0) !== 0;

/** What an event needs beside the capability that it names: something of each. */
function needsOf(event: KernelEvent): readonly Need[] {
  if (event.type === "name/renamed") return [(row) => (row.rights & right.pathRenameTarget) !== 0];
  if (event.type === "name/linked") return [(row) => (row.rights & right.pathLinkSource) !== 0];
  if (event.type !== "capability/derived") return [];
  const { from, to, membrane, weak } = event;
  const table = (rights: number, address: number): Need => needs("table", rights, ownerOfTable(address));
  const isSame: Need = ({ object, target, terms, rights, inheriting }) =>
    object === event.object &&
    target === event.target &&
    (terms?.membrane ?? 0) !== 0 &&
    (event.rights & ~rights) === 0 &&
    (event.inheriting & ~inheriting) === 0;
  switch (event.how) {
    case "fetched": {
      const fetches = table(tableRight.fetch, from);
      return [(row, all) => fetches(row, all) && (weak || row.terms?.isWeak !== true), isWrapped("table")];
    }
    case "stored":
      return [table(tableRight.store, to), isSame];
    case "sealed":
      return [({ object, rights }) => object === "brand" && (rights & brandRight.seal) !== 0];
    case "unsealed": {
      const box = ownerOfTable(from);
      const opens: Need = (row, { objects }) =>
        row.object === "brand" &&
        (row.rights & brandRight.unseal) !== 0 &&
        row.target === peek(objects, box)?.detail;
      return [needs("box", 0, box), opens, isWrapped("box"), needsSome("brand", brandRight.unseal)];
    }
    case "wrapped":
      return [needs("membrane", membraneRight.wrap, membrane)];
    case "endowed":
      // What a context signals lies in it, and the process that has the context was endowed with that.
      return spaceOf(to) === space.kept ? [needs("context", contextRight.bind, ownerOfTable(to))] : [];
    case "bound":
      return [({ target }) => target === ownerOfTable(to)];
    case "given":
      // Back through a membrane goes what something was before: whoever gives it holds it as it is behind.
      return [isSame];
    default:
      return [];
  }
}
