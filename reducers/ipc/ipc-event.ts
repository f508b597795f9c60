import {
  event,
  type EventOf,
  flag,
  length,
  position,
  sint,
  uint,
  uints,
  use,
} from "../../core/event-schema.ts";

/**
 * What processes said to each other. A message's bytes stand in the stream; the capabilities that go with it lie in the sender's
 * message table until it is received (see capabilities/address.ts). An `endpoint` and a `notification` are kernel objects.
 */
export const ipcEvents = {
  /** A message stands in the queue of an endpoint, sent through the capability in `slot`; whoever sent it waits. */
  "ipc/sent": event(120, {
    by: use,
    slot: uint,
    endpoint: uint,
    badge: uint,
    position,
    length,
    /** Whether the sender waits for a reply, and whether capabilities may go with that. */
    awaitsReply: flag,
    mayReturn: flag,
  }),
  /** The first message of a queue was taken. The receiver may reply once, by the capability in slot `reply` (-1: no reply is awaited). */
  "ipc/received": event(121, {
    by: use,
    endpoint: uint,
    sender: uint,
    badge: uint,
    position,
    length,
    reply: sint,
    /** Where the capabilities are that came with it. */
    slots: uints,
    /** The membrane that the reply goes through (0: none), and on which side of it the receiver is. */
    membrane: uint,
    inside: flag,
  }),
  /** The right to reply, in `slot`, was used, and is no more. */
  "ipc/replied": event(122, { by: use, slot: uint, caller: uint, position, length }),
  /** Whoever called has the reply. */
  "ipc/answered": event(123, { position, length, slots: uints }),
  /** Whoever sent knows that it was received. */
  "ipc/delivered": event(124, {}),
  "notification/signalled": event(125, { by: use, notification: uint, bits: uint }),
  /** Whoever waited has all that was signalled since the last time. */
  "notification/taken": event(126, { by: use, notification: uint, bits: uint }),
} as const;

export type IpcEvent = EventOf<typeof ipcEvents>;
