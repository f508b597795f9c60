/** WASI preview 1: poll_oneoff. */
import { errno } from "../../core/errno.ts";
import { MAX_SUBSCRIPTIONS } from "../../reducers/decide/poll.ts";
import type { Subscription } from "../../reducers/decide/request.ts";
import { CallRefused, type GuestMemory } from "../guest-memory.ts";
import { type Answer, i32, type RawArguments, type WasiCalls } from "./wasi-call.ts";

/** WASI `subscription`: userdata, tag, then by tag clock id, timeout, precision, flags; or a descriptor. */
const SUBSCRIPTION_BYTES = 48;
/** WASI `event`: userdata, error, type, then bytes ready and flags. */
const EVENT_BYTES = 32;
const ABSTIME = 1;
const eventTypes = ["clock", "read", "write"] as const;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function parseSubscription(view: DataView, at: number): Subscription {
  const kind = eventTypes[view.getUint8(at + 8)];
  if (kind === undefined) throw new CallRefused(errno.inval);
  if (kind !== "clock") return { kind, fd: view.getUint32(at + 16, true) };
  const micros = (view.getBigUint64(at + 24, true) + 999n) / 1000n;
  return {
    kind,
    clock: view.getUint32(at + 16, true),
    // Half of the safe integers is 142 years: later than that is never, and adding to it stays safe.
    timeoutMicros: Number(micros > MAX_SAFE / 2n ? MAX_SAFE / 2n : micros),
    isAbsolute: (view.getUint16(at + 40, true) & ABSTIME) !== 0,
  };
}

function writeEvents(memory: GuestMemory, args: RawArguments, { event }: Answer): void {
  if (event.type !== "process/polled") return;
  const count = event.ready.length / 4;
  const source = i32(args, 0);
  // The two arrays may overlap: what is needed of the subscriptions is read before the first event is written.
  const asked = memory.bytes.slice(source, source + i32(args, 2) * SUBSCRIPTION_BYTES);
  for (let number = 0; number < count; number += 1) {
    const [index = 0, error = 0, bytes = 0, flags = 0] = event.ready.slice(number * 4, number * 4 + 4);
    const at = i32(args, 1) + number * EVENT_BYTES;
    const from = index * SUBSCRIPTION_BYTES;
    memory.bytes.fill(0, at, at + EVENT_BYTES);
    memory.bytes.set(asked.subarray(from, from + 8), at);
    memory.view.setUint16(at + 8, error, true);
    memory.bytes[at + 10] = asked[from + 8] as number;
    memory.setU64(at + 16, bytes);
    memory.view.setUint16(at + 24, flags, true);
  }
  memory.setU32(i32(args, 3), count);
}

export const pollCalls: WasiCalls = {
  poll_oneoff: {
    parameters: "iiii",
    parse: (memory, args) => {
      const count = i32(args, 2);
      if (count > MAX_SUBSCRIPTIONS) throw new CallRefused(errno.inval);
      const from = memory.within(i32(args, 0), count * SUBSCRIPTION_BYTES);
      memory.within(i32(args, 1), count * EVENT_BYTES);
      memory.within(i32(args, 3), 4);
      const subscriptions: Subscription[] = [];
      for (let index = 0; index < count; index += 1) {
        subscriptions.push(parseSubscription(memory.view, from + index * SUBSCRIPTION_BYTES));
      }
      return { call: "poll_oneoff", subscriptions };
    },
    reply: writeEvents,
  },
};
