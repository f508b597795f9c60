/** What the checker has to know of urgent work: which lines and timers can interrupt, and how high a priority each process may give. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { at, ownerAt, spaceAt } from "./held-slots.ts";

/** A process that nothing is said of. */
const USUAL_PRIORITY = 100;

export class KnownUrgency {
  readonly #lines = new Set<number>();
  /** Until when each timer is armed. */
  readonly #timers = new Map<number, number>();
  /** Timers that have fired, until what was bound to them is gone. */
  readonly #fired = new Set<number>();
  readonly #ceilings = new Map<number, number>();

  take(event: KernelEvent): void {
    switch (event.type) {
      case "interrupt/attached":
        return void this.#lines.add(event.line);
      case "timer/armed":
        this.#fired.delete(event.timer);
        return void this.#timers.set(event.timer, event.until);
      case "timer/fired":
        this.#fired.add(event.timer);
        return void this.#timers.delete(event.timer);
      case "timer/disarmed":
        return void this.#timers.delete(event.timer);
      case "capability/removed":
        if (spaceAt(event.root) === at.kept) this.#fired.delete(ownerAt(event.root));
        return;
      case "process/ranked":
        return void this.#ceilings.set(event.pid, event.ceiling);
      default:
        return;
    }
  }

  isLine(object: number): boolean {
    return this.#lines.has(object);
  }

  /** Whether an object lets go by itself of what is bound to it: a line, or a timer that has just fired. */
  letsGo(object: number): boolean {
    return this.isLine(object) || this.#fired.has(object);
  }

  /** Kernel time at which a timer fires; -1 if it is not armed. */
  dueAt(timer: number): number {
    return this.#timers.get(timer) ?? -1;
  }

  ceilingOf(pid: number): number {
    return this.#ceilings.get(pid) ?? USUAL_PRIORITY;
  }
}
