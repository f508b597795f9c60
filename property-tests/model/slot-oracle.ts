/**
 * A second opinion of slots, from the log alone: whose slot it is, what is left of it, who is ready of which domain. It shares no code with
 * the kernel.
 */
import type { KernelEvent } from "../../reducers/kernel-event.ts";

type Status = "ready" | "running" | "waiting";

export class SlotOracle {
  readonly #roundTicks: number;
  #slots: readonly number[] = [];
  #left: number[] = [];
  #current = 0;
  readonly #tasks = new Map<number, { domain: number; status: Status }>();
  #isCounted = false;

  /** `roundTicks`: what the dearest round of a loop costs. */
  constructor(roundTicks: number) {
    this.#roundTicks = roundTicks;
  }

  /** What an event says that cannot be so; null if it can be, and then it is. */
  take(event: KernelEvent): string | null {
    const { pid } = event;
    switch (event.type) {
      case "scheduler/partitioned":
        this.#slots = event.slotTicks;
        this.#left = event.slotTicks.map((ticks, domain) => (domain === 0 ? ticks : 0));
        return null;
      case "process/started":
        this.#tasks.set(pid, { domain: 0, status: "ready" });
        return null;
      case "process/assigned":
        this.#tasks.set(pid, { domain: event.domain, status: "ready" });
        return null;
      case "process/scheduled":
        return this.#begin(pid, event.quantum);
      case "process/preempted":
      case "process/suspended":
        this.#tasks.set(pid, {
          domain: this.#current,
          status: event.type === "process/preempted" ? "ready" : "waiting",
        });
        return this.#use(event.ticks);
      case "process/accounted":
        this.#isCounted = true;
        return this.#use(event.ticks);
      case "process/woken":
        this.#tasks.set(pid, { domain: this.#tasks.get(pid)?.domain ?? 0, status: "ready" });
        return null;
      case "process/exited":
      case "process/trapped":
      case "process/killed":
        return this.#end(pid);
      case "domain/entered":
        return this.#enter(event.domain, event.passed);
      case "domain/idled":
        if (this.#isReady(this.#current)) return "somebody of the domain is ready";
        return this.#use(event.ticks);
      default:
        return null;
    }
  }

  #begin(pid: number, quantum: number): string | null {
    const domain = this.#tasks.get(pid)?.domain ?? 0;
    if (domain !== this.#current) return `process ${pid} is of domain ${domain}, not of ${this.#current}`;
    const left = this.#left[domain] as number;
    if (quantum === 0 || quantum > left)
      return `a turn of ${quantum} ticks, and ${left} are left of the slot`;
    this.#tasks.set(pid, { domain, status: "running" });
    return null;
  }

  #use(ticks: number): string | null {
    const left = (this.#left[this.#current] as number) - ticks;
    this.#left[this.#current] = left;
    return left > -this.#roundTicks ? null : `${-left} ticks more than there were of the slot`;
  }

  /** Of a turn that was not counted the whole slot is used. */
  #end(pid: number): string | null {
    if (this.#tasks.get(pid)?.status === "running" && !this.#isCounted)
      this.#left[this.#current] = Math.min(0, this.#left[this.#current] as number);
    this.#isCounted = false;
    this.#tasks.delete(pid);
    return null;
  }

  #isReady(domain: number): boolean {
    return [...this.#tasks.values()].some((task) => task.domain === domain && task.status !== "waiting");
  }

  #enter(domain: number, passed: number): string | null {
    const count = this.#slots.length;
    const left = this.#left[this.#current] as number;
    if (left > 0 && this.#isReady(this.#current)) return `${left} ticks of a slot are taken away`;
    if (passed > 0 && this.#slots.some((_, one) => this.#isReady(one)))
      return "a slot passed though somebody is ready";
    this.#left[this.#current] = Math.min(0, left);
    for (let slot = 0; slot < passed; slot += 1) {
      const one = (this.#current + 1 + slot) % count;
      this.#left[one] = Math.min(0, (this.#left[one] as number) + (this.#slots[one] as number));
    }
    if (domain !== (this.#current + 1 + passed) % count) return `domain ${domain} is not next`;
    this.#current = domain;
    this.#left[domain] = (this.#left[domain] as number) + (this.#slots[domain] as number);
    return null;
  }
}
