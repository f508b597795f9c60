/** What messages do with capabilities: what one is sent through lies with it, and becomes the right to reply. */
import { unreachable } from "../../core/assert.ts";
import { endpointRight, replyRight } from "../../core/object-rights.ts";
import type { Own } from "../../core/own.ts";
import type { Reducer } from "../../core/reducer.ts";
import type { IpcEvent } from "../ipc/ipc-event.ts";
import { addressOf, SENT_THROUGH, space } from "./address.ts";
import type { CapabilitiesState, Capability } from "./capability-state.ts";
import { add, drop, newRow } from "./rows.ts";
import { rowThatIs } from "./slots.ts";
import { beginTerms, newTerms } from "./terms.ts";

type ExchangeEvent = Extract<IpcEvent, { type: "ipc/sent" | "ipc/received" | "ipc/replied" }>;

export const reduceExchange: Reducer<CapabilitiesState, ExchangeEvent> = (capabilities, event) => {
  switch (event.type) {
    case "ipc/sent":
      return send(capabilities, event);
    case "ipc/received":
      return receive(capabilities, event);
    case "ipc/replied":
      return drop(capabilities, addressOf(space.process, event.pid, event.slot));
    default:
      unreachable(event);
  }
};

const plain = (capabilities: Own<CapabilitiesState>): CapabilitiesState =>
  capabilities as unknown as CapabilitiesState;

/** A copy of what it was sent through lies with the message: who takes that back takes back the message. */
function send(
  capabilities: Own<CapabilitiesState>,
  { pid, slot, seq, by }: Extract<ExchangeEvent, { type: "ipc/sent" }>,
): void {
  const from = addressOf(space.process, pid, slot);
  const { object, target, rights, badge, terms } = rowThatIs(plain(capabilities), from);
  const row = newRow(seq, { object, target, rights: rights & ~endpointRight.receive, inheriting: 0 });
  row.parent = by;
  row.badge = badge;
  const membrane = terms?.membrane ?? 0;
  if (membrane !== 0) row.terms = newTerms({ membrane, isInside: terms?.isInside ?? false });
  put(capabilities, addressOf(space.messages, pid, SENT_THROUGH), row, from);
}

/** The message has arrived: what it was sent through is no longer needed, but to give back an answer by the same way. */
function receive(
  capabilities: Own<CapabilitiesState>,
  event: Extract<ExchangeEvent, { type: "ipc/received" }>,
): void {
  const { pid, seq, sender, reply, membrane, inside: isInside } = event;
  const through = addressOf(space.messages, sender, SENT_THROUGH);
  const { id, rights, parent: holder, above } = rowThatIs(plain(capabilities), through);
  drop(capabilities, through);
  if (reply < 0) return;
  const mayGrant = (rights & (endpointRight.grant | endpointRight.grantReply)) !== 0;
  const allowed = replyRight.reply | (mayGrant ? replyRight.grant : 0);
  const row = newRow(seq, { object: "reply", target: sender, rights: allowed, inheriting: 0 });
  row.parent = id;
  // Nobody is left to hear it once the caller has lost what it called through.
  row.terms = newTerms({ holder, membrane, isInside });
  put(capabilities, addressOf(space.process, pid, reply), row, above);
}

function put(capabilities: Own<CapabilitiesState>, to: number, row: Own<Capability>, above: number): void {
  const { terms } = row;
  add(capabilities, to, row, above);
  if (terms !== null) beginTerms(capabilities, to, terms);
}
