/**
 * Guests of a fork take turns. As long as the fork is the recording, the recording says whose turn it is, when it ends, and what is heard
 * in between, because these hang on when devices were listened to; each call is decided anew. From the difference on they live.
 */
import { NextTurn } from "../../replay/next-turn.ts";
import { get, peek } from "../../core/table.ts";
import type { GuestCall, GuestEnd, TurnKernel } from "../../guests/guest-kernel.ts";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import { nextTurn, type Turn } from "../../reducers/decide/schedule.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { ticksFor } from "../../reducers/scheduler/scheduler-selectors.ts";
import type { SchedulerState } from "../../reducers/scheduler/scheduler-state.ts";
import type { LiveKernel } from "../live-kernel.ts";
import { LiveTurns } from "../live-turns.ts";
import type { Supervisor } from "../supervisor.ts";
import { type ForkCourse, ForkEnds } from "./fork-course.ts";
import type { Fork } from "./fork.ts";
import { factOf, type ForkDevices } from "./fork-devices.ts";

const heard: ReadonlySet<KernelEvent["type"]> = new Set([
  "process/woken",
  "console/input-arrived",
  "console/input-ended",
  "console/output-closed",
  "host/effect-failed",
  "interrupt/raised",
  "timer/fired",
  "context/refilled",
  "machine/powered-on",
]);
const turnEnds: ReadonlySet<KernelEvent["type"]> = new Set([
  "process/suspended",
  "process/accounted",
  "process/exited",
  "process/trapped",
  "process/scheduled",
]);
const isHeard = ({ type }: KernelEvent): boolean => heard.has(type);

/** As LiveTurns ends a process that has used up its ticks. */
const OUT_OF_TICKS = { type: "process/killed", signal: "SIGXCPU", code: 152 } as const;

export class ForkTurns implements TurnKernel {
  readonly fork: Fork;
  readonly #live: LiveKernel;
  readonly #course: ForkCourse;
  readonly #devices: ForkDevices;
  readonly #supervisor: Supervisor | null;
  readonly #free: LiveTurns;

  constructor(live: LiveKernel, fork: Fork, supervisor: Supervisor | null) {
    const { course, devices } = fork;
    this.fork = fork;
    this.#live = live;
    this.#course = course;
    this.#devices = devices;
    this.#supervisor = supervisor;
    this.#free = new LiveTurns(live, devices, devices, supervisor);
  }

  get state(): KernelState {
    return this.#live.state;
  }

  get bytes(): ByteSource {
    return this.#live.bytes;
  }

  get #scheduler(): SchedulerState {
    return this.#live.state.scheduler as SchedulerState;
  }

  /** The next recorded event; null once they differ. */
  get #next(): KernelEvent | null {
    if (!this.#course.isSame) return null;
    const next = this.#course.future.peek();
    if (next === null) throw new ForkEnds("the recording ends");
    return next;
  }

  nextTurn(): Turn | null {
    for (let next = this.#next; next !== null; next = this.#next) {
      if (isHeard(next) && this.#hear(next)) continue;
      // Who has ended is noticed at once; who is started is started when it was recorded.
      this.#supervisor?.notice((pid) => this.#course.endedAt(pid));
      if (this.#next !== next) continue;
      if (next.type === "machine/powered-off" && this.#scheduler.tasks.root === null) return null;
      const turn = nextTurn(this.#scheduler);
      if (turn !== null && turn.quantum < 0) this.#live.recordEnd(turn.pid, OUT_OF_TICKS);
      else if (next.type === "process/scheduled") {
        if (turn === null || turn.pid !== next.pid) this.#course.differ(null);
        else {
          this.#live.record(next.pid, { type: "process/scheduled", quantum: next.quantum });
          return { pid: next.pid, quantum: next.quantum };
        }
      } else if (!this.#hear(next)) this.#course.differ(null);
    }
    this.#wake(this.fork.wakes?.beforeTurn() ?? []);
    return this.#free.nextTurn();
  }

  /** Wakes those who woke here in the recording, as far as they wait, and lets slots pass in which nobody has a turn. */
  #wake(heard: readonly KernelEvent[]): void {
    for (const event of heard) {
      const isWake = event.type === "process/woken";
      const isDue = isWake
        ? peek(this.#scheduler.tasks, event.pid)?.status === "waiting"
        : nextTurn(this.#scheduler) === null;
      if (isDue) this.#live.record(event.pid, factOf(event));
    }
  }

  /** Lets happen what was recorded next, if it is nobody's call; whether it was. */
  #hear(next: KernelEvent): boolean {
    const { eventCount } = this.#course;
    if (next.call >= 0) return false;
    switch (next.type) {
      case "process/woken": {
        if (next.cause >= 0 || peek(this.#scheduler.tasks, next.pid)?.status !== "waiting") return false;
        this.#live.record(next.pid, { type: "process/woken" });
        break;
      }
      case "console/input-arrived":
      case "console/input-ended":
        this.#live.takeInput();
        break;
      case "interrupt/raised":
      case "timer/fired":
      case "context/refilled":
        if (next.cause >= 0) return false;
        this.#live.record(0, factOf(next));
        break;
      case "console/output-closed":
      case "host/effect-failed":
      case "machine/powered-on":
        this.#live.record(0, factOf(next));
        break;
      case "process/started":
        this.#supervisor?.startOnly(next.name);
        break;
      case "domain/entered":
      case "domain/idled":
        // A slot passes as it did where nobody has a turn in it here either.
        if (nextTurn(this.#scheduler) !== null) return false;
        this.#live.record(0, factOf(next));
        break;
      case "pipe/reserved":
        this.#devices.atOnce(this.state.at, () => this.#supervisor?.tend());
        break;
      case "capability/closed":
        if (this.#course.future.isStopped()) throw new ForkEnds("the machine was stopped from outside");
        return false;
      default:
        return false;
    }
    return this.#course.eventCount > eventCount;
  }

  /** What was heard while a guest ran, in front of what it did next. */
  #hearBefore(): void {
    for (let next = this.#next; next !== null && this.#hear(next); next = this.#next);
  }

  answer(call: GuestCall): KernelEvent | null {
    this.#hearBefore();
    this.#devices.expect(call);
    if (!this.#course.isSame) return this.#free.answer(call);
    return this.#live.tryAnswer(call, call.isAgain ? get(this.#scheduler.tasks, call.pid).since : -1);
  }

  refill(pid: number, ticks: number): number {
    for (let distance = 0; this.#course.isSame; distance += 1) {
      const event = this.#course.future.peek(distance);
      if (event === null) throw new ForkEnds("the recording ends");
      const isEnd = event.type === "process/preempted" || event.type === "process/suspended";
      if (event.type === "process/preempted" && event.pid === pid && event.ticks === ticks) return 0;
      if (isEnd && event.ticks < ticks) this.#course.differ(null);
      if (
        isEnd ||
        event.call >= 0 ||
        event.type === "process/scheduled" ||
        event.type === "process/accounted"
      )
        return Math.max(0, ticksFor(this.#scheduler, pid, ticks));
    }
    this.#wake(this.fork.wakes?.atTick(ticks) ?? []);
    return this.#free.refill(pid, ticks);
  }

  handsOn(pid: number, ticks: number, hasYielded: boolean): boolean {
    const next = new NextTurn(this.state, pid);
    for (let distance = 0; this.#course.isSame; distance += 1) {
      const event = this.#course.future.peek(distance);
      if (event === null) throw new ForkEnds("the recording ends");
      if (event.type === "process/preempted")
        return event.pid === pid && event.ticks === ticks && next.handsOn(hasYielded);
      if (event.call >= 0 || turnEnds.has(event.type)) return false;
      next.hear(event);
    }
    return this.#free.handsOn(pid, ticks, hasYielded);
  }

  preempted(pid: number, ticks: number): void {
    this.#hearBefore();
    this.#free.preempted(pid, ticks);
  }

  suspended(pid: number, ticks: number): void {
    this.#free.suspended(pid, ticks);
  }

  end(pid: number, end: GuestEnd): void {
    this.#hearBefore();
    this.#free.end(pid, end);
  }
}
