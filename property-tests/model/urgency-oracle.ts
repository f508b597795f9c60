/**
 * Who is how urgent, written anew from the laws: it reads a log and says where that breaks them. It knows nothing of the kernel's state,
 * derives every priority from who holds, waits and owes what, and compares that with what the log says.
 */
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { BudgetOracle } from "./budget-oracle.ts";
import { donorsOf, type Guest, hearMessages, type Loan, newGuest } from "./oracle-guest.ts";
import { InterruptOracle } from "./interrupt-oracle.ts";
import { KEPT, removedBy, SERVICES, SLOTS } from "./oracle-addresses.ts";

export interface Breach {
  readonly law: string;
  readonly what: string;
}

const signalOf = (notification: number): number => notification * 8 + 4;

export class UrgencyOracle {
  readonly breaches: Breach[] = [];
  readonly budgets = new BudgetOracle();
  readonly #interrupts = new InterruptOracle((law, what) => this.#breach(law, what));
  readonly #guests = new Map<number, Guest>();
  /** Where contexts are bound: by address. */
  readonly #bound = new Map<number, number>();
  /** Processes by the id of a capability to them. */
  readonly #authorities = new Map<number, number>();
  /** Loans that must begin before the machine goes on. */
  #owed: { readonly context: number; readonly pids: readonly number[] } | null = null;
  #payer = 0;
  #running = 0;
  #seq = 0;

  #breach(law: string, what: string): void {
    this.breaches.push({ law, what: `event ${this.#seq}: ${what}` });
  }

  take(event: KernelEvent): void {
    this.#seq = event.seq;
    this.budgets.at = event.at;
    this.#takeTurns(event);
    this.#takePriorities(event);
    hearMessages(this.#guests, event);
    this.#takeCapabilities(event);
    this.#interrupts.take(event, (law) => this.#endService(law));
    this.#takeSignals(event);
  }

  /** All that has to follow from an event has followed. */
  settle(): void {
    for (const [pid, guest] of this.#guests) {
      const { priority } = this.standing(pid);
      if (guest.placed > priority)
        this.#breach(guest.lost, `process ${pid} is at ${guest.placed}, not at ${priority}`);
      if (guest.placed < priority)
        this.#breach(this.#raisedBy(pid), `process ${pid} is at ${guest.placed}, not at ${priority}`);
    }
    if (this.#owed !== null) this.#breach("F3", `nobody has borrowed context ${this.#owed.context}`);
    this.#owed = null;
    this.#interrupts.settle();
  }

  #raisedBy(pid: number): string {
    return donorsOf(this.#guests, pid).length > 0 ? "F10" : "F3";
  }

  /** What a priority comes to, and which context is why; 0: none. */
  standing(
    pid: number,
    seen: ReadonlySet<number> = new Set(),
  ): { readonly priority: number; readonly payer: number } {
    const guest = this.#guests.get(pid) as Guest;
    let best = { priority: guest.base, payer: 0 };
    const consider = (other: { readonly priority: number; readonly payer: number }): void => {
      if (other.priority > best.priority || (other.priority === best.priority && other.payer === 0))
        best = other;
    };
    for (const context of this.#contextsOf(pid)) {
      const terms = this.budgets.termsOf(context);
      if (terms !== null && terms.left > 0) consider({ priority: terms.priority, payer: context });
    }
    for (const donor of donorsOf(this.#guests, pid))
      if (!seen.has(donor)) consider(this.standing(donor, new Set([...seen, pid])));
    return best;
  }

  #contextsOf(pid: number): readonly number[] {
    const { loan } = this.#guests.get(pid) as Guest;
    const own = this.#bound.get((pid * 4 + SERVICES) * SLOTS + 4);
    const isLent = loan !== null && this.#boundTo(loan.notification) === loan.context;
    return [...(isLent ? [loan.context] : []), ...(own === undefined ? [] : [own])];
  }

  #boundTo(notification: number): number {
    return this.#bound.get((notification * 4 + KEPT) * SLOTS) ?? 0;
  }

  #takeTurns(event: KernelEvent): void {
    const guest = this.#guests.get(event.pid);
    switch (event.type) {
      case "process/started":
        this.#guests.set(event.pid, newGuest(event.seq));
        return;
      case "process/assigned":
        if (guest !== undefined) Object.assign(guest, { domain: event.domain, joined: event.seq });
        return;
      case "process/scheduled":
        return this.#schedule(event.pid);
      case "process/preempted":
      case "process/suspended":
      case "process/accounted":
        this.budgets.charge(this.#payer, event.ticks);
        this.#payer = 0;
        if (event.type === "process/accounted" || guest === undefined) return;
        this.#running = 0;
        Object.assign(guest, { status: "ready", joined: event.seq });
        if (event.type === "process/suspended") {
          this.#lose(guest, "F4");
          Object.assign(guest, { status: "waiting", objects: event.objects });
          for (const object of event.objects) {
            if (object % 8 === 3) guest.serves = Math.floor(object / 8);
            if (object % 8 === 4) guest.attends = Math.floor(object / 8);
          }
        }
        return;
      case "process/woken":
        if (guest !== undefined) Object.assign(guest, { status: "ready", joined: event.seq, objects: [] });
        return;
      case "process/exited":
      case "process/trapped":
      case "process/killed":
        if (this.#running === event.pid) {
          this.budgets.chargeAll(this.#payer);
          this.#running = 0;
          this.#payer = 0;
        }
        this.#guests.delete(event.pid);
        for (const other of this.#guests.values()) if (guest?.waitsFor !== null) other.lost = "F4";
        return;
      default:
        return;
    }
  }

  #schedule(pid: number): void {
    const guest = this.#guests.get(pid) as Guest;
    const { priority, payer } = this.standing(pid);
    for (const [other, { status, joined, domain }] of this.#guests) {
      if (other === pid || status !== "ready" || domain !== guest.domain) continue;
      const rival = this.standing(other).priority;
      if (rival > priority)
        this.#breach("F2", `process ${pid} has the processor, at ${priority}; ${other} is at ${rival}`);
      if (rival === priority && joined < guest.joined)
        this.#breach("F2", `process ${pid} runs before its turn`);
    }
    guest.status = "running";
    this.#running = pid;
    this.#payer = payer;
    this.budgets.begin(payer);
  }

  #takePriorities(event: KernelEvent): void {
    const guest = this.#guests.get(event.pid);
    switch (event.type) {
      case "process/ranked":
        if (guest !== undefined) Object.assign(guest, { base: event.priority, ceiling: event.ceiling });
        return;
      case "process/prioritized":
        if (guest === undefined) return this.#breach("F4", "a dead process has a priority");
        guest.placed = event.priority;
        if (guest.status === "ready") guest.joined = event.seq;
        return;
      case "priority/changed": {
        const authority = this.#guests.get(this.#authorities.get(event.authority) ?? 0);
        if (authority === undefined || event.priority > authority.ceiling)
          this.#breach("F6", `a priority of ${event.priority} above the ceiling`);
        const subject = this.#guests.get(event.process);
        if (subject !== undefined) Object.assign(subject, { base: event.priority, lost: "F6" });
        return;
      }
      case "context/configured":
        if (guest !== undefined && event.priority > guest.ceiling)
          this.#breach("F6", `a context at ${event.priority} above the ceiling`);
        return this.budgets.configure(event);
      case "context/exhausted":
        for (const one of this.#guests.values()) one.lost = "F8";
        return;
      case "context/refilled":
        return this.budgets.refill(event.context);
      case "context/lent":
        return this.#lend(event.pid, event);
      case "context/returned":
        if (guest !== undefined) this.#lose(guest, guest.lost);
        return;
      default:
        return;
    }
  }

  #lend(pid: number, loan: Loan): void {
    const guest = this.#guests.get(pid);
    if (guest === undefined) return this.#breach("F7", "a dead process has borrowed a context");
    const others = [...this.#guests.values()].filter((other) => other.loan?.context === loan.context);
    if (others.length > 0) this.#breach("F7", `context ${loan.context} is lent twice`);
    if (guest.loan !== null) this.#breach("F7", `process ${pid} borrows twice`);
    if (this.#boundTo(loan.notification) !== loan.context)
      this.#breach("F5", `context ${loan.context} is lent, and not bound to ${loan.notification}`);
    guest.loan = { context: loan.context, notification: loan.notification, forInterrupt: loan.forInterrupt };
    if (this.#owed?.context === loan.context && this.#owed.pids.includes(pid)) this.#owed = null;
  }

  #lose(guest: Guest, law: string): void {
    if (guest.loan !== null) guest.lost = law;
    guest.loan = null;
  }

  #takeCapabilities(event: KernelEvent): void {
    switch (event.type) {
      case "capability/granted":
      case "capability/derived":
        if (event.object === "process") this.#authorities.set(event.seq, event.target);
        if (event.type !== "capability/derived" || event.how !== "bound" || event.object !== "context")
          return;
        if ([...this.#bound.values()].includes(event.target))
          this.#breach("F7", `context ${event.target} is bound twice`);
        this.#bound.set(event.to, event.target);
        return;
      case "capability/removed":
        for (const [object, , address] of removedBy(event)) {
          if (object === "context" && this.#bound.delete(address))
            this.#loseAll((loan) => this.#boundTo(loan.notification) !== loan.context);
        }
        return;
      default:
        return;
    }
  }

  #loseAll(isLost: (loan: Loan) => boolean, law = "F5"): void {
    for (const guest of this.#guests.values()) {
      if (guest.loan === null || !isLost(guest.loan)) continue;
      this.#lose(guest, law);
    }
  }

  /** Loans for interrupts end when none of their lines is in service any more. */
  #endService(law: string): void {
    this.#loseAll((loan) => loan.forInterrupt && !this.#interrupts.isServed(loan.notification), law);
  }

  #takeSignals(event: KernelEvent): void {
    if (event.type === "notification/taken") {
      const guest = this.#guests.get(event.pid);
      if (guest !== undefined) guest.attends = event.notification;
    }
    if (event.type === "notification/signalled") this.#owe(event.notification);
  }

  /** Somebody who waits for what was signalled borrows what is bound there, if nobody has. */
  #owe(notification: number): void {
    const context = this.#boundTo(notification);
    const isLent = [...this.#guests.values()].some(({ loan }) => loan?.context === context);
    const waiting = [...this.#guests].flatMap(([pid, { objects, status }]) =>
      status === "waiting" && objects.includes(signalOf(notification)) ? [pid] : [],
    );
    const attending = [...this.#guests].flatMap(([pid, { attends, status, loan }]) =>
      status !== "waiting" && attends === notification && loan === null ? [pid] : [],
    );
    const pids = waiting.length > 0 ? waiting : attending;
    if (context !== 0 && this.budgets.termsOf(context) !== null && !isLent && pids.length > 0)
      this.#owed = { context, pids };
  }
}
