/** Which right an event exercises that comes of a call of the module `foldos`: see use-rules.ts. */
import {
  brandRight,
  budgetRight,
  contextRight,
  endpointRight,
  membraneRight,
  processRight,
  replyRight,
  tableRight,
} from "../../core/object-rights.ts";
import { peek } from "../../core/table.ts";
import { ownerOfTable } from "../../reducers/capabilities/address.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { HeldRights, UseMarks } from "./use-marks.ts";

type Of<Each extends KernelEvent["type"]> = Extract<KernelEvent, { readonly type: Each }>;
type Rule<Event> = (ledger: UseMarks, event: Event) => void;

/** What a capability is made of hands on its rights; where it lies, and by what it was made, needs others. */
export const derived: Rule<Of<"capability/derived">> = (ledger, event) => {
  if (ledger.isOwn(event.from)) ledger.handOn(ledger.heldAs(event.by), event);
  if (event.pid !== ledger.pid) return;
  const objects = ledger.state.capabilities.objects;
  const useAll = (held: Iterable<HeldRights>, rights: number): void => {
    for (const each of held) ledger.oneOf(each, rights);
  };
  if (event.how === "bound" && event.object === "context")
    ledger.use(ledger.heldAs(event.by), contextRight.bind);
  if (event.how === "stored") useAll(ledger.heldTo("table", ownerOfTable(event.to)), tableRight.store);
  if (event.how === "fetched") useAll(ledger.heldTo("table", ownerOfTable(event.from)), tableRight.fetch);
  if (event.how === "wrapped") useAll(ledger.heldTo("membrane", event.membrane), membraneRight.wrap);
  if (event.how === "unsealed") {
    const brand = peek(objects, ownerOfTable(event.from))?.detail ?? 0;
    useAll(ledger.heldTo("brand", brand), brandRight.unseal);
  }
  if (event.how !== "given") return;
  ledger.hasGiven = true;
  // Through a membrane goes what it was before: whose rights bounded it, the event does not say.
  if (ledger.isOwn(event.from)) return;
  for (const held of ledger.heldTo(event.object, event.target))
    if (held.isInMembrane) ledger.perhaps(held, held.rights, held.inheriting);
};

export const created: Rule<Of<"object/created">> = (ledger, event) => {
  ledger.use(ledger.heldAs(event.by), event.object === "budget" ? budgetRight.split : budgetRight.spend);
  if (event.object !== "box" || event.pid !== ledger.pid) return;
  for (const brand of ledger.heldTo("brand", event.detail)) ledger.oneOf(brand, brandRight.seal);
};

export const sent: Rule<Of<"ipc/sent">> = (ledger, event) => {
  const held = ledger.heldAs(event.by);
  ledger.use(held, endpointRight.send | (ledger.hasGiven ? endpointRight.grant : 0));
  ledger.hasGiven = false;
  const returns =
    ((held?.rights ?? 0) & endpointRight.grant) === 0 ? endpointRight.grantReply : endpointRight.grant;
  if (event.mayReturn) ledger.perhaps(held, returns);
};

export const replied: Rule<Of<"ipc/replied">> = (ledger, event) => {
  ledger.use(ledger.heldAs(event.by), replyRight.reply | (ledger.hasGiven ? replyRight.grant : 0));
  ledger.hasGiven = false;
};

/** Messages with a badge were cancelled, or all that came through a membrane was taken; all else that is taken away needs no right. */
export const removed: Rule<Of<"capability/removed">> = (ledger, event) => {
  if (event.why === "unbound") ledger.use(ledger.heldAs(event.by), contextRight.bind);
  if (event.why === "cancelled" && event.by !== 0) ledger.use(ledger.heldAs(event.by), endpointRight.receive);
  const held = event.why === "revoked" ? ledger.heldAs(event.by) : null;
  if (held?.object === "membrane") ledger.oneOf(held, membraneRight.revoke);
};

/** By the right to schedule two processes: the one whose priority it is, and the one whose ceiling counts. */
export const ranked: Rule<Of<"priority/changed">> = (ledger, event) => {
  ledger.use(ledger.heldAs(event.by), processRight.schedule);
  ledger.use(ledger.heldAs(event.authority), processRight.schedule);
};
