/** Lines and timers, anew from the log: which signal has to follow from what, and that nothing else does. */
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { KEPT, ownerAt, removedBy, SLOTS, spaceAt } from "./oracle-addresses.ts";

interface Line {
  readonly notification: number;
  inService: boolean;
  pending: boolean;
}

type Breach = (law: string, what: string) => void;

export class InterruptOracle {
  readonly #breach: Breach;
  readonly #lines = new Map<number, Line>();
  readonly #timers = new Map<number, { readonly until: number; readonly notification: number }>();
  /** Lines that were raised while nobody had bound them. */
  readonly #pending = new Set<number>();
  /** Contexts, and what each is to signal when its budget is used up. */
  readonly #contexts = new Map<number, number>();
  /** The signal that is to follow from an interrupt: the seq of that, and where. */
  #delivery: { readonly cause: number; readonly notification: number; readonly law: string } | null = null;

  constructor(breach: Breach) {
    this.#breach = breach;
  }

  /** Whether a line of a notification was delivered, and not acknowledged. */
  isServed(notification: number): boolean {
    return [...this.#lines.values()].some((line) => line.inService && line.notification === notification);
  }

  /** `ended` is called when a line is in service no longer, with the law that says what that ends. */
  take(event: KernelEvent, ended: (law: string) => void): void {
    switch (event.type) {
      case "interrupt/bound":
        return this.#bind(event);
      case "interrupt/raised":
        return this.#raise(event);
      case "interrupt/acknowledged":
        return this.#acknowledge(event, ended);
      case "timer/armed":
        this.#timers.set(event.timer, event);
        return;
      case "timer/disarmed":
        this.#timers.delete(event.timer);
        return;
      case "timer/fired": {
        const timer = this.#timers.get(event.timer);
        if (timer === undefined || timer.until > event.at) this.#breach("F11", `timer ${event.timer} fires`);
        this.#timers.delete(event.timer);
        this.#delivery = { cause: event.seq, notification: timer?.notification ?? 0, law: "F11" };
        return;
      }
      case "object/created":
        if (event.object === "context") this.#contexts.set(event.target, 0);
        if (event.object === "notification") this.#tie(event);
        return;
      case "context/exhausted": {
        const notification = this.#contexts.get(event.context) ?? 0;
        if (notification !== 0) this.#delivery = { cause: event.seq, notification, law: "F8-timeout" };
        return;
      }
      case "notification/signalled":
        if (event.call < 0) this.#judgeSignal(event);
        return;
      case "capability/removed":
        for (const [object, , address] of removedBy(event))
          if (object === "notification" && spaceAt(address) === KEPT && address % SLOTS === 0)
            this.#unbind(ownerAt(address), ended);
        return;
      default:
        return;
    }
  }

  /** All that has to follow from an event has followed. */
  settle(): void {
    if (this.#delivery !== null)
      this.#breach(this.#delivery.law, `notification ${this.#delivery.notification} is not signalled`);
    this.#delivery = null;
  }

  #bind(event: Extract<KernelEvent, { type: "interrupt/bound" }>): void {
    const { line, notification, seq } = event;
    if (this.#lines.has(line)) this.#breach("A14", `line ${line} is bound twice`);
    this.#lines.set(line, { notification, inService: false, pending: false });
    if (this.#pending.delete(line)) this.#deliver(line, seq);
  }

  #raise({ line, seq }: Extract<KernelEvent, { type: "interrupt/raised" }>): void {
    const row = this.#lines.get(line);
    if (row === undefined) this.#pending.add(line);
    else if (row.inService) row.pending = true;
    else this.#deliver(line, seq);
  }

  #acknowledge(
    { line, seq }: Extract<KernelEvent, { type: "interrupt/acknowledged" }>,
    ended: (law: string) => void,
  ): void {
    const row = this.#lines.get(line);
    if (row === undefined) return this.#breach("A14", `line ${line} is acknowledged, and not bound`);
    row.inService = false;
    ended("F4");
    if (row.pending) this.#deliver(line, seq);
    row.pending = false;
  }

  #deliver(line: number, cause: number): void {
    const row = this.#lines.get(line);
    if (row === undefined) return;
    row.inService = true;
    this.#delivery = { cause, notification: row.notification, law: "F11" };
  }

  /** What a context keeps is what it signals. */
  #tie({ to, target }: Extract<KernelEvent, { type: "object/created" }>): void {
    if (spaceAt(to) === KEPT && this.#contexts.has(ownerAt(to))) this.#contexts.set(ownerAt(to), target);
  }

  #unbind(id: number, ended: (law: string) => void): void {
    this.#timers.delete(id);
    if (this.#contexts.has(id)) this.#contexts.set(id, 0);
    if (this.#lines.delete(id)) ended("F5");
  }

  /** A signal that nobody asked for comes of the interrupt that it says, once. */
  #judgeSignal({ cause, notification }: { readonly cause: number; readonly notification: number }): void {
    const due = this.#delivery;
    if (due === null || due.cause !== cause || due.notification !== notification)
      this.#breach("F11", `notification ${notification} is signalled by nothing`);
    this.#delivery = null;
  }
}
