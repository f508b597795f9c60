import { unreachable } from "../../core/assert.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, peek, remove, set } from "../../core/table.ts";
import { ownerOfTable, SENT_THROUGH, slotOf, space, spaceOf } from "../capabilities/address.ts";
import { type CapabilityEvent, eachRemoved } from "../capabilities/capability-event.ts";
import type { ProcessEvent } from "../processes/process-event.ts";
import type { IpcEvent } from "./ipc-event.ts";
import type { Exchange, IpcState } from "./ipc-state.ts";
import { dequeue, enqueue } from "./sender-queue.ts";

const endpointsIn = ownerOf<IpcState>()("endpoints");
const notificationsIn = ownerOf<IpcState>()("notifications");
const exchangesIn = ownerOf<IpcState>()("exchanges");

export type IpcInput =
  | IpcEvent
  | Extract<ProcessEvent, { type: "process/exited" | "process/trapped" | "process/killed" }>
  | Extract<
      CapabilityEvent,
      { type: "object/created" | "object/destroyed" | "capability/closed" | "capability/removed" }
    >;

export const reduceIpc: Reducer<IpcState, IpcInput> = (ipc, event) => {
  switch (event.type) {
    case "object/created":
      return create(ipc, event.object, event.target);
    case "object/destroyed":
      if (event.object === "endpoint") remove(endpointsIn(ipc), event.target);
      if (event.object === "notification") remove(notificationsIn(ipc), event.target);
      return;
    case "ipc/sent":
      set(exchangesIn(ipc), event.pid, newExchange(event));
      return enqueue(ipc, event.pid);
    case "ipc/received": {
      dequeue(ipc, event.sender);
      const exchange = edit(exchangesIn(ipc), event.sender);
      exchange.status = "taken";
      exchange.server = event.pid;
      return;
    }
    case "ipc/replied": {
      const exchange = edit(exchangesIn(ipc), event.caller);
      exchange.status = "replied";
      exchange.position = event.position;
      exchange.length = event.length;
      return;
    }
    case "ipc/answered":
    case "ipc/delivered":
      return remove(exchangesIn(ipc), event.pid);
    case "notification/signalled": {
      const notification = edit(notificationsIn(ipc), event.notification);
      notification.isPending = true;
      notification.bits = (notification.bits | event.bits) >>> 0;
      return;
    }
    case "notification/taken": {
      const notification = edit(notificationsIn(ipc), event.notification);
      notification.isPending = false;
      notification.bits = 0;
      return;
    }
    case "process/exited":
    case "process/trapped":
    case "process/killed":
      return forget(ipc, event.pid);
    case "capability/closed":
      if (event.object === "reply") cancel(ipc, event.target);
      return;
    case "capability/removed":
      return cancelAll(ipc, event);
    default:
      unreachable(event);
  }
};

function create(ipc: Own<IpcState>, kind: string, target: number): void {
  if (kind === "endpoint") set(endpointsIn(ipc), target, { epoch: FRESH, first: 0, last: 0, count: 0 });
  if (kind === "notification") set(notificationsIn(ipc), target, { epoch: FRESH, isPending: false, bits: 0 });
}

function newExchange(event: Extract<IpcEvent, { type: "ipc/sent" }>): Exchange {
  const { endpoint, badge, awaitsReply, mayReturn, position, length } = event;
  return {
    epoch: FRESH,
    status: "queued",
    endpoint,
    badge,
    awaitsReply,
    mayReturn,
    position,
    length,
    server: 0,
    before: 0,
    behind: 0,
  };
}

/** What was sent through a capability that is no more was never sent; who waits for a reply that nobody can give waits in vain. */
function cancelAll(ipc: Own<IpcState>, event: { readonly removed: readonly number[] }): void {
  if (ipc.exchanges.root === null) return;
  eachRemoved(event, (kind, target, address) => {
    if (kind === "reply") cancel(ipc, target);
    else if (spaceOf(address) === space.messages && slotOf(address) === SENT_THROUGH)
      cancel(ipc, ownerOfTable(address));
  });
}

/** Who has ended waits for nothing: not for a reply either that came too late. */
function forget(ipc: Own<IpcState>, pid: number): void {
  const exchange = peek(ipc.exchanges, pid);
  if (exchange === null) return;
  if (exchange.status === "queued") dequeue(ipc, pid);
  remove(exchangesIn(ipc), pid);
}

/** Ends an exchange that has no reply yet: its sender finds that out when it asks again. */
function cancel(ipc: Own<IpcState>, pid: number): void {
  if (peek(ipc.exchanges, pid)?.status !== "replied") forget(ipc, pid);
}
