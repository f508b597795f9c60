import { performance } from "node:perf_hooks";
import type { ClockDevice } from "../device.ts";

/** The host's monotonic clock, going on from a kernel time. */
export class HostClock implements ClockDevice {
  readonly kind = "host";
  readonly #base: number;
  #last: number;

  constructor(from: number) {
    this.#base = from - performance.now() * 1000;
    this.#last = from;
  }

  now(): number {
    const now = Math.floor(this.#base + performance.now() * 1000);
    if (now > this.#last) this.#last = now;
    return this.#last;
  }

  wall(): number {
    return Math.floor((performance.timeOrigin + performance.now()) * 1000);
  }
}
