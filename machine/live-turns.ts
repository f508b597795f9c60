/** The kernel of guests that take turns and live: it says whose turn it is, wakes who need not wait, and sleeps when nobody is ready. */
import { invariant } from "../core/assert.ts";
import { get, peek } from "../core/table.ts";
import type { ClockDevice } from "../devices/device.ts";
import type { GuestCall, GuestEnd, TurnKernel } from "../guests/guest-kernel.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import {
  isToHandOn,
  isTurnOver,
  nextTurn,
  type Turn,
  wokenAt,
  wokenByState,
} from "../reducers/decide/schedule.ts";
import { dueFact, firstUrgent } from "../reducers/decide/urgent-due.ts";
import { enterNext, isSlotOver, passSlots, sleepsUntil } from "../reducers/decide/pass-slots.ts";
import { standstillOf } from "../reducers/decide/standstill.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { CONSOLE_INPUT } from "../reducers/scheduler/awaited.ts";
import { TICKS_PER_MICRO } from "../reducers/scheduler/contexts.ts";
import { firstDue, ticksFor } from "../reducers/scheduler/scheduler-selectors.ts";
import type { SchedulerState } from "../reducers/scheduler/scheduler-state.ts";
import type { LiveKernel } from "./live-kernel.ts";
import type { Waiter } from "./live-options.ts";
import type { Supervisor } from "./supervisor.ts";

/** As a shell tells it: 128 and SIGXCPU. */
const OUT_OF_TICKS = { type: "process/killed", signal: "SIGXCPU", code: 152 } as const;

/** A turn of so many ticks ends, also where nobody else is ready: what it has used is in the log, and the guest at rest. */
const LONGEST_TURN_TICKS = 2 ** 30;

export class LiveTurns implements TurnKernel {
  readonly #live: LiveKernel;
  readonly #waiter: Waiter;
  readonly #clock: ClockDevice;
  readonly #supervisor: Supervisor | null;
  /** Whether it was told that nobody can go on, and nobody has since. */
  #isStill = false;

  /** Without a supervisor nobody starts who does not live already. */
  constructor(live: LiveKernel, waiter: Waiter, clock: ClockDevice, supervisor: Supervisor | null) {
    this.#live = live;
    this.#waiter = waiter;
    this.#clock = clock;
    this.#supervisor = supervisor;
  }

  /** Of a machine whose power was cut: wakes whom it was to wake, had it gone on. */
  wakeReady(): void {
    for (const pid of wokenByState(this.state)) this.#live.record(pid, { type: "process/woken" });
  }

  get kernel(): LiveKernel {
    return this.#live;
  }

  get state(): KernelState {
    return this.#live.state;
  }

  get bytes(): ByteSource {
    return this.#live.bytes;
  }

  get #scheduler(): SchedulerState {
    const { scheduler } = this.#live.state;
    invariant(scheduler !== undefined, "guests take turns only where that was said");
    return scheduler;
  }

  nextTurn(): Turn | null {
    for (;;) {
      this.#hear();
      this.#supervisor?.tend();
      const turn = nextTurn(this.#scheduler);
      if (turn === null) {
        if (this.#scheduler.tasks.root === null && (this.#supervisor?.isDone ?? true)) return null;
        if (isSlotOver(this.#scheduler)) this.#live.record(0, enterNext(this.#scheduler));
        else this.#sleep();
      } else if (turn.quantum < 0) this.#live.recordEnd(turn.pid, OUT_OF_TICKS);
      else {
        this.#isStill = false;
        this.#live.record(turn.pid, { type: "process/scheduled", quantum: turn.quantum });
        return turn;
      }
    }
  }

  /** Sleeps until something is due, or the slot of a domain of which nobody is ready is over: nobody else has what is left of it. */
  #sleep(): void {
    const scheduler = this.#scheduler;
    const forInput = peek(scheduler.waiters, CONSOLE_INPUT) !== null;
    this.#tellStandstill();
    if (scheduler.partition === undefined) return this.#waiter.sleep(this.#nextDue, forInput);
    const since = this.#clock.now();
    this.#waiter.sleep(sleepsUntil(scheduler, since, this.#nextDue), forInput);
    for (const fact of passSlots(scheduler, (this.#clock.now() - since) * TICKS_PER_MICRO))
      this.#live.record(0, fact);
  }

  #tellStandstill(): void {
    if (this.#isStill || this.#nextDue > 0) return;
    const standing = standstillOf(this.state);
    if (standing === null) return;
    this.#isStill = true;
    this.#waiter.standStill(standing);
  }

  /** Kernel time at which something is to be done next; 0 if that is not known. */
  get #nextDue(): number {
    const urgent = firstUrgent(this.state);
    const times = [firstDue(this.#scheduler), urgent, this.#supervisor?.nextDue ?? 0].filter(
      (time) => time > 0,
    );
    return times.length === 0 ? 0 : Math.min(...times);
  }

  /** Logs what has happened meanwhile outside of the guests. */
  #hear(): void {
    for (const fact of this.#waiter.news()) this.#live.record(0, fact);
    if (peek(this.#scheduler.waiters, CONSOLE_INPUT) !== null) this.#live.takeInput();
    this.#interrupt();
    if (firstDue(this.#scheduler) === 0) return;
    for (const pid of wokenAt(this.#scheduler, this.#clock.now(), this.state.seq))
      this.#live.record(pid, { type: "process/woken" });
  }

  /** Raises lines, fires timers and refills budgets whose time has come. */
  #interrupt(): void {
    const first = firstUrgent(this.state);
    const now = first === 0 ? 0 : this.#clock.now();
    if (first === 0 || first > now) return;
    for (let fact = dueFact(this.state, now); fact !== null; fact = dueFact(this.state, now))
      this.#live.record(0, fact);
  }

  answer(call: GuestCall): KernelEvent | null {
    this.#interrupt();
    return this.#live.tryAnswer(call, call.isAgain ? get(this.#scheduler.tasks, call.pid).since : -1);
  }

  refill(pid: number, ticks: number): number {
    this.#hear();
    if (isTurnOver(this.#scheduler, pid) || this.#mayStart) return 0;
    if (ticks >= LONGEST_TURN_TICKS) return 0;
    return Math.max(0, ticksFor(this.#scheduler, pid, ticks));
  }

  /** Whether it is time to start somebody. Where there are domains that ends no turn: it may be one of another domain. */
  get #mayStart(): boolean {
    return this.#scheduler.partition === undefined && this.#supervisor?.isDue === true;
  }

  handsOn(pid: number, _: number, hasYielded: boolean): boolean {
    return isToHandOn(this.#scheduler, pid, hasYielded);
  }

  preempted(pid: number, ticks: number): void {
    this.#live.record(pid, { type: "process/preempted", ticks });
  }

  suspended(pid: number, ticks: number): void {
    const { until, objects } = this.#live.waits;
    const since = this.#live.askedAt;
    this.#live.record(pid, { type: "process/suspended", ticks, since, until, objects });
  }

  end(pid: number, end: GuestEnd): void {
    this.#live.end(pid, end);
  }
}
