/** A machine of processes that take turns, for tests: facts are folded as they come, and every statement about it is held to. */
import { get, rowsOf } from "../../core/table.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../kernel-event.ts";
import { kernelInvariants } from "../kernel-invariants.ts";
import { initialState, type KernelState } from "../kernel-state.ts";
import { mayBeUrgent, nextUrgent } from "../decide/urgent-consequences.ts";
import { nextTurn, wokenAt, wokenBy } from "../decide/schedule.ts";
import { Fold } from "../step.ts";
import { waitersOf } from "./scheduler-selectors.ts";
import type { SchedulerState } from "./scheduler-state.ts";

export class ScheduledMachine {
  readonly #fold = new Fold(initialState());
  readonly events: KernelEvent[] = [];
  at = 0;

  constructor(quantum: number, seed = 0) {
    this.happen(0, { type: "scheduler/configured", quantum, seed, transform: 1 });
  }

  get state(): KernelState {
    return this.#fold.state;
  }

  get scheduler(): SchedulerState {
    return this.state.scheduler as SchedulerState;
  }

  happen(pid: number, fact: KernelFact, cause = -1): KernelEvent {
    return this.take(kernelCodec.seal(fact, this.state.seq, this.at, cause, pid, -1));
  }

  /** An event as it is, such as the answer to a call. */
  take(event: KernelEvent): KernelEvent {
    const isUrgent = mayBeUrgent(this.state, event);
    this.events.push(event);
    this.#fold.apply(event);
    if (isUrgent)
      for (let next = nextUrgent(this.state, event); next !== null; next = nextUrgent(this.state, event))
        this.happen(next.pid, next.fact, event.seq);
    return event;
  }

  /** Begins a new epoch, so that what is shared has to be copied. */
  snapshot(): KernelState {
    return this.#fold.snapshot();
  }

  start(pid: number): void {
    const nothing = { program: "", name: "", args: [], environment: [], memoryPages: 1 };
    this.happen(pid, { type: "process/started", ...nothing });
  }

  /** The next one has the processor; its pid, or 0 if nobody is ready. */
  turn(): number {
    const turn = nextTurn(this.scheduler);
    if (turn === null) return 0;
    this.happen(turn.pid, { type: "process/scheduled", quantum: turn.quantum });
    return turn.pid;
  }

  preempt(pid: number, ticks = 10): void {
    this.happen(pid, { type: "process/preempted", ticks });
  }

  suspend(pid: number, objects: readonly number[], until = 0): void {
    this.happen(pid, { type: "process/suspended", ticks: 1, since: this.at, until, objects: [...objects] });
  }

  /** Wakes whom an event wakes, in order. */
  wake(event: KernelEvent): readonly number[] {
    const pids = wokenBy(this.state, event);
    for (const pid of pids) this.happen(pid, { type: "process/woken" }, event.seq);
    return pids;
  }

  /** Wakes who waits for an object, whatever made it ready. */
  wakeWaiters(object: number): readonly number[] {
    const pids = waitersOf(this.scheduler, object);
    for (const pid of pids) this.happen(pid, { type: "process/woken" });
    return pids;
  }

  wakeDue(): readonly number[] {
    const pids = wokenAt(this.scheduler, this.at, this.state.seq);
    for (const pid of pids) this.happen(pid, { type: "process/woken" });
    return pids;
  }

  /** The pids of those who are ready, in the order of their turns. */
  get queue(): readonly number[] {
    const pids: number[] = [];
    const { tasks, levels } = this.scheduler;
    for (const [, { first }] of [...rowsOf(levels)].reverse()) {
      for (let pid = first; pid !== 0; pid = get(tasks, pid).behind) pids.push(pid);
    }
    return pids;
  }

  get broken(): readonly string[] {
    return Object.entries(kernelInvariants)
      .filter(([, holds]) => !holds(this.state))
      .map(([name]) => name);
  }
}
