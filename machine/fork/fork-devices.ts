/**
 * What stands outside of a fork: as long as it is the recording, what was recorded next; then what was recorded, in the order in which it
 * is asked for; and where that has an end, pure models. The host itself is never asked.
 */
import type { ClockDevice, ConsoleDevice, ConsoleInput, EntropyDevice } from "../../devices/device.ts";
import { seededEntropy } from "../../devices/entropy/entropy-devices.ts";
import { type GuestCall, GuestStopped } from "../../guests/guest-kernel.ts";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import type { KernelEvent, KernelFact } from "../../reducers/kernel-event.ts";
import type { Waiter } from "../live-options.ts";
import type { ForkCourse } from "./fork-course.ts";
import type { RecordedFacts } from "./recorded-facts.ts";

/** Nobody in the fork can go on, and nothing that was recorded would change it. */
export class ForkWaits extends GuestStopped {}

const VIRTUAL_EPOCH_MICROS = 1_577_836_800_000_000;

/** When what leads to an event is asked: of a call that has to wait, when it was made. */
const timeOf = (event: KernelEvent): number => (event.type === "process/suspended" ? event.since : event.at);

/** An event without its envelope. */
export function factOf(event: KernelEvent): KernelFact {
  const { seq: _, at: __, cause: ___, pid: ____, call: _____, ...fact } = event;
  return fact as KernelFact;
}

export class ForkDevices implements ClockDevice, EntropyDevice, ConsoleDevice, Waiter {
  readonly kind = "virtual";
  readonly #course: ForkCourse;
  readonly #recorded: ByteSource;
  readonly #facts: () => RecordedFacts;
  readonly #model: EntropyDevice;
  #now: number;
  #pid = 0;
  #times: ((call: GuestCall) => number) | null = null;
  /** The time at which it stands still; -1 if it goes on. */
  #frozen = -1;
  /** Events of the fork when it slept last: who sleeps twice without any has nothing to wake up for. */
  #sleptAt = -1;

  constructor(
    course: ForkCourse,
    recorded: ByteSource,
    { facts, now, drawnBytes }: { facts: () => RecordedFacts; now: number; drawnBytes: number },
  ) {
    this.#course = course;
    this.#recorded = recorded;
    this.#facts = facts;
    this.#now = now;
    this.#model = seededEntropy(0, drawnBytes);
  }

  /** The next recorded event, as long as the fork is the recording. */
  get #next(): KernelEvent | null {
    return this.#course.isSame ? this.#course.future.peek() : null;
  }

  /** From now on it is as late as it was when the same was asked in the recording. */
  keepTo(times: (call: GuestCall) => number): void {
    this.#times = times;
  }

  /** What a guest is about to ask. */
  expect(call: GuestCall): void {
    const { pid, request } = call;
    this.#pid = pid;
    if (this.#times !== null) {
      this.#now = Math.max(this.now(), this.#times(call));
      this.#frozen = this.#now;
      return;
    }
    if (this.#course.isSame || request?.call !== "clock_time_get") return;
    const reading = this.#facts().clockReads.get(pid)?.shift();
    if (reading !== undefined) this.#now = Math.max(this.#now, reading - 1);
  }

  /** Does something before more time has passed than the fork has logged. */
  atOnce(at: number, work: () => void): void {
    this.#frozen = at;
    work();
    this.#frozen = -1;
  }

  now(): number {
    if (this.#frozen >= 0) return this.#frozen;
    const next = this.#next;
    this.#now = next === null ? this.#now + 1 : Math.max(this.#now, timeOf(next));
    return this.#now;
  }

  wall(): number {
    return VIRTUAL_EPOCH_MICROS + this.#now;
  }

  fill(bytes: Uint8Array): void {
    const next = this.#next;
    const recorded =
      next?.type === "entropy/drawn" ? next : this.#course.isSame ? undefined : this.#nextDraw(bytes.length);
    if (recorded?.length === bytes.length) this.#recorded.copyTo(bytes, 0, recorded.position, bytes.length);
    else this.#model.fill(bytes);
  }

  #nextDraw(length: number): { readonly position: number; readonly length: number } | undefined {
    const draws = this.#facts().draws.get(this.#pid);
    return draws?.[0]?.length === length ? draws.shift() : undefined;
  }

  take(): ConsoleInput {
    const next = this.#next;
    if (next !== null) return this.#inputOf(next);
    return this.#course.isSame ? null : this.#inputOf(this.#facts().input.shift());
  }

  #inputOf(event: KernelEvent | undefined): ConsoleInput {
    if (event?.type === "console/input-ended") return { kind: "ended" };
    if (event?.type !== "console/input-arrived") return null;
    const bytes = new Uint8Array(event.length);
    this.#recorded.copyTo(bytes, 0, event.position, event.length);
    return { kind: "bytes", bytes };
  }

  news(): readonly KernelFact[] {
    const next = this.#next;
    return next?.type === "console/output-closed" || next?.type === "host/effect-failed"
      ? [factOf(next)]
      : [];
  }

  standStill(): void {}

  sleep(until: number, forInput: boolean): void {
    const { eventCount } = this.#course;
    const isAgain = this.#sleptAt === eventCount;
    this.#sleptAt = eventCount;
    if (this.#course.isSame) {
      if (this.#next === null) throw new ForkWaits("the log ends while somebody waits");
      // What was recorded next will end the wait, unless nothing came of it.
      if (!isAgain) return;
      this.#course.differ(null);
    }
    if (forInput && this.#facts().input.length > 0) return;
    if (until === 0) throw new ForkWaits("nothing that was recorded ends the wait");
    this.#now = Math.max(this.#now, until);
    this.#frozen = -1;
  }
}
