/** What the processes of a machine of two partitions do, one after the other, as it is drawn; and how they ask for it. */
import fc from "fast-check";
import { allRightsOf } from "../../core/object-rights.ts";
import type { Given } from "../../reducers/decide/foldos-request.ts";
import type { Request } from "../../reducers/decide/request.ts";
import type { Doing } from "./urgent-machine.ts";

/** Of each partition. */
export const MEMBERS = 25;
/** What the dearest round of a loop costs. */
export const MOST_ROUND_TICKS = 100;

const usual = ["work", "reply", "trap", "yield"] as const;
const sending = ["send", "call", "receive", "signal", "wait", "poll"] as const;
const ruling = ["rank", "bind", "unbind", "spawn", "end"] as const;
const timing = ["arm", "handle", "configure"] as const;
const taking = ["copy", "revoke", "delete"] as const;

type Asked = (typeof usual | typeof sending | typeof ruling | typeof timing | typeof taking)[number];

/** Numbers choose among what its partition has. */
interface Step {
  readonly what: Asked;
  readonly which: number;
  readonly ticks: number;
}

interface Member {
  readonly steps: readonly Step[];
  readonly priority: number;
  readonly roundTicks: number;
}

export type Slotted = readonly Member[];

const often: readonly Asked[] = [
  "work",
  "work",
  "work",
  "call",
  "reply",
  "signal",
  "signal",
  "yield",
  "rank",
];
const seldom: readonly Asked[] = ["end", "trap"];
const all: readonly Asked[] = [...usual, ...sending, ...ruling, ...timing, ...taking];

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...often) },
    { weight: 8, arbitrary: fc.constantFrom(...all.filter((one) => !seldom.includes(one))) },
    { weight: 1, arbitrary: fc.constantFrom(...seldom) },
  ),
  which: fc.nat(MEMBERS - 1),
  ticks: fc.integer({ min: 1, max: 400 }),
});

const member: fc.Arbitrary<Member> = fc.record({
  steps: fc.array(step, { minLength: 8, maxLength: 14, size: "max" }),
  priority: fc.constantFrom(0, 50, 99, 100, 100, 100, 101, 200, 255),
  roundTicks: fc.constantFrom(1, 3, 16, MOST_ROUND_TICKS),
});

export const slotted: fc.Arbitrary<Slotted> = fc.noBias(
  fc.array(member, { minLength: MEMBERS, maxLength: MEMBERS, size: "max" }),
);

/** The first members receive, those behind them wait for signals, two for each notification, again and again. */
const SERVERS = 5;
const HANDLERS = 10;
const OFTEN = 10;

/** What a member does, in the end. */
export function stepsOf(at: number, drawn: readonly Step[]): readonly Step[] {
  const one = (what: Asked, ticks = 30): Step => ({ what, which: at, ticks });
  const rounds = (...some: readonly Step[]): readonly Step[] =>
    Array.from({ length: OFTEN }, () => some).flat();
  const brief = drawn.filter(({ what }) => !["receive", "wait", "call", "end", "trap"].includes(what));
  if (at < SERVERS) return rounds(one("receive"), one("work"), one("reply"), ...brief.slice(0, 3));
  if (at < SERVERS + HANDLERS) return [...drawn.slice(0, 2), ...rounds(one("wait"), ...brief.slice(0, 4))];
  return drawn.map((some) =>
    some.what === "receive" || some.what === "wait" ? { ...some, what: "call" } : some,
  );
}

/** Where each member finds what its partition has. */
export const slot = {
  endpoint: 0,
  notification: 5,
  context: 10,
  self: 12,
  other: 13,
  program: 14,
  timer: 15,
  line: 16,
} as const;
export const ENDPOINTS = 5;
export const NOTIFICATIONS = 5;
const FIRST_FREE = 17;

const message = { size: 0, capacity: 0, slots: 1 } as const;
const priorities = [0, 31, 32, 99, 100, 101, 150, 255];
const YIELD: Request = { call: "sched_yield" };

/** `mayTime`: whether it may look at time; else it yields instead. */
export function doingOf(step: Step, mayTime: boolean): Doing {
  const { what } = step;
  if (what === "work") return { kind: "work", ticks: step.ticks };
  if (what === "reply" || what === "trap") return { kind: what };
  return { kind: "call", request: requestOf(step, mayTime) };
}

function requestOf(step: Step, mayTime: boolean): Request {
  const { what, which, ticks } = step;
  const among = <Names extends readonly string[]>(names: Names): boolean => names.includes(what);
  if (among(sending)) return sent(step);
  if (among(ruling)) return ruled(step);
  if (among(timing)) return mayTime ? timed(step) : YIELD;
  if (what !== "copy" && what !== "revoke" && what !== "delete") return YIELD;
  const fd = ticks % 4 === 0 ? slot.endpoint + (which % ENDPOINTS) : FIRST_FREE + (ticks % 4);
  return { call: `cap_${what}`, fd };
}

const notificationOf = ({ which }: Step): number => slot.notification + (which % NOTIFICATIONS);

function sent(step: Step): Request {
  const fd = slot.endpoint + (step.which % ENDPOINTS);
  const notification = notificationOf(step);
  const given: readonly Given[] =
    step.ticks % 3 === 0 ? [{ slot: notification, rights: allRightsOf("notification") }] : [];
  switch (step.what) {
    case "send":
      return { call: "ipc_send", fd, mayWait: true, size: 0, given };
    case "call":
      return { call: "ipc_call", fd, ...message, given };
    case "receive":
      return { call: "ipc_receive", fd, mayWait: true, ...message };
    case "signal":
      return { call: "notification_signal", fd: notification };
    case "wait":
      return { call: "notification_wait", fd: notification };
    default:
      return { call: "notification_poll", fd: notification };
  }
}

function ruled(step: Step): Request {
  const { what, which, ticks } = step;
  const context = slot.context + (ticks % 2);
  const notification = notificationOf(step);
  switch (what) {
    case "rank": {
      const priority = priorities[which % priorities.length] as number;
      const fd = ticks % 2 === 0 ? slot.self : slot.other;
      return { call: "priority_set", fd, authority: slot.self, priority };
    }
    case "bind":
      return { call: "context_bind", fd: context, to: ticks % 5 === 0 ? slot.self : notification };
    case "unbind":
      return { call: "context_unbind", fd: context };
    case "spawn": {
      const given = [{ slot: notification, rights: allRightsOf("notification") }];
      return { call: "process_spawn", fd: slot.program, args: [], given };
    }
    default:
      return { call: "process_end", fd: slot.other };
  }
}

function timed(step: Step): Request {
  const { what, which, ticks } = step;
  const notification = notificationOf(step);
  if (what === "arm") return { call: "timer_arm", fd: slot.timer, notification, until: ticks * 20 };
  if (what === "handle") return { call: "interrupt_bind", fd: slot.line, notification };
  const budgetMicros = which + 1;
  const terms = { budgetMicros, periodMicros: ticks + budgetMicros, priority: 100 };
  return { call: "context_configure", fd: slot.context + (ticks % 2), ...terms };
}
