import { expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { objectKinds } from "../../core/object-rights.ts";
import { get, rowsOf } from "../../core/table.ts";
import { addressOf, space } from "../capabilities/address.ts";
import { ScheduledMachine } from "../scheduler/scheduled-machine.ts";
import { decide } from "./decide.ts";
import type { Request } from "./request.ts";

const none = { realtimeClock: false, monotonicClock: false, timers: false, entropy: false };
const PID = 1;

const grants = {
  realtimeClock: { object: "clock", target: 0 },
  monotonicClock: { object: "clock", target: 1 },
  timers: { object: "timers", target: 0 },
  entropy: { object: "entropy", target: 0 },
} as const;

/** Gives a process the services that are named. */
function grant(machine: ScheduledMachine, granted: Partial<typeof none>): void {
  const how = { type: "capability/granted", slot: 0, rights: 1, inheriting: 0, label: "" } as const;
  for (const [name, one] of Object.entries(grants))
    if (granted[name as keyof typeof none] === true) machine.happen(PID, { ...how, ...one });
}

/** What a process is answered that may use these services: "facts", or the errno. */
function answered(granted: Partial<typeof none>, request: Request): unknown {
  const machine = new ScheduledMachine(100);
  machine.start(PID);
  grant(machine, granted);
  const decision = decide(machine.state, { pid: PID, at: 0, since: 0 }, request);
  return decision.kind === "refused" ? decision.errno : decision.kind;
}

const clock = (number: number): Request => ({ call: "clock_time_get", clock: number });
const resolution = (number: number): Request => ({ call: "clock_res_get", clock: number });
const entropy: Request = { call: "random_get", size: 8 };

test.each<[string, Partial<typeof none>, Request, unknown]>([
  ["the wall clock", { realtimeClock: true }, clock(0), "facts"],
  ["the wall clock's resolution", { realtimeClock: true }, resolution(0), "facts"],
  ["the monotonic clock", { monotonicClock: true }, clock(1), "facts"],
  ["its own processor time", { monotonicClock: true }, clock(2), "facts"],
  ["random numbers", { entropy: true }, entropy, "facts"],
])("%s is for whom it was granted to, and for no other", (_, granted, request, answer) => {
  expect(answered(granted, request)).toBe(answer);
  const others = Object.fromEntries(Object.keys(none).map((name) => [name, !(name in granted)]));
  expect(answered(others, request)).toBe(errno.notcapable);
});

test("a time is waited for by whom timers were granted to, whatever clocks it has", () => {
  const machine = new ScheduledMachine(100);
  machine.start(PID);
  const request: Request = {
    call: "poll_oneoff",
    subscriptions: [{ kind: "clock", clock: 1, timeoutMicros: 50, isAbsolute: false }],
  };
  const ask = () => decide(machine.state, { pid: PID, at: 0, since: 0 }, request);
  grant(machine, { timers: true });
  expect(ask()).toMatchObject({ kind: "waits", until: 50 });
  const [timers] = rowsOf(get(machine.state.capabilities.services, PID).slots);
  const [slot, row] = timers ?? [0, null];
  const removed = [addressOf(space.services, PID, slot), objectKinds.indexOf("timers"), 0];
  const why = { by: row?.id ?? 0, why: "revoked", root: 0, more: false } as const;
  machine.happen(0, { type: "capability/removed", ...why, removed });
  grant(machine, { monotonicClock: true });
  expect(ask()).toMatchObject({ facts: [{ type: "process/polled", ready: [0, errno.notcapable, 0, 0] }] });
});

test("a clock that is not there is one for nobody, and where nothing was granted nothing is there", () => {
  expect(answered({ monotonicClock: true, realtimeClock: true }, resolution(9))).toBe(errno.inval);
  for (const request of [clock(0), clock(1), entropy]) expect(answered({}, request)).toBe(errno.notcapable);
});
