/** Random machines of guests that bind, signal, call, revoke and work, some of them urgent. */
import fc from "fast-check";
import type { Request } from "../../reducers/decide/request.ts";
import type { Doing, UrgentGuest, UrgentSpec } from "./urgent-machine.ts";
import { UrgentWorld } from "./urgent-world.ts";

/** Where every guest finds what. */
export const slot = {
  notification: 0,
  otherNotification: 1,
  endpoint: 2,
  otherEndpoint: 3,
  timed: 4,
  raised: 5,
  context: 6,
  otherContext: 7,
  timer: 8,
  self: 9,
  other: 10,
} as const;
const FIRST_FREE = 11;
export const ROUND_TICKS = 16;

const notifications = fc.constantFrom(slot.notification, slot.otherNotification);
const endpoints = fc.constantFrom(slot.endpoint, slot.otherEndpoint);
const lines = fc.constantFrom(slot.timed, slot.raised);
const contexts = fc.constantFrom(slot.context, slot.otherContext);
const processes = fc.constantFrom(slot.self, slot.other);
const priorities = fc.constantFrom(0, 1, 31, 32, 99, 100, 101, 150, 200, 255);
const anySlot = fc.integer({ min: 0, max: FIRST_FREE + 4 });
const micros = fc.integer({ min: 1, max: 60 });

const call = (request: Request): Doing => ({ kind: "call", request });
const message = { size: 0, given: [], capacity: 0, slots: 0 } as const;

const waiting: fc.Arbitrary<Doing> = fc.oneof(
  notifications.map((fd) => call({ call: "notification_wait", fd })),
  notifications.map((fd) => call({ call: "notification_poll", fd })),
  endpoints.map((fd) => call({ call: "ipc_receive", fd, mayWait: true, capacity: 0, slots: 0 })),
  endpoints.map((fd) => call({ call: "ipc_call", fd, ...message })),
);

const handing: fc.Arbitrary<Doing> = fc.oneof(
  lines.map((fd) => call({ call: "interrupt_acknowledge", fd })),
  notifications.map((fd) => call({ call: "notification_signal", fd })),
  fc.constant<Doing>({ kind: "reply" }),
  endpoints.map((fd) => call({ call: "ipc_send", fd, mayWait: true, ...message })),
  fc.constant(call({ call: "sched_yield" })),
);

const binding: fc.Arbitrary<Doing> = fc.oneof(
  fc
    .tuple(lines, notifications)
    .map(([fd, notification]) => call({ call: "interrupt_bind", fd, notification })),
  fc
    .tuple(contexts, fc.oneof(notifications, processes))
    .map(([fd, to]) => call({ call: "context_bind", fd, to })),
  contexts.map((fd) => call({ call: "context_unbind", fd })),
  fc
    .tuple(contexts, micros, micros, priorities)
    .map(([fd, budgetMicros, more, priority]) =>
      call({ call: "context_configure", fd, budgetMicros, periodMicros: budgetMicros + more, priority }),
    ),
  fc
    .tuple(processes, processes, priorities)
    .map(([fd, authority, priority]) => call({ call: "priority_set", fd, authority, priority })),
  fc
    .tuple(notifications, micros)
    .map(([notification, until]) =>
      call({ call: "timer_arm", fd: slot.timer, notification, until: until * 8 }),
    ),
  fc.constant(call({ call: "timer_disarm", fd: slot.timer })),
);

const taking: fc.Arbitrary<Doing> = fc.oneof(
  anySlot.map((fd) => call({ call: "cap_copy", fd })),
  anySlot.map((fd) => call({ call: "cap_revoke", fd })),
  anySlot.map((fd) => call({ call: "cap_delete", fd })),
  fc.constant(call({ call: "process_end", fd: slot.other })),
  fc.constant(call({ call: "process_end", fd: slot.other })),
  fc.constant<Doing>({ kind: "trap" }),
);

const work: fc.Arbitrary<Doing> = fc.integer({ min: 1, max: 3000 }).map((ticks) => ({ kind: "work", ticks }));

const doings = fc.oneof(
  { weight: 6, arbitrary: work },
  { weight: 6, arbitrary: waiting },
  { weight: 5, arbitrary: handing },
  { weight: 3, arbitrary: binding },
  { weight: 1, arbitrary: taking },
);

/** A guest that waits for the interrupt of a line, with a context of its own, and handles it. */
const handlerOf = (
  line: number,
  context: number,
  notification: number,
  ticks: number,
): readonly [first: readonly Doing[], again: readonly Doing[]] => [
  [
    call({ call: "interrupt_bind", fd: line, notification }),
    call({ call: "context_bind", fd: context, to: notification }),
  ],
  [
    call({ call: "notification_wait", fd: notification }),
    { kind: "work", ticks },
    call({ call: "interrupt_acknowledge", fd: line }),
  ],
];

const serving: readonly Doing[] = [
  call({ call: "ipc_receive", fd: slot.endpoint, mayWait: true, capacity: 0, slots: 0 }),
  { kind: "work", ticks: 400 },
  { kind: "reply" },
];

/** Time goes on by work alone: who does none, and is refused all that it asks, would go round for ever. */
const pause: Doing = { kind: "work", ticks: 20 };

const calling = call({ call: "ipc_call", fd: slot.endpoint, ...message });

export interface DrawnUrgency {
  readonly lists: readonly (readonly Doing[])[];
  readonly handlers: number;
  /** Whether the guest behind the handlers serves an endpoint. */
  readonly hasServer: boolean;
  /** Whether the second notification is signalled when the budget of the first context is used up. */
  readonly hasTimeout: boolean;
  readonly quantum: number;
  readonly everyMicros: number;
  readonly raises: readonly number[];
  readonly ranks: readonly (readonly [priority: number, ceiling: number])[];
}

type Bounds = { readonly minLength: number; readonly maxLength: number };

const urgencies = (guests: Bounds, steps: Bounds): fc.Arbitrary<DrawnUrgency> =>
  fc.record({
    lists: fc.noBias(fc.array(fc.array(doings, { ...steps, size: "max" }), { ...guests, size: "max" })),
    handlers: fc.integer({ min: 0, max: 2 }),
    hasServer: fc.boolean(),
    hasTimeout: fc.boolean(),
    quantum: fc.constantFrom(200, 1000, 5000),
    everyMicros: fc.constantFrom(0, 7, 20, 50),
    raises: fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 12 }),
    ranks: fc.noBias(fc.array(fc.tuple(priorities, priorities), { maxLength: guests.maxLength })),
  });

export const drawnUrgencies = urgencies({ minLength: 2, maxLength: 6 }, { minLength: 1, maxLength: 12 });

/** Fifty guests that do a few things each, over and over: most of them contend for the same lines, contexts and endpoints. */
export const drawnCrowds = urgencies({ minLength: 50, maxLength: 50 }, { minLength: 4, maxLength: 8 });

const END_MICROS = 600;

export function urgencyOf(drawn: DrawnUrgency): UrgentSpec {
  const world = new UrgentWorld();
  const context = world.context({ budgetMicros: 20, periodMicros: 50, priority: 180 });
  const other = world.context({ budgetMicros: 5, periodMicros: 30, priority: 220 });
  const objects = [
    ["notification", world.object("notification")],
    ["notification", drawn.hasTimeout ? world.timeoutOf(context) : world.object("notification")],
    ["endpoint", world.object("endpoint")],
    ["endpoint", world.object("endpoint")],
    ["interrupt", world.line(drawn.everyMicros)],
    ["interrupt", world.line(0)],
    ["context", context],
    ["context", other],
    ["timer", world.object("timer")],
  ] as const;
  const guests = drawn.lists.map((list, index) => guestOf(drawn, list, index));
  guests.forEach((_, index) => {
    const pid = index + 1;
    objects.forEach(([kind, object], at) => world.grant(pid, at, kind, object));
    world.grant(pid, slot.self, "process", pid);
    world.grant(pid, slot.other, "process", (pid % guests.length) + 1);
  });
  drawn.ranks
    .slice(0, guests.length)
    .forEach(([priority, ceiling], index) => world.rank(index + 1, priority, ceiling));
  const line = objects[slot.raised][1];
  const raises = drawn.raises.map((at) => ({ line, at }));
  return { quantum: drawn.quantum, guests, boot: world.facts, raises, endMicros: END_MICROS };
}

function guestOf(drawn: DrawnUrgency, list: readonly Doing[], index: number): UrgentGuest {
  const name = `g${index + 1}`;
  if (drawn.hasServer && index === drawn.handlers)
    return { name, first: [], again: [...serving, ...list.slice(0, 2)], roundTicks: ROUND_TICKS };
  if (drawn.hasServer && index === drawn.handlers + 1)
    return { name, first: [], again: [...list.slice(0, 3), calling, pause], roundTicks: ROUND_TICKS };
  if (index >= drawn.handlers)
    return { name, first: [], again: [...list, { kind: "work", ticks: 50 }], roundTicks: ROUND_TICKS };
  const [first, again] =
    index === 0
      ? handlerOf(slot.timed, slot.context, slot.notification, 300)
      : handlerOf(slot.raised, slot.otherContext, slot.otherNotification, 700);
  const handling = [...again.slice(0, 2), ...list.slice(0, 2), ...again.slice(2), ...list.slice(2, 4)];
  return { name, first, again: handling, roundTicks: ROUND_TICKS };
}
