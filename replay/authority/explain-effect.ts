/**
 * Explains why an event could happen: by which capability, what that was made of, and so on to what boot granted. A capability's id is
 * the seq of the event that made it, so each step is one look-up. The explanation is a claim, to be verified (check/verify-chain.ts).
 */
import { peek, rowsOf } from "../../core/table.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { ownerOfTable } from "../../reducers/capabilities/address.ts";
import { right } from "../../core/rights.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { type Chain, type ChainLink, MAX_LINKS } from "./check/chain.ts";
import type { EventSource } from "./check/event-source.ts";

/** Recorded events, and where each process begins among them. */
export interface ProcessLog extends EventSource {
  /** The event that started a process; -1 if none did. */
  startOf(pid: number): number;
}

/** Others that are needed beside the capability that an event names: so many are told at most. */
const MAX_BESIDE = 8;

const services: ReadonlySet<KernelEvent["type"]> = new Set([
  "clock/read",
  "clock/resolution-read",
  "entropy/drawn",
]);

/** Why an event could happen; null if the log has none with this seq. `stateBefore` is asked where an event does not say all. */
export function explainEffect(
  events: ProcessLog,
  seq: number,
  stateBefore: (seq: number) => KernelState,
): Chain | null {
  const event = events.eventAt(seq);
  if (event === null) return null;
  if (services.has(event.type)) return explainService(events, event);
  if (!("by" in event) || event.by === 0) return { kind: "none", seq };
  const links: ChainLink[] = [];
  for (let used: KernelEvent | null = event; used !== null && links.length < MAX_LINKS; ) {
    if (!("by" in used) || used.by <= 0 || used.by >= used.seq) break;
    links.push({ id: used.by, seq: used.seq, pid: used.pid, beside: besideOf(used, stateBefore) });
    used = events.eventAt(used.by);
  }
  return { kind: "capability", seq, links };
}

function explainService(events: ProcessLog, { seq, pid }: KernelEvent): Chain {
  const startedAt = events.startOf(pid);
  for (let each = startedAt + 1; startedAt >= 0 && each < seq; each += 1) {
    const event = events.eventAt(each);
    if (event === null || (event.pid === pid && event.call >= 0)) break;
    if (event.pid === pid && event.type === "process/entitled")
      return { kind: "service", seq, startedAt, saidAt: each };
    if (event.type === "process/scheduled" && event.pid === pid) break;
  }
  return { kind: "service", seq, startedAt, saidAt: -1 };
}

/** The other capabilities that an event needed, as the state before it has them. */
function besideOf(event: KernelEvent, stateBefore: (seq: number) => KernelState): readonly number[] {
  const isMeant = needOf(event);
  if (isMeant === null) return [];
  const table = peek(stateBefore(event.seq).capabilities.tables, event.pid);
  if (table === null) return [];
  const found: number[] = [];
  for (const [, row] of rowsOf(table.slots)) {
    if (!isMeant(row)) continue;
    if (found.push(row.id) === MAX_BESIDE) break;
  }
  return found;
}

/** What an event needs beside the capability that it names; null if nothing. */
function needOf(event: KernelEvent): ((row: Capability) => boolean) | null {
  if (event.type === "name/renamed") return (row) => (row.rights & right.pathRenameTarget) !== 0;
  if (event.type === "name/linked") return (row) => (row.rights & right.pathLinkSource) !== 0;
  if (event.type !== "capability/derived") return null;
  const { from, to, membrane } = event;
  switch (event.how) {
    case "fetched":
      return ({ object, target }) => object === "table" && target === ownerOfTable(from);
    case "stored":
      return ({ object, target }) => object === "table" && target === ownerOfTable(to);
    case "sealed":
      return ({ object }) => object === "brand";
    case "unsealed":
      return ({ object, target }) =>
        object === "brand" || (object === "box" && target === ownerOfTable(from));
    case "wrapped":
      return ({ object, target }) => object === "membrane" && target === membrane;
    default:
      return null;
  }
}
