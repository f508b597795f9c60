/**
 * Verifies a claim of why an event could happen (law G1). What it says is checked link by link against recorded events, which it asks for
 * itself: that the capability was there, was held by that process at that step, allowed it, and came of the next one, up to one that
 * the machine granted before its process had done anything. It shares no code with whoever explains, decides or folds.
 */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { type Chain, type ChainLink, MAX_LINKS } from "./chain.ts";
import type { EventSource } from "./event-source.ts";
import { type HeldRow, isOf } from "./held-slots.ts";
import { judgeDerivation } from "./judge-derivation.ts";
import { type HoldsSome, judgeUse } from "./judge-use.ts";
import { type PlacedRow, rowBefore } from "./row-at.ts";
import { ruleOf } from "./use-rules.ts";
import { verifyBoot } from "./verify-boot.ts";
import { verifyService } from "./verify-service.ts";

/** A link as it was found to be. */
export interface VerifiedLink {
  readonly id: number;
  readonly seq: number;
  readonly pid: number;
  readonly address: number;
  /** Its rights at that step, and what it was of. */
  readonly row: HeldRow;
}

export type Verdict =
  | { readonly ok: true; readonly links: readonly VerifiedLink[] }
  | { readonly ok: false; readonly seq: number; readonly why: string };

const refuse = (seq: number, why: string): Verdict => ({ ok: false, seq, why });
const accept = (links: readonly VerifiedLink[] = []): Verdict => ({ ok: true, links });

/** Events are of one process each and name a capability, or none. */
const named = (event: KernelEvent): number => ("by" in event ? event.by : -1);

export function verifyChain(events: EventSource, chain: Chain): Verdict {
  const event = events.eventAt(chain.seq);
  if (event === null) return refuse(chain.seq, "there is no such event");
  const rule = ruleOf(event);
  switch (chain.kind) {
    case "none": {
      if (isGrant(event)) {
        const forged = verifyBoot(events, event);
        return forged === null ? accept() : refuse(event.seq, forged);
      }
      if (rule.by === "nobody" || isMachines(event)) return accept();
      return refuse(event.seq, `${event.type} needs authority`);
    }
    case "service": {
      if (rule.by !== "service") return refuse(event.seq, `${event.type} is no use of a service`);
      const why = verifyService(events, event, { ...chain, service: rule.service(event) });
      return why === null ? accept() : refuse(event.seq, why);
    }
    case "capability":
      return verifyLinks(events, event, chain.links);
  }
}

const isGrant = (event: KernelEvent): boolean =>
  event.type === "capability/granted" || (event.type === "object/created" && event.by === 0);

/** What the machine did itself: nobody held anything yet. */
const isMachines = (event: KernelEvent): boolean => event.pid === 0 && event.call < 0 && named(event) <= 0;

function verifyLinks(events: EventSource, effect: KernelEvent, links: readonly ChainLink[]): Verdict {
  if (links.length > MAX_LINKS) return refuse(effect.seq, "the chain has no end");
  const verified: VerifiedLink[] = [];
  let event = effect;
  for (const [place, link] of links.entries()) {
    if (link.id !== named(event) || link.seq !== event.seq || link.pid !== event.pid)
      return refuse(event.seq, `it is not capability #${link.id} of process ${link.pid} that was used`);
    const found = rowBefore(events, link.id, link.seq);
    if (typeof found === "string") return refuse(event.seq, found);
    const why = judgeStep(events, event, link, found);
    if (why !== null) return refuse(event.seq, why);
    verified.push({ ...link, address: found.address, row: found.row });
    const birth = events.eventAt(link.id) as KernelEvent;
    if (named(birth) <= 0) {
      if (place < links.length - 1) return refuse(birth.seq, "the chain goes on behind its end");
      const forged = verifyBoot(events, birth);
      return forged === null ? accept(verified) : refuse(birth.seq, forged);
    }
    event = birth;
  }
  return refuse(event.seq, "the chain ends before it comes to what boot granted");
}

/** Why a capability that was found may not have been used as an event says; null if it may. */
function judgeStep(
  events: EventSource,
  event: KernelEvent,
  link: ChainLink,
  { row, address }: PlacedRow,
): string | null {
  const holdsSome = besideOf(events, link, row, isOf(address, event.pid));
  if (event.type === "capability/derived") {
    if (event.from !== address) return `capability #${row.id} does not lie at address ${event.from}`;
    return judgeDerivation(event, row, { holdsSome, brandOf: () => -1 });
  }
  // What lapses, or lies with an object, the machine takes back itself.
  if (event.type === "capability/removed" && event.pid === 0) return null;
  if (event.type === "capability/used")
    return event.address === address ? null : `capability #${row.id} lay elsewhere`;
  if (!isOf(address, event.pid)) return `capability #${row.id} is not held by process ${event.pid}`;
  if (event.type === "capability/carried") return denyMore(event, row);
  if (event.type === "capability/narrowed") return denyMore(event, row);
  const rule = ruleOf(event);
  if (rule.by !== "capability") return null;
  return judgeUse(event, rule.use, { row, known: nothingKnown, holdsSome });
}

const nothingKnown = { positionOf: () => null, sizeOf: () => null } as const;

const denyMore = (
  event: { readonly rights: number; readonly inheriting: number },
  row: HeldRow,
): string | null =>
  (event.rights & ~row.rights) === 0 && (event.inheriting & ~row.inheriting) === 0
    ? null
    : `capability #${row.id} would have more rights than before`;

/** The other capabilities that a link names, as far as its process held them at that step. */
function besideOf(
  events: EventSource,
  { beside, seq, pid }: ChainLink,
  row: HeldRow,
  isHeld: boolean,
): HoldsSome {
  const rows = isHeld ? [row] : [];
  for (const id of beside) {
    const found = rowBefore(events, id, seq);
    if (typeof found !== "string" && isOf(found.address, pid)) rows.push(found.row);
  }
  return (test) => rows.some((each) => test(each));
}
