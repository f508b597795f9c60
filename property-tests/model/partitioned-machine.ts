/**
 * A machine of two partitions that hold nothing in common, and take turns by the real scheduler: what the processes of each do is drawn.
 * Nobody looks at time, all have the same priority, and for each object one process may wait; a loop may be interrupted at any tick.
 */
import fc from "fast-check";
import { endpointRight, notificationRight } from "../../core/object-rights.ts";
import type { Given } from "../../reducers/decide/foldos-request.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { type Doing, UrgentMachine, type UrgentSpec } from "./urgent-machine.ts";
import { UrgentWorld } from "./urgent-world.ts";

/** Of each partition. */
export const MEMBERS = 25;

/** What one process does, one after the other; numbers choose among the members of its partition. */
export interface Step {
  readonly what:
    | "work"
    | "send"
    | "call"
    | "receive"
    | "reply"
    | "signal"
    | "wait"
    | "poll"
    | "copy"
    | "revoke"
    | "delete"
    | "trap";
  readonly which: number;
  readonly ticks: number;
}

export type Partition = readonly (readonly Step[])[];

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom<Step["what"]>(
    "work",
    "work",
    "work",
    "send",
    "call",
    "receive",
    "receive",
    "reply",
    "reply",
    "signal",
    "signal",
    "wait",
    "poll",
    "poll",
    "copy",
    "revoke",
    "delete",
  ),
  which: fc.nat(MEMBERS - 1),
  ticks: fc.integer({ min: 1, max: 400 }),
});

export const partitions: fc.Arbitrary<Partition> = fc.array(
  fc.array(step, { minLength: 8, maxLength: 14, size: "max" }),
  { minLength: MEMBERS, maxLength: MEMBERS, size: "max" },
);

/** The first members receive, those behind them wait for signals, again and again; the others call and signal these, and wait for nobody else. */
const SERVERS = 5;
const HANDLERS = 5;
const OFTEN = 12;

/** What a member does, in the end. */
function stepsOf(member: number, drawn: readonly Step[]): readonly Step[] {
  const step = (what: Step["what"], ticks = 30): Step => ({ what, which: 0, ticks });
  const rounds = (...some: readonly Step[]): readonly Step[] =>
    Array.from({ length: OFTEN }, () => some).flat();
  const brief = drawn.filter(({ what }) => what === "work" || what === "signal" || what === "poll");
  if (member < SERVERS) return rounds(step("receive"), step("work"), step("reply"), ...brief.slice(0, 2));
  if (isHandler(member)) return rounds(step("wait"), ...brief.slice(0, 3));
  return drawn.map((one) =>
    one.what === "receive" || one.what === "wait" || one.what === "reply" ? { ...one, what: "call" } : one,
  );
}

/** Where each member finds the endpoint and the notification of another, or its own. */
const endpointOf = (member: number): number => member * 2;
const notificationOf = (member: number): number => member * 2 + 1;

const message = { size: 0, capacity: 0, slots: 1 } as const;

/** What is copied is a way to a server; what is taken back or let go is mostly a copy, which comes to the lowest slot that is free. */
const placeOf = (what: string, which: number, ticks: number): number =>
  what === "copy" || ticks % 8 === 0 ? endpointOf(which % SERVERS) : 1 + 2 * (ticks % 4);

function doingOf({ what, which, ticks }: Step, own: number): Doing {
  const given: readonly Given[] = ticks % 3 === 0 ? [{ slot: endpointOf(own), rights: 15 }] : [];
  switch (what) {
    case "work":
      return { kind: "work", ticks };
    case "reply":
      return { kind: "reply" };
    case "trap":
      return { kind: "trap" };
    case "send":
      return {
        kind: "call",
        request: { call: "ipc_send", fd: endpointOf(which % SERVERS), mayWait: true, size: 0, given },
      };
    case "call":
      return {
        kind: "call",
        request: { call: "ipc_call", fd: endpointOf(which % SERVERS), ...message, given },
      };
    case "receive":
      return {
        kind: "call",
        request: { call: "ipc_receive", fd: endpointOf(own), mayWait: true, ...message },
      };
    case "signal":
      return {
        kind: "call",
        request: { call: "notification_signal", fd: notificationOf(SERVERS + (which % HANDLERS)) },
      };
    case "wait":
      return { kind: "call", request: { call: "notification_wait", fd: notificationOf(own) } };
    case "poll":
      return { kind: "call", request: { call: "notification_poll", fd: notificationOf(own) } };
    default:
      return { kind: "call", request: { call: `cap_${what}`, fd: placeOf(what, which, ticks) } };
  }
}

const SEND = endpointRight.send | endpointRight.grant | endpointRight.grantReply;
const SIGNAL = notificationRight.signal;
const isHandler = (member: number): boolean => member >= SERVERS && member < SERVERS + HANDLERS;
const NEVER_MICROS = 1_000_000_000;

/** Members of both in turns: those of the first have odd pids. */
export const isOfFirst = (pid: number): boolean => pid % 2 === 1;

function specOf(first: Partition, second: Partition, quantum: number): UrgentSpec {
  const world = new UrgentWorld();
  for (const side of [0, 1]) {
    const pidOf = (member: number): number => member * 2 + side + 1;
    for (let member = 0; member < MEMBERS; member += 1) {
      const endpoint = world.object("endpoint");
      const notification = world.object("notification");
      for (let other = 0; other < MEMBERS; other += 1) {
        const pid = pidOf(other);
        const receive = other === member ? endpointRight.receive : 0;
        const wait = other === member ? notificationRight.wait : 0;
        if (member < SERVERS || receive !== 0)
          world.grant(pid, endpointOf(member), "endpoint", endpoint, SEND | receive);
        if (isHandler(member) || wait !== 0)
          world.grant(pid, notificationOf(member), "notification", notification, SIGNAL | wait);
      }
    }
  }
  const guests = Array.from({ length: MEMBERS * 2 }, (_, index) => {
    const member = Math.floor(index / 2);
    const steps = (index % 2 === 0 ? first : second)[member] ?? [];
    const done = steps.length === 0 ? [] : stepsOf(member, steps);
    const doings = done.map((one) => doingOf(one, member));
    return { name: `g${index + 1}`, first: doings, again: [], roundTicks: 1 };
  });
  return { quantum, guests, boot: world.facts, raises: [], endMicros: NEVER_MICROS };
}

/** What of an answer is no id of the kernel, no time, and no place in the log. */
const seen = ["errno", "function", "slot", "slots", "badge", "bits", "reply", "length", "code"] as const;

/** What the members of the first partition are told, in the order in which they are. */
export function toldFirst(first: Partition, second: Partition, quantum: number): readonly string[] {
  const machine = new UrgentMachine(specOf(first, second, quantum));
  machine.run();
  return machine.log
    .decoded()
    .flatMap((event) => (event.call >= 0 && isOfFirst(event.pid) ? [textOf(event)] : []));
}

function textOf(event: KernelEvent): string {
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  return JSON.stringify([event.pid, event.type, event.call, ...seen.map((field) => fields[field] ?? null)]);
}
