/** What the checker has to know of urgent work: which lines and timers can interrupt, and how high a priority each process may give. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";

/** A process that nothing is said of. */
const USUAL_PRIORITY = 100;

export class KnownUrgency {
  readonly #lines = new Set<number>();
  /** Until when each timer is armed. */
  readonly #timers = new Map<number, number>();
  readonly #ceilings = new Map<number, number>();

  take(event: KernelEvent): void {
    switch (event.type) {
      case "interrupt/attached":
        return void this.#lines.add(event.line);
      case "timer/armed":
        return void this.#timers.set(event.timer, event.until);
      case "timer/disarmed":
      case "timer/fired":
        return void this.#timers.delete(event.timer);
      case "process/ranked":
        return void this.#ceilings.set(event.pid, event.ceiling);
      default:
        return;
    }
  }

  isLine(object: number): boolean {
    return this.#lines.has(object);
  }

  /** Kernel time at which a timer fires; -1 if it is not armed. */
  dueAt(timer: number): number {
    return this.#timers.get(timer) ?? -1;
  }

  ceilingOf(pid: number): number {
    return this.#ceilings.get(pid) ?? USUAL_PRIORITY;
  }
}
