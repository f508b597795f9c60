/** The scheduler beside a model of lists: the same queue, the same ones woken, the same ticks left, after anything that may happen. */
import fc from "fast-check";
import { get } from "../../core/table.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { ScheduledMachine } from "../../reducers/scheduler/scheduled-machine.ts";
import { ticksFor, ticksUsed } from "../../reducers/scheduler/scheduler-selectors.ts";
import { step } from "../../reducers/step.ts";
import { demandEqual, law, type Law } from "./law.ts";

interface ModelTask {
  ticks: number;
  readonly limit: number;
  objects: readonly number[];
  until: number;
}

const QUANTUM = 1000;

class Model {
  ready: number[] = [];
  running = 0;
  readonly tasks = new Map<number, ModelTask>();
  /** What those have used who have ended. */
  readonly ended = new Map<number, number>();

  leave(pid: number): void {
    this.ready = this.ready.filter((other) => other !== pid);
    if (this.running === pid) this.running = 0;
    const task = this.tasks.get(pid);
    if (task === undefined) return;
    task.objects = [];
    task.until = 0;
  }

  end(pid: number): void {
    this.leave(pid);
    this.ended.set(pid, this.tasks.get(pid)?.ticks ?? 0);
    this.tasks.delete(pid);
  }

  queue(pid: number): void {
    this.leave(pid);
    this.ready.push(pid);
  }

  wait(pid: number, objects: readonly number[], until: number): void {
    this.leave(pid);
    const task = this.tasks.get(pid);
    if (task !== undefined) Object.assign(task, { objects, until });
  }

  whoWait(matches: (task: ModelTask) => boolean): readonly number[] {
    return [...this.tasks].filter(([, task]) => matches(task)).map(([pid]) => pid);
  }
}

type Step =
  | { readonly kind: "turn" | "snapshot" }
  | { readonly kind: "exit" }
  | { readonly kind: "start"; readonly limit: number }
  | { readonly kind: "preempt"; readonly ticks: number }
  | { readonly kind: "suspend"; readonly objects: readonly number[]; readonly wait: number }
  | { readonly kind: "kill"; readonly which: number }
  | { readonly kind: "ready"; readonly object: number }
  | { readonly kind: "time"; readonly by: number };

const object = fc.integer({ min: 0, max: 5 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("turn", "turn", "turn", "snapshot") }) },
  fc.record({ kind: fc.constant("exit" as const) }),
  fc.record({ kind: fc.constant("start" as const), limit: fc.constantFrom(0, 0, 500, 2500) }),
  fc.record({ kind: fc.constant("preempt" as const), ticks: fc.integer({ min: 1, max: 1500 }) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("suspend" as const),
      objects: fc.uniqueArray(object, { maxLength: 3 }),
      wait: fc.constantFrom(0, 1, 2, 3, 5, 8, 100),
    }),
  },
  fc.record({ kind: fc.constant("kill" as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant("ready" as const), object }),
  fc.record({ kind: fc.constant("time" as const), by: fc.integer({ min: 1, max: 10 }) }),
);

const ascending = (pids: readonly number[]): readonly number[] => [...pids].sort((one, other) => one - other);

/** Lets a step happen to both; nothing, where it cannot. */
function happen(machine: ScheduledMachine, model: Model, taken: Step): void {
  const { running } = model;
  switch (taken.kind) {
    case "start":
      return start(machine, model, taken.limit);
    case "turn":
      if (running !== 0) return;
      model.running = model.ready.shift() ?? 0;
      return demandEqual(machine.turn(), model.running, "whose turn it is");
    case "ready":
      return wake(machine.wakeWaiters(taken.object), model, ({ objects }) => objects.includes(taken.object));
    case "time":
      machine.at += taken.by;
      return wake(machine.wakeDue(), model, ({ until }) => until > 0 && until <= machine.at);
    case "kill": {
      const living = [...model.tasks.keys()];
      const pid = living[taken.which % living.length];
      return pid === undefined ? undefined : kill(machine, model, pid);
    }
    case "snapshot":
      machine.snapshot();
      return;
    default:
      if (running !== 0) stop(machine, model, taken);
  }
}

function start(machine: ScheduledMachine, model: Model, limit: number): void {
  const pid = machine.state.processes.nextPid;
  machine.start(pid);
  if (limit > 0) machine.happen(pid, { type: "process/limited", ticks: limit });
  model.tasks.set(pid, { ticks: 0, limit, objects: [], until: 0 });
  model.queue(pid);
}

/** How the one that runs gives the processor back. */
function stop(
  machine: ScheduledMachine,
  model: Model,
  taken: Extract<Step, { kind: "exit" | "preempt" | "suspend" }>,
): void {
  const pid = model.running;
  const task = model.tasks.get(pid) as ModelTask;
  switch (taken.kind) {
    case "exit":
      machine.happen(pid, { type: "process/exited", code: 0 });
      return model.end(pid);
    case "preempt":
      machine.preempt(pid, taken.ticks);
      task.ticks += taken.ticks;
      return model.queue(pid);
    case "suspend": {
      const until = taken.wait === 0 ? 0 : machine.at + taken.wait;
      machine.suspend(pid, taken.objects, until);
      task.ticks += 1;
      return model.wait(pid, taken.objects, until);
    }
  }
}

function kill(machine: ScheduledMachine, model: Model, pid: number): void {
  machine.happen(pid, { type: "process/killed", signal: "SIGKILL", code: 137 });
  model.end(pid);
}

function wake(woken: readonly number[], model: Model, matches: (task: ModelTask) => boolean): void {
  demandEqual(ascending(woken), ascending(model.whoWait(matches)), "who need not wait");
  for (const pid of woken) model.queue(pid);
}

function schedulerIsModel(taken: readonly Step[], seed: number): void {
  const machine = new ScheduledMachine(QUANTUM, seed);
  const model = new Model();
  for (const one of taken) {
    happen(machine, model, one);
    demandEqual([machine.queue, machine.scheduler.running], [model.ready, model.running], "the queue");
  }
  demandEqual(machine.broken, [], "statements that do not hold");
  for (const [pid, ticks] of model.ended)
    demandEqual(ticksUsed(machine.scheduler, pid), ticks, "ticks of one that has ended");
  for (const [pid, { ticks, limit }] of model.tasks) {
    demandEqual(get(machine.scheduler.tasks, pid).ticks, ticks, "ticks that were used");
    const left = limit === 0 ? QUANTUM : Math.min(QUANTUM, limit - ticks);
    demandEqual(ticksFor(machine.scheduler, pid), left <= 0 ? -1 : left, "ticks of a turn");
  }
  demandEqual(
    withoutStamps(machine.events.reduce(step, initialState())),
    withoutStamps(machine.state),
    "immer",
  );
}

/** What both drivers have to come to: stamps are not state. */
const withoutStamps = (state: KernelState): unknown =>
  JSON.parse(JSON.stringify(state, (key, value: unknown) => (key === "epoch" ? undefined : value)));

/** Processes that only ever use up their turns, and one that is woken among them. */
function everyTurnComes(count: number, turns: number): void {
  const machine = new ScheduledMachine(QUANTUM);
  for (let pid = 1; pid <= count; pid += 1) machine.start(pid);
  const last = new Map<number, number>();
  for (let turn = 0; turn < turns; turn += 1) {
    const pid = machine.turn();
    demandEqual(turn - (last.get(pid) ?? turn - count), count, `turns until that of ${pid}`);
    last.set(pid, turn);
    machine.preempt(pid);
  }
}

interface Waiting {
  readonly until: number;
  /** Whether it ends before its time comes. */
  readonly isKilled: boolean;
}

/** Processes that wait for times, some of which end before. */
function timersComeInOrder(waiting: readonly Waiting[]): void {
  const machine = new ScheduledMachine(QUANTUM);
  waiting.forEach(({ until }, index) => {
    machine.start(index + 1);
    machine.suspend(machine.turn(), [], until);
  });
  waiting.forEach(({ isKilled }, index) => {
    if (isKilled) machine.happen(index + 1, { type: "process/killed", signal: "SIGKILL", code: 137 });
  });
  demandEqual(machine.broken, [], "statements that do not hold");
  for (machine.at = 1; machine.at <= LATEST; machine.at += 1) {
    const due = waiting.flatMap(({ until, isKilled }, index) =>
      until === machine.at && !isKilled ? [index + 1] : [],
    );
    demandEqual(ascending(machine.wakeDue()), due, `whose time has come at ${machine.at}`);
  }
}

const LATEST = 30;

export const scheduleLaws: readonly Law[] = [
  law({
    id: "F1-turns",
    statement:
      "whose turn it is, who is woken and what is left of a limit follow from the log, as a list would have it",
    runs: 200,
    cases: fc.record({ steps: fc.noBias(fc.array(steps, { maxLength: 60 })), seed: fc.nat(1000) }),
    holds: ({ steps: taken, seed }) => schedulerIsModel(taken, seed),
  }),
  law({
    id: "F1-timers",
    statement: "who waits for a time is woken at that time, whoever else waits and ends",
    runs: 100,
    cases: fc.noBias(
      fc.array(fc.record({ until: fc.integer({ min: 1, max: LATEST }), isKilled: fc.boolean() }), {
        maxLength: 40,
      }),
    ),
    holds: timersComeInOrder,
  }),
  law({
    id: "F2",
    statement: "whoever is ready has a turn after no more turns than there are others",
    runs: 50,
    cases: fc.record({ count: fc.integer({ min: 1, max: 40 }), turns: fc.nat(200) }),
    holds: ({ count, turns }) => everyTurnComes(count, turns),
  }),
];
