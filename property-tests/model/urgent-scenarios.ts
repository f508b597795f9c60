/** Machines that show one thing each: how late an urgent guest comes, what a lock does to it, what a storm of interrupts does to others. */
import type { Request } from "../../reducers/decide/request.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { TICKS_PER_MICRO } from "../../reducers/scheduler/contexts.ts";
import { type Doing, type UrgentGuest, UrgentMachine, type UrgentSpec } from "./urgent-machine.ts";
import { UrgentWorld } from "./urgent-world.ts";

const slot = { notification: 0, line: 1, context: 2, endpoint: 3, asked: 4, answered: 5, self: 6 } as const;

const call = (request: Request): Doing => ({ kind: "call", request });
const work = (ticks: number): Doing => ({ kind: "work", ticks });
const message = { size: 0, given: [], capacity: 0, slots: 0 } as const;
const wait = (fd: number): Doing => call({ call: "notification_wait", fd });
const signal = (fd: number): Doing => call({ call: "notification_signal", fd });
const bindLine = call({ call: "interrupt_bind", fd: slot.line, notification: slot.notification });
const bindContext = call({ call: "context_bind", fd: slot.context, to: slot.notification });
const acknowledge = call({ call: "interrupt_acknowledge", fd: slot.line });

/** One that has an interrupt among others that have not: how late does it come? */
export interface DrawnLatency {
  readonly quantum: number;
  readonly roundTicks: number;
  readonly handlerTicks: number;
  /** What each of the others does again and again: works for so many ticks, then yields or not; and its priority. */
  readonly others: readonly {
    readonly works: readonly number[];
    readonly yields: boolean;
    readonly priority: number;
  }[];
  /** Microseconds between the interrupts. */
  readonly gaps: readonly number[];
  /** The slots of scheduling domains: the handler is of the first one, the others of one after the other. */
  readonly slotTicks?: readonly number[];
}

export interface Delay {
  readonly ticks: number;
  readonly events: number;
}

/** The priority that the interrupt gives; the others have less. */
export const URGENT_PRIORITY = 200;
const HANDLER = 1;

export function latencySpec(drawn: DrawnLatency): UrgentSpec {
  const world = new UrgentWorld();
  const notification = world.object("notification");
  const line = world.line(0);
  const context = world.context({
    budgetMicros: 1_000_000,
    periodMicros: 1_000_000,
    priority: URGENT_PRIORITY,
  });
  world.grant(HANDLER, slot.notification, "notification", notification);
  world.grant(HANDLER, slot.line, "interrupt", line);
  world.grant(HANDLER, slot.context, "context", context);
  const { roundTicks, quantum } = drawn;
  const handler: UrgentGuest = {
    name: "handler",
    first: [bindLine, bindContext],
    again: [wait(slot.notification), work(drawn.handlerTicks), acknowledge],
    roundTicks,
  };
  const others = drawn.others.map(({ works, yields }, index): UrgentGuest => {
    const again = works.flatMap((ticks) => [work(ticks), ...(yields ? [call({ call: "sched_yield" })] : [])]);
    return { name: `other${index}`, first: [], again, roundTicks };
  });
  drawn.others.forEach(({ priority }, index) => world.rank(index + 2, priority));
  const { slotTicks = [] } = drawn;
  if (slotTicks.length > 0)
    world.divide(
      slotTicks,
      others.map((_, index) => [index + 2, index % slotTicks.length]),
    );
  let at = 0;
  const raises = drawn.gaps.map((gap) => ({ line, at: (at += gap) }));
  return { quantum, guests: [handler, ...others], boot: world.facts, raises, endMicros: at + 100 };
}

/** How late the handler had the processor after each interrupt that it waited for. */
export function delaysOf(drawn: DrawnLatency): readonly Delay[] {
  const spec = latencySpec(drawn);
  const machine = new UrgentMachine(spec);
  machine.run();
  const { ticksAt } = machine.log;
  const delays: Delay[] = [];
  let raised: KernelEvent | null = null;
  let next = 0;
  let isLent = false;
  for (const event of machine.log.decoded()) {
    if (event.type === "interrupt/raised") {
      raised = event;
      next += 1;
      isLent = false;
    }
    // Its own signal found it waiting; what is raised while it is handled waits for that.
    if (event.type === "context/lent" && event.seq - (raised?.seq ?? 0) === 2) isLent = !event.taken;
    if (event.type !== "process/scheduled" || event.pid !== HANDLER || raised === null || !isLent) continue;
    const due = (spec.raises[next - 1]?.at ?? 0) * TICKS_PER_MICRO;
    delays.push({ ticks: (ticksAt[event.seq] ?? 0) - due, events: event.seq - raised.seq });
    raised = null;
  }
  return delays;
}

/** The most ticks that an interrupt waits for whoever runs: a quantum, and a round of a loop less one tick beyond it. */
export const latencyBound = ({ quantum, roundTicks }: DrawnLatency): number => quantum + roundTicks - 1;

/**
 * Where there are domains all slots of others come in front of that, each with the last round that begins in it; one in which nobody is
 * ready passes in whole microseconds. A turn is no longer than its own slot.
 */
export function domainLatencyBound(drawn: DrawnLatency): number {
  const { roundTicks, quantum, slotTicks = [] } = drawn;
  const [own = quantum, ...others] = slotTicks;
  const foreign = others.reduce((sum, ticks) => sum + ticks + Math.max(roundTicks - 1, TICKS_PER_MICRO), 0);
  return Math.min(quantum, own) + roundTicks - 1 + foreign;
}

/**
 * The Mars Pathfinder: bc_dist has the bus to itself once in a period, and needs what ASI/MET has, which is less urgent; tasks between
 * them never rest. With donation it calls ASI/MET; without, it signals it, and waits for its signal, as for a semaphore.
 */
export interface Pathfinder {
  readonly donates: boolean;
  readonly tasksBetween: number;
  readonly criticalTicks: number;
  readonly quantum: number;
  readonly periodMicros: number;
}

const OWN_TICKS = 200;
const ROUND = 16;
const BUS = 1;
const METEOROLOGY = 2;

function pathfinderSpec(drawn: Pathfinder): UrgentSpec {
  const world = new UrgentWorld();
  const line = world.line(drawn.periodMicros);
  const objects = [
    [slot.notification, "notification", world.object("notification")],
    [slot.endpoint, "endpoint", world.object("endpoint")],
    [slot.asked, "notification", world.object("notification")],
    [slot.answered, "notification", world.object("notification")],
  ] as const;
  world.grant(BUS, slot.line, "interrupt", line);
  for (const pid of [BUS, METEOROLOGY])
    for (const [fd, kind, object] of objects) world.grant(pid, fd, kind, object);
  const asks = drawn.donates
    ? [call({ call: "ipc_call", fd: slot.endpoint, ...message })]
    : [signal(slot.asked), wait(slot.answered)];
  const serves: readonly Doing[] = drawn.donates
    ? [
        call({ call: "ipc_receive", fd: slot.endpoint, mayWait: true, capacity: 0, slots: 0 }),
        work(drawn.criticalTicks),
        { kind: "reply" },
      ]
    : [wait(slot.asked), work(drawn.criticalTicks), signal(slot.answered)];
  const modest = call({ call: "priority_set", fd: slot.self, authority: slot.self, priority: 50 });
  const guests: UrgentGuest[] = [
    {
      name: "bc_dist",
      first: [bindLine, ...asks],
      again: [wait(slot.notification), ...asks, work(OWN_TICKS), acknowledge],
      roundTicks: ROUND,
    },
    // It begins before the others; then it is what it is.
    { name: "asi_met", first: [...serves, modest], again: serves, roundTicks: ROUND },
  ];
  for (let task = 0; task < drawn.tasksBetween; task += 1)
    guests.push({ name: `comm${task}`, first: [], again: [work(7000)], roundTicks: ROUND });
  world.rank(BUS, 200);
  world.grant(METEOROLOGY, slot.self, "process", METEOROLOGY);
  world.rank(METEOROLOGY, 130);
  for (let task = 0; task < drawn.tasksBetween; task += 1) world.rank(METEOROLOGY + 1 + task, 120);
  return {
    quantum: drawn.quantum,
    guests,
    boot: world.facts,
    raises: [],
    endMicros: drawn.periodMicros * 12,
  };
}

export interface Responses {
  /** Ticks from each interrupt to its acknowledgement. */
  readonly ticks: readonly number[];
  /** Whether bc_sched would have found it undone at the end of a period, and reset the spacecraft. */
  readonly isMissed: boolean;
}

export function responsesOf(drawn: Pathfinder): Responses {
  const machine = new UrgentMachine(pathfinderSpec(drawn));
  const state = machine.run();
  const { ticksAt } = machine.log;
  const ticks: number[] = [];
  let since = -1;
  let isMissed = false;
  for (const { type, seq } of machine.log.decoded()) {
    const at = ticksAt[seq] ?? 0;
    if (type === "interrupt/raised") {
      // Raised again while it was not done: bc_sched runs, and bc_dist has not.
      if (since >= 0) isMissed = true;
      else since = at;
    } else if (type === "interrupt/acknowledged") {
      ticks.push(at - since);
      since = -1;
    }
  }
  return {
    ticks,
    isMissed:
      isMissed || (since >= 0 && state.at * TICKS_PER_MICRO - since > drawn.periodMicros * TICKS_PER_MICRO),
  };
}

/** What bounds the response with donation, whatever number of tasks there are between. */
export const responseBound = ({ quantum, criticalTicks }: Pathfinder): number =>
  2 * (quantum + ROUND) + criticalTicks + OWN_TICKS + 3 * ROUND;

/** A line that never rests, and whoever has to live with it. */
export interface Storm {
  readonly everyMicros: number;
  readonly handlerTicks: number;
  readonly budgetMicros: number;
  readonly periodMicros: number;
  readonly quantum: number;
}

const STORM_MICROS = 4000;

/** Ticks that whoever is not urgent had, of all; and the fewest that it is to have. */
export function shareInStorm(storm: Storm): { readonly ticks: number; readonly least: number } {
  const world = new UrgentWorld();
  const notification = world.object("notification");
  const line = world.line(storm.everyMicros);
  const { budgetMicros, periodMicros } = storm;
  const context = world.context({ budgetMicros, periodMicros, priority: URGENT_PRIORITY });
  world.grant(HANDLER, slot.notification, "notification", notification);
  world.grant(HANDLER, slot.line, "interrupt", line);
  world.grant(HANDLER, slot.context, "context", context);
  world.grant(2, slot.self, "process", HANDLER);
  // By itself the handler comes last: once it waits, it is first by its interrupts only.
  const lower = call({ call: "priority_set", fd: slot.self, authority: slot.self, priority: 0 });
  const guests: UrgentGuest[] = [
    {
      name: "handler",
      first: [bindLine, bindContext],
      again: [wait(slot.notification), work(storm.handlerTicks), acknowledge],
      roundTicks: ROUND,
    },
    { name: "victim", first: [lower], again: [work(900)], roundTicks: ROUND },
  ];
  world.rank(2, 90);
  const spec = { quantum: storm.quantum, guests, boot: world.facts, raises: [], endMicros: STORM_MICROS };
  const machine = new UrgentMachine(spec);
  machine.run();
  const periods = STORM_MICROS / periodMicros + 1;
  const least =
    STORM_MICROS * TICKS_PER_MICRO - periods * (budgetMicros * TICKS_PER_MICRO + ROUND) - storm.quantum;
  return { ticks: machine.usedBy(2), least };
}
