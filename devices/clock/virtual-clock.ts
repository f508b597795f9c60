import type { ClockDevice } from "../device.ts";

/** 2020-01-01T00:00Z: where virtual time begins, so that runs with the same seed are the same to the byte. */
const VIRTUAL_EPOCH_MICROS = 1_577_836_800_000_000;

/** A clock that moves when it is looked at, by a microsecond, and jumps over every sleep. */
export class VirtualClock implements ClockDevice {
  readonly kind = "virtual";
  #now: number;

  constructor(from: number) {
    this.#now = from;
  }

  now(): number {
    this.#now += 1;
    return this.#now;
  }

  wall(): number {
    return VIRTUAL_EPOCH_MICROS + this.#now;
  }

  /** Sleeping costs nothing: it is later now. */
  sleepUntil(at: number): void {
    this.#now = Math.max(this.#now, at);
  }
}
