/** What the checker has to know of scheduling domains: whose slot it is, and of which domain each process is. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";

export class KnownDomains {
  /** The length of each domain's slots; none where there are no domains. */
  #slots: readonly number[] = [];
  #current = 0;
  readonly #domains = new Map<number, number>();

  take(event: KernelEvent): void {
    switch (event.type) {
      case "scheduler/partitioned":
        this.#slots = event.slotTicks;
        return;
      case "process/assigned":
        return void this.#domains.set(event.pid, event.domain);
      case "domain/entered":
        this.#current = event.domain;
        return;
      default:
        return;
    }
  }

  /** Why an event cannot have happened where the slots are as they are; null if it can. */
  deny(event: KernelEvent): string | null {
    const count = this.#slots.length;
    switch (event.type) {
      case "scheduler/partitioned":
        if (count > 0) return "the machine has domains already";
        return event.slotTicks.length > 0 && event.slotTicks.every((ticks) => ticks > 0)
          ? null
          : "a domain has no slots";
      case "process/assigned":
        return event.domain < count ? null : `there is no domain ${event.domain}`;
      case "domain/entered": {
        const next = count === 0 ? -1 : (this.#current + 1 + (event.passed % count)) % count;
        return event.domain === next ? null : `the slot of domain ${event.domain} does not come next`;
      }
      case "process/scheduled":
        return this.#of(event.pid) === this.#current
          ? null
          : `process ${event.pid} has a turn in the slot of domain ${this.#current}`;
      case "process/spawned":
        return this.#of(event.child) === this.#of(event.pid)
          ? null
          : `process ${event.child} is not of the domain of process ${event.pid}`;
      default:
        return null;
    }
  }

  #of(pid: number): number {
    return this.#domains.get(pid) ?? 0;
  }
}
