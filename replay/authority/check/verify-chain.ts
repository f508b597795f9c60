/**
 * Verifies a claim of why an event could happen (law G1). What it says is checked link by link against recorded events, which it asks for
 * itself: that the capability was there, was held by that process at that step, allowed it, and came of the next one, up to one that
 * the machine granted before its process had done anything. It shares no code with whoever explains, decides or folds.
 */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { type Chain, type ChainLink, MAX_LINKS } from "./chain.ts";
import type { EventSource } from "./event-source.ts";
import { at, type HeldRow, isIn, isOf, ownerAt, slotAt, spaceAt } from "./held-slots.ts";
import { judgeDerivation } from "./judge-derivation.ts";
import { type HoldsSome, judgeUse } from "./judge-use.ts";
import { type PlacedRow, rowBefore, wasMadeOf } from "./row-at.ts";
import { ruleOf } from "./use-rules.ts";
import { verifyBoot } from "./verify-boot.ts";

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
      if (rule.by === "nobody" || isMachines(event) || isOwnLoss(event)) return accept();
      return refuse(event.seq, `${event.type} needs authority`);
    }
    case "capability":
      return verifyLinks(events, event, chain.links);
  }
}

const isGrant = (event: KernelEvent): boolean =>
  event.type === "capability/granted" || (event.type === "object/created" && event.by === 0);

/** What the machine did itself: nobody held anything yet. */
const isMachines = (event: KernelEvent): boolean => event.pid === 0 && event.call < 0 && named(event) <= 0;

/** What a process gives up as it ends, of its services and of what it has sent, and what came with a message and it has no room for. */
function isOwnLoss(event: KernelEvent): boolean {
  if (event.type !== "capability/removed" || event.by !== 0 || event.removed.length === 0) return false;
  const { pid, why, removed } = event;
  const isMeant = (address: number): boolean =>
    why === "holder-ended"
      ? isIn(address, at.messages, pid) || isIn(address, at.services, pid)
      : why === "taken" && spaceAt(address) === at.messages && slotAt(address) !== 0;
  return removed.every((each, place) => place % 3 !== 0 || isMeant(each));
}

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

/** What may be done with a slot from which a capability was taken. */
const onVoid: ReadonlySet<string> = new Set(["capability/closed", "capability/moved", "capability/examined"]);

/** Why a capability that was found may not have been used as an event says; null if it may. */
function judgeStep(
  events: EventSource,
  event: KernelEvent,
  link: ChainLink,
  { row, address }: PlacedRow,
): string | null {
  if (row.object === "void" && !onVoid.has(event.type)) return `capability #${row.id} was taken away`;
  const holdsSome = besideOf(events, link, row, isOf(address, event.pid));
  if (event.type === "capability/derived") {
    if (event.from !== address) return `capability #${row.id} does not lie at address ${event.from}`;
    const descends = (id: number, ancestor: number): boolean => wasMadeOf(events, id, ancestor);
    return judgeDerivation(event, row, { holdsSome, brandOf: () => -1, descends }) ?? denyBoot(events, event);
  }
  // What lapses, or lies with an object, the machine takes back itself.
  if (event.type === "capability/removed" && event.pid === 0) return null;
  if (event.type === "capability/used")
    return event.place === address ? null : `capability #${row.id} lay elsewhere`;
  if (event.type === "capability/carried" && spaceAt(address) === at.messages)
    return denyMore(event, row) ?? denyReceipt(events, event, address);
  const rule = ruleOf(event);
  const isBound = event.pid === 0 && event.type === "notification/signalled" && spaceAt(address) === at.kept;
  const isService = rule.by === "capability" && rule.use.isService === true;
  if (!isBound && !isIn(address, isService ? at.services : at.process, event.pid))
    return `capability #${row.id} is not held by process ${event.pid}`;
  if (event.type === "capability/carried" || event.type === "capability/narrowed")
    return denyMore(event, row);
  if (rule.by !== "capability") return null;
  return judgeUse(event, rule.use, { row, known: nothingKnown, holdsSome });
}

/** So many events are about one message, or one start of a process, at most. */
const MAX_TOGETHER = 256;

/** What boot endows a process with, before that begins, and what a process inherits of whoever starts it: why that was not so. */
function denyBoot(
  events: EventSource,
  event: Extract<KernelEvent, { type: "capability/derived" }>,
): string | null {
  if (event.how === "endowed") return verifyBoot(events, event);
  if (event.how === "given" && isOf(event.to, event.pid)) return denyReceipt(events, event, event.from);
  if (event.how !== "inherited") return null;
  const { pid, from } = event;
  const spawner = ownerAt(from);
  for (let seq = event.seq + 1; seq < event.seq + MAX_TOGETHER; seq += 1) {
    const next = events.eventAt(seq);
    if (next?.type === "process/spawned" && next.child === pid && next.pid === spawner) return null;
    const isMeanwhile =
      next?.type === "capability/used" || (next?.type === "capability/derived" && next.pid === pid);
    if (!isMeanwhile) break;
  }
  return `process ${spawner} did not start process ${pid}`;
}

/** What comes in front of a message that brings something. */
const arrives: ReadonlySet<string> = new Set([
  "capability/carried",
  "capability/derived",
  "capability/removed",
  "capability/used",
]);

/** What lies in a message goes to whoever receives that, or has the reply to its own. */
function denyReceipt(
  events: EventSource,
  event: Extract<KernelEvent, { type: "capability/carried" | "capability/derived" }>,
  address: number,
): string | null {
  const { pid } = event;
  // What it was before it was wrapped lies wherever that was.
  const sender = spaceAt(address) === at.messages ? ownerAt(address) : -1;
  for (let seq = event.seq + 1; seq < event.seq + MAX_TOGETHER; seq += 1) {
    const next = events.eventAt(seq);
    if (next === null || next.pid !== pid) break;
    if (next.type === "ipc/received" && (sender < 0 || next.sender === sender)) return null;
    if (next.type === "ipc/answered" && sender === pid) return null;
    if (!arrives.has(next.type)) break;
  }
  return `process ${pid} did not receive what process ${sender} sent`;
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
