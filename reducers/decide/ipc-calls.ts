/**
 * Deciders of messages over endpoints, as seL4 has them: whoever sends waits until somebody receives, whoever calls until there is a
 * reply. What was sent is a fact before anybody waits; a call that had to wait is decided again, by what became of that.
 */
import { errno } from "../../core/errno.ts";
import { endpointRight, replyRight } from "../../core/object-rights.ts";
import { get, peek } from "../../core/table.ts";
import { addressOf, slotOf, SENT_THROUGH, space } from "../capabilities/address.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { rowAt } from "../capabilities/slots.ts";
import { type Exchange, MAX_QUEUE } from "../ipc/ipc-state.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { exchangeOf, messageAt } from "../scheduler/awaited.ts";
import { waitersOf } from "../scheduler/scheduler-selectors.ts";
import { type Decision, facts, parked, refuse, waitsFor } from "./decision.ts";
import type { FoldosAsker } from "./decide-foldos.ts";
import { wouldDonateInCircle } from "./effective-priority.ts";
import { type FoldosRequestOf, MAX_MESSAGE_BYTES } from "./foldos-request.ts";
import { freeSlots, giveAll, takeGiven } from "./give-capabilities.ts";
import { removal, type Placed } from "./revoke-capability.ts";
import { usable } from "./usable.ts";
import { crossingBack, crossingOf } from "./wrap-capability.ts";

type SendRequest = FoldosRequestOf<"ipc_send"> | FoldosRequestOf<"ipc_call">;

/** A message that was cut to the room there is for it. */
const cut = (length: number, capacity: number): number => Math.min(length, capacity);

export function sendMessage(
  state: KernelState,
  asker: FoldosAsker,
  request: FoldosRequestOf<"ipc_send">,
): Decision {
  const exchange = peek(state.ipc.exchanges, asker.pid);
  if (exchange === null)
    return asker.isAgain === true
      ? refuse(errno.canceled, "message-taken-back")
      : queueMessage(state, asker.pid, request);
  return exchange.status === "queued" ? waitsFor(exchangeOf(asker.pid)) : facts({ type: "ipc/delivered" });
}

export function callEndpoint(
  state: KernelState,
  asker: FoldosAsker,
  request: FoldosRequestOf<"ipc_call">,
): Decision {
  const { pid } = asker;
  const exchange = peek(state.ipc.exchanges, pid);
  if (exchange === null)
    return asker.isAgain === true
      ? refuse(errno.canceled, "message-taken-back")
      : queueMessage(state, pid, request);
  if (exchange.status !== "replied") return waitsFor(exchangeOf(pid));
  const taken = takeGiven(state, {
    pid,
    table: pid,
    room: request.slots,
    free: freeSlots(state, pid, request.slots),
    // What came with a reply has crossed on its way.
    crossing: null,
  });
  const { position, length } = exchange;
  return facts(...taken.facts, {
    type: "ipc/answered",
    position,
    length: cut(length, request.capacity),
    slots: taken.slots,
  });
}

function queueMessage(state: KernelState, pid: number, request: SendRequest): Decision {
  const endpoint = usable(state, pid, request.fd, { object: "endpoint", rights: endpointRight.send });
  if (endpoint.kind === "refused") return endpoint;
  const { id: by, target, rights, badge } = endpoint.capability;
  if (request.size > MAX_MESSAGE_BYTES) return refuse(errno.msgsize, "message-too-long");
  if (request.given.length > 0 && (rights & endpointRight.grant) === 0)
    return refuse(errno.notcapable, "needs-grant", endpointRight.grant);
  if (wouldDonateInCircle(state, pid, target)) return refuse(errno.deadlk, "cyclic-donation");
  const crossing = crossingOf(endpoint.capability);
  const given = giveAll(state, { pid, given: request.given, table: pid, crossing });
  if ("kind" in given) return given;
  if (get(state.ipc.endpoints, target).count >= MAX_QUEUE) return refuse(errno.again, "queue-full");
  if (request.call === "ipc_send" && !request.mayWait && !isAwaited(state, target))
    return refuse(errno.again, "nobody-waits");
  const sent: KernelFact = {
    type: "ipc/sent",
    by,
    slot: request.fd,
    endpoint: target,
    badge,
    position: state.head,
    length: request.size,
    awaitsReply: request.call === "ipc_call",
    mayReturn: (rights & (endpointRight.grant | endpointRight.grantReply)) !== 0,
  };
  return parked([...given, sent], waitsFor(exchangeOf(pid)));
}

/** Whether somebody waits for a message, and nobody's stands before. */
const isAwaited = ({ scheduler, ipc }: KernelState, endpoint: number): boolean =>
  scheduler !== undefined &&
  get(ipc.endpoints, endpoint).count === 0 &&
  waitersOf(scheduler, messageAt(endpoint)).length > 0;

export function receiveMessage(
  state: KernelState,
  pid: number,
  request: FoldosRequestOf<"ipc_receive">,
): Decision {
  const endpoint = usable(state, pid, request.fd, { object: "endpoint", rights: endpointRight.receive });
  if (endpoint.kind === "refused") return endpoint;
  const { id: by, target } = endpoint.capability;
  const sender = get(state.ipc.endpoints, target).first;
  if (sender === 0)
    return request.mayWait ? waitsFor(messageAt(target)) : refuse(errno.again, "nothing-sent");
  const exchange = get(state.ipc.exchanges, sender);
  const free = freeSlots(state, pid, request.slots + 1);
  const [reply, ...others] = exchange.awaitsReply ? free : [-1, ...free];
  if (reply === undefined) return refuse(errno.nfile, "table-full");
  const crossing = crossingBack(endpoint.capability);
  const taken = takeGiven(state, { pid, table: sender, room: request.slots, free: others, crossing });
  return facts(
    ...taken.facts,
    received(
      exchange,
      { by, sender, reply, slots: taken.slots, ...wayBack(state, sender, endpoint.capability) },
      request.capacity,
    ),
  );
}

/** The membrane that a reply goes through, seen from who gives it: the receiver's own, or that which the message came through. */
function wayBack(
  { capabilities }: KernelState,
  sender: number,
  endpoint: Capability,
): { readonly membrane: number; readonly inside: boolean } {
  const own = crossingOf(endpoint);
  if (own !== null) return { membrane: own.membrane, inside: own.fromInside };
  const sent = rowAt(capabilities, addressOf(space.messages, sender, SENT_THROUGH))?.terms ?? null;
  if (sent === null || sent.membrane === 0) return { membrane: 0, inside: false };
  return { membrane: sent.membrane, inside: !sent.isInside };
}

function received(
  { endpoint, badge, position, length }: Exchange,
  who: {
    readonly by: number;
    readonly sender: number;
    readonly reply: number;
    readonly slots: readonly number[];
    readonly membrane: number;
    readonly inside: boolean;
  },
  capacity: number,
): KernelFact {
  return { type: "ipc/received", endpoint, badge, position, length: cut(length, capacity), ...who };
}

export function replyToCaller(
  state: KernelState,
  pid: number,
  request: FoldosRequestOf<"ipc_reply">,
): Decision {
  const reply = usable(state, pid, request.fd, { object: "reply", rights: replyRight.reply });
  if (reply.kind === "refused") return reply;
  const { id: by, target: caller, rights } = reply.capability;
  if (request.size > MAX_MESSAGE_BYTES) return refuse(errno.msgsize, "message-too-long");
  if (request.given.length > 0 && (rights & replyRight.grant) === 0)
    return refuse(errno.notcapable, "needs-grant", replyRight.grant);
  const crossing = crossingOf(reply.capability);
  const given = giveAll(state, { pid, given: request.given, table: caller, crossing });
  if ("kind" in given) return given;
  return facts(...given, {
    type: "ipc/replied",
    by,
    slot: slotOf(reply.address),
    caller,
    position: state.head,
    length: request.size,
  });
}

/** Takes back all that was sent with a badge and nobody has received; who sent it is told. */
export function cancelBadged(
  state: KernelState,
  pid: number,
  { fd, badge }: FoldosRequestOf<"ipc_cancel_badged">,
): Decision {
  const endpoint = usable(state, pid, fd, { object: "endpoint", rights: endpointRight.receive });
  if (endpoint.kind === "refused") return endpoint;
  const { id: by, target, badge: own } = endpoint.capability;
  // Who holds a badge speaks for nobody else.
  if (own !== 0) return refuse(errno.perm, "holds-badge");
  const sends = [...sendsOf(state, target)].filter(([, exchange]) => exchange.badge === badge);
  const doomed = sends.flatMap(([sender]): readonly Placed[] => {
    const address = addressOf(space.messages, sender, SENT_THROUGH);
    const row = rowAt(state.capabilities, address);
    return row === null ? [] : [[address, row]];
  });
  return facts(...removal(doomed, { by, why: "cancelled", root: endpoint.address }));
}

/** Who waits at an endpoint, in the order in which they came. */
function* sendsOf({ ipc }: KernelState, endpoint: number): Generator<readonly [number, Exchange]> {
  for (let pid = get(ipc.endpoints, endpoint).first; pid !== 0; ) {
    const exchange = get(ipc.exchanges, pid);
    yield [pid, exchange];
    pid = exchange.behind;
  }
}
