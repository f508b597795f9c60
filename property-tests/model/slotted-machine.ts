/**
 * A machine of two partitions that hold nothing in common, each in a scheduling domain of its own: what the processes of each do is drawn,
 * with whatever priorities, rounds and yields, and many wait for the same. Those of the second may look at time besides: by timers, lines
 * and budgets that are used up. What the first partition has are contexts whose budgets are never used up.
 */
import fc from "fast-check";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { doingOf, ENDPOINTS, MEMBERS, NOTIFICATIONS, slot, type Slotted, stepsOf } from "./slotted-steps.ts";
import { type Doing, type UrgentGuest, UrgentMachine, type UrgentSpec } from "./urgent-machine.ts";
import { UrgentWorld } from "./urgent-world.ts";

/** Where the partitions are among the domains, and how long their slots are. */
export interface Slots {
  readonly quantum: number;
  readonly ticks: readonly number[];
  /** Whether the first partition is of the first domain, or of the one behind it. */
  readonly isFirst: boolean;
}

const slotTicks = fc.constantFrom(15, 40, 130, 700, 3000);

export const slots: fc.Arbitrary<Slots> = fc.record({
  quantum: fc.constantFrom(0, 1, 7, 50, 300, 5000),
  ticks: fc.array(slotTicks, { minLength: 2, maxLength: 3 }),
  isFirst: fc.boolean(),
});

const NEVER_MICROS = 1_000_000_000;

/** Members of both in turns: those of the first have odd pids. */
const pidOf = (at: number, side: number): number => at * 2 + side + 1;

/** Gives a side what all its members hold, at the same places. */
function furnish(world: UrgentWorld, side: number): number {
  const terms =
    side === 0
      ? { budgetMicros: 1_000_000, periodMicros: 2 * NEVER_MICROS }
      : { budgetMicros: 9, periodMicros: 40 };
  const shared = [
    ...Array.from({ length: ENDPOINTS }, () => ["endpoint", world.object("endpoint")] as const),
    ...Array.from({ length: NOTIFICATIONS }, () => ["notification", world.object("notification")] as const),
    ["context", world.context({ ...terms, priority: 180 })] as const,
    ["context", world.context({ ...terms, priority: 20 })] as const,
  ];
  const program = world.object("program");
  world.facts.push([
    0,
    { type: "program/admitted", object: program, program: "", name: "child", memoryPages: 1 },
  ]);
  const timer = world.object("timer");
  const line = world.line(0);
  for (let at = 0; at < MEMBERS; at += 1) {
    const pid = pidOf(at, side);
    shared.forEach(([kind, object], place) => world.grant(pid, place, kind, object));
    world.grant(pid, slot.self, "process", pid);
    world.grant(pid, slot.other, "process", pidOf((at + 1) % MEMBERS, side));
    world.grant(pid, slot.program, "program", program);
    if (side === 0) continue;
    world.grant(pid, slot.timer, "timer", timer);
    world.grant(pid, slot.line, "interrupt", line);
  }
  return line;
}

function specOf(first: Slotted, second: Slotted, { quantum, ticks, isFirst }: Slots): UrgentSpec {
  const world = new UrgentWorld();
  const domainOf = (side: number): number => ((side === 0) === isFirst ? 0 : 1);
  const all = Array.from({ length: MEMBERS * 2 }, (_, index) => [index + 1, domainOf(index % 2)] as const);
  world.divide(ticks, all);
  const lines = [0, 1].map((side) => furnish(world, side));
  const guests = Array.from({ length: MEMBERS * 2 }, (_, index): UrgentGuest => {
    const at = Math.floor(index / 2);
    const side = index % 2;
    const drawn = (side === 0 ? first : second)[at];
    if (drawn !== undefined) world.rank(index + 1, drawn.priority, 255);
    const done = drawn === undefined ? [] : stepsOf(at, drawn.steps).map((one) => doingOf(one, side === 1));
    return { name: `g${index + 1}`, first: done, again: [], roundTicks: drawn?.roundTicks ?? 1 };
  });
  const raises =
    second.length === 0 ? [] : [30, 200, 900, 2500].map((at) => ({ line: lines[1] as number, at }));
  const spawned: UrgentGuest = { name: "child", first: CHILD, again: [], roundTicks: 3 };
  return { quantum, guests, boot: world.facts, raises, endMicros: NEVER_MICROS, spawned };
}

const CHILD: readonly Doing[] = [
  { kind: "work", ticks: 20 },
  { kind: "call", request: { call: "notification_signal", fd: 0 } },
  { kind: "call", request: { call: "sched_yield" } },
  { kind: "work", ticks: 90 },
];

/** What of an answer is no id of the kernel, no time, and no place in the log. */
const seen = [
  "errno",
  "function",
  "slot",
  "slots",
  "badge",
  "bits",
  "reply",
  "length",
  "code",
  "priority",
] as const;

export interface SlottedRun {
  readonly spec: UrgentSpec;
  readonly machine: UrgentMachine;
  readonly events: readonly KernelEvent[];
  /** What the members of the first partition are told, in the order in which they are, with the slot of their domain in which they are. */
  readonly told: readonly string[];
}

export function runSlotted(first: Slotted, second: Slotted, places: Slots): SlottedRun {
  const spec = specOf(first, second, places);
  const machine = new UrgentMachine(spec);
  machine.run();
  const events = machine.log.decoded();
  return { spec, machine, events, told: toldIn(events, places.isFirst ? 0 : 1) };
}

/** What those of a domain are told. Pids are told by the order in which it is the first time that they are told anything. */
export function toldIn(events: readonly KernelEvent[], own: number): readonly string[] {
  const told: string[] = [];
  const domains = new Map<number, number>();
  const names = new Map<number, number>();
  let current = 0;
  let slotsOfOwn = own === 0 ? 1 : 0;
  for (const event of events) {
    if (event.type === "process/started") domains.set(event.pid, 0);
    if (event.type === "process/assigned") domains.set(event.pid, event.domain);
    if (event.type === "domain/entered") {
      current = event.domain;
      if (current === own) slotsOfOwn += 1;
    }
    if (event.pid === 0 || domains.get(event.pid) !== own || !isTold(event)) continue;
    if (!names.has(event.pid)) names.set(event.pid, names.size);
    told.push(textOf(event, [names.get(event.pid), slotsOfOwn, current === own]));
  }
  return told;
}

/** Answers, and the ends of turns: what a process is told, and how far it had come by then. */
const isTold = ({ call, type }: KernelEvent): boolean =>
  call >= 0 || type === "process/preempted" || type === "process/suspended" || type === "process/accounted";

function textOf(event: KernelEvent, where: readonly unknown[]): string {
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  const ticks = event.call >= 0 ? null : (fields["ticks"] ?? null);
  return JSON.stringify([
    ...where,
    event.type,
    event.call,
    ticks,
    ...seen.map((field) => fields[field] ?? null),
  ]);
}
