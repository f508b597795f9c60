/** Decisions of several facts, as the live kernel carries them out: what follows from one does not stand in the way of the next. */
import { expect, test } from "@jest/globals";
import { allRightsOf } from "../../core/object-rights.ts";
import { allRights } from "../../core/rights.ts";
import { rowsOf } from "../../core/table.ts";
import type { GuestCall } from "../../guests/guest-kernel.ts";
import { LiveKernel } from "../../machine/live-kernel.ts";
import { addressOf, MACHINE, space } from "../../reducers/capabilities/address.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import type { FoldosRequest } from "../../reducers/decide/foldos-request.ts";
import { derivedFact } from "../../reducers/decide/derive-capability.ts";
import { kernelInvariants } from "../../reducers/kernel-invariants.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { TickClock, TickedLog, UrgentWaiter } from "../model/urgent-clock.ts";

const PID = 1;
const ENDPOINT_SLOT = 0;
const kept = addressOf(space.kept, MACHINE, 0);

/** A process that holds an endpoint, of which the machine keeps the original. */
function sender(): LiveKernel {
  const clock = new TickClock();
  const live = new LiveKernel({
    state: initialState(),
    log: new TickedLog(clock),
    devices: {
      clock,
      entropy: { fill: () => {} },
      directories: { answer: () => [] },
      console: { take: () => null, news: () => [] },
    },
    waiter: new UrgentWaiter(clock, { raises: [], endMicros: 1_000_000 }),
    everyEventDurable: false,
  });
  live.record(0, { type: "machine/powered-on", wall: 0, clock: "virtual", version: 1, nameSeed: 0 });
  live.record(0, { type: "scheduler/configured", quantum: 1000, seed: 3, transform: 1 });
  const nothing = { program: "", args: [], environment: [], memoryPages: 1 };
  live.record(PID, { type: "process/started", name: "sender", ...nothing });
  const rights = allRightsOf("endpoint");
  const object = { by: 0, to: kept, object: "endpoint", target: 1, rights, budget: 0, bytes: 256 } as const;
  live.record(0, { type: "object/created", ...object, label: "", detail: 0 });
  const capability = rowAt(live.state.capabilities, kept);
  if (capability === null) throw new TypeError("the machine keeps its endpoint");
  const to = addressOf(space.process, PID, ENDPOINT_SLOT);
  live.record(PID, derivedFact({ address: kept, capability }, { to, how: "endowed" }));
  return live;
}

const memory = { bytes: new Uint8Array(64), view: new DataView(new ArrayBuffer(64)) };

/** Asks for the process; the type of the event that answers, null if it has to wait. */
function ask(live: LiveKernel, request: FoldosRequest): string | null {
  const call: GuestCall = {
    pid: PID,
    number: 0,
    args: [],
    request,
    refused: 0,
    reason: "none",
    digest: 1,
    memory: memory as unknown as GuestCall["memory"],
    isAgain: false,
  };
  return live.tryAnswer(call, -1)?.type ?? null;
}

/** Sends a message through one slot, with what is in another, and waits for its answer. */
function sends(live: LiveKernel, fd: number, given: number): void {
  const message = { size: 0, given: [{ slot: given, rights: allRights }], capacity: 0, slots: 0 };
  expect(ask(live, { call: "ipc_call", fd, ...message })).toBe(null);
  expect(messages(live)).toBe(1);
}

const messages = ({ state }: LiveKernel): number => [...rowsOf(state.capabilities.messages)].length;

const broken = ({ state }: LiveKernel): readonly string[] =>
  Object.entries(kernelInvariants)
    .filter(([, holds]) => !holds(state))
    .map(([name]) => name);

test("a message goes with the first step of a revocation, and what is given with it lies in a later one", () => {
  const live = sender();
  // The newest goes first: what is given is made of the eldest, and sent through the newest.
  for (let copies = 0; copies < 150; copies += 1)
    expect(ask(live, { call: "cap_copy", fd: ENDPOINT_SLOT })).toBe("capability/derived");
  sends(live, 150, 1);
  expect(ask(live, { call: "cap_revoke", fd: ENDPOINT_SLOT })).toBe("capability/removed");
  expect([messages(live), broken(live)]).toEqual([0, []]);
});

test("a process ends, and with it a lease through which it had sent a message", () => {
  const live = sender();
  const lease = { call: "cap_lease", fd: ENDPOINT_SLOT, until: 0, uses: 0, withHolder: true } as const;
  expect(ask(live, lease)).toBe("capability/derived");
  expect(ask(live, { call: "cap_copy", fd: ENDPOINT_SLOT })).toBe("capability/derived");
  sends(live, 1, 2);
  live.recordEnd(PID, { type: "process/killed", signal: "SIGKILL", code: 137 });
  expect([messages(live), broken(live)]).toEqual([0, []]);
});
