/** Time of a machine of urgent guests: it goes as they use ticks, at the rate at which budgets are counted. */
import type { ClockDevice } from "../../devices/device.ts";
import { GuestStopped } from "../../guests/guest-kernel.ts";
import type { Waiter } from "../../machine/live-options.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import { TICKS_PER_MICRO } from "../../reducers/scheduler/contexts.ts";
import { MemoryLog } from "./memory-log.ts";
import type { Raise, UrgentSpec } from "./urgent-machine.ts";

/** A clock that goes as ticks are used. */
export class TickClock implements ClockDevice {
  readonly kind = "virtual";
  ticks = 0;

  now(): number {
    return Math.floor(this.ticks / TICKS_PER_MICRO);
  }

  wall(): number {
    return this.now();
  }

  sleepUntil(micros: number): void {
    this.ticks = Math.max(this.ticks, micros * TICKS_PER_MICRO);
  }
}

/** A log that knows at which tick each event happened. */
export class TickedLog extends MemoryLog {
  readonly #clock: TickClock;
  /** By seq. */
  readonly ticksAt: number[] = [];

  constructor(clock: TickClock) {
    super();
    this.#clock = clock;
  }

  override append(...parts: Parameters<MemoryLog["append"]>): ReturnType<MemoryLog["append"]> {
    this.ticksAt.push(this.#clock.ticks);
    return super.append(...parts);
  }
}

/** The machine is at the end of its time. */
export class Over extends GuestStopped {}

/** Gives the raises of the lines of the outside when it is their time, and never sleeps longer than the machine is to run. */
export class UrgentWaiter implements Waiter {
  readonly #clock: TickClock;
  readonly #endMicros: number;
  readonly #raises: Raise[];

  constructor(clock: TickClock, { raises, endMicros }: Pick<UrgentSpec, "raises" | "endMicros">) {
    this.#clock = clock;
    this.#endMicros = endMicros;
    this.#raises = [...raises].sort((one, other) => one.at - other.at);
  }

  sleep(until: number): void {
    const times = [until, this.#raises[0]?.at ?? 0].filter((time) => time > 0);
    const next = times.length === 0 ? 0 : Math.min(...times);
    if (next === 0 || next > this.#endMicros) throw new Over("nothing more is to happen");
    this.#clock.sleepUntil(next);
  }

  news(): readonly KernelFact[] {
    const due: KernelFact[] = [];
    for (
      let next = this.#raises[0];
      next !== undefined && next.at <= this.#clock.now();
      next = this.#raises[0]
    ) {
      due.push({ type: "interrupt/raised", line: next.line });
      this.#raises.shift();
    }
    return due;
  }

  standStill(): void {}
}
