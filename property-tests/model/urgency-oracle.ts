/**
 * Who is how urgent, written anew from the laws: it reads a log and says where that breaks them. It knows nothing of the kernel's state,
 * derives every priority from who holds, waits and owes what, and compares that with what the log says.
 */
import { objectKinds } from "../../core/object-rights.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { BudgetOracle } from "./budget-oracle.ts";

export interface Breach {
  readonly law: string;
  readonly what: string;
}

interface Loan {
  readonly context: number;
  readonly notification: number;
  readonly forInterrupt: boolean;
}

interface Guest {
  base: number;
  ceiling: number;
  placed: number;
  status: "ready" | "running" | "waiting";
  /** When it came to the end of its level. */
  joined: number;
  loan: Loan | null;
  /** What it waits for: an endpoint's queue, or a process's reply. */
  waitsFor: { readonly endpoint: number } | { readonly server: number } | null;
  serves: number;
  attends: number;
  objects: readonly number[];
  /** Which law says that what it lost last is lost. */
  lost: string;
}

const SLOTS = 2 ** 20;
const KEPT = 2;
const SERVICES = 1;
const MESSAGES = 3;
const ownerAt = (address: number): number => Math.floor(address / SLOTS / 4);
const spaceAt = (address: number): number => Math.floor(address / SLOTS) % 4;
const signalOf = (notification: number): number => notification * 8 + 4;

export class UrgencyOracle {
  readonly breaches: Breach[] = [];
  readonly budgets = new BudgetOracle();
  readonly #guests = new Map<number, Guest>();
  /** Where contexts are bound: by address. */
  readonly #bound = new Map<number, number>();
  /** Processes by the id of a capability to them. */
  readonly #authorities = new Map<number, number>();
  readonly #lines = new Map<number, { notification: number; inService: boolean; pending: boolean }>();
  /** Lines that were raised while nobody had bound them. */
  readonly #pending = new Set<number>();
  /** The signal that is to follow from an interrupt: the seq of that, and where. */
  #delivery: { readonly cause: number; readonly notification: number } | null = null;
  readonly #timers = new Map<number, { readonly until: number; readonly notification: number }>();
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
    this.#takeMessages(event);
    this.#takeCapabilities(event);
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
    if (this.#delivery !== null)
      this.#breach("F11", `notification ${this.#delivery.notification} is not signalled`);
    this.#delivery = null;
  }

  #raisedBy(pid: number): string {
    return this.#donorsOf(pid).length > 0 ? "F10" : "F3";
  }

  #donorsOf(pid: number): readonly number[] {
    const { serves } = this.#guests.get(pid) as Guest;
    return [...this.#guests].flatMap(([donor, { waitsFor }]) => {
      if (waitsFor === null || donor === pid) return [];
      const isDonor =
        "server" in waitsFor ? waitsFor.server === pid : serves !== 0 && waitsFor.endpoint === serves;
      return isDonor ? [donor] : [];
    });
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
    for (const donor of this.#donorsOf(pid))
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
    for (const [other, { status, joined }] of this.#guests) {
      if (other === pid || status !== "ready") continue;
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

  #takeMessages(event: KernelEvent): void {
    const guest = this.#guests.get(event.pid);
    switch (event.type) {
      case "ipc/sent":
        if (guest === undefined) return;
        if (guest.serves === event.endpoint) guest.serves = 0;
        guest.waitsFor = { endpoint: event.endpoint };
        return;
      case "ipc/received": {
        if (guest !== undefined) guest.serves = event.endpoint;
        this.#stopWaiting(event.sender, event.reply >= 0 ? { server: event.pid } : null);
        return;
      }
      case "ipc/replied":
        return this.#stopWaiting(event.caller, null);
      case "capability/closed":
        if (event.object === "reply") this.#stopWaiting(event.target, null);
        if (event.object === "notification" && guest?.attends === event.target) guest.attends = 0;
        if (event.object === "endpoint" && guest?.serves === event.target)
          Object.assign(guest, { serves: 0, lost: "F7" });
        return;
      case "capability/removed":
        for (const [object, target, address] of removedBy(event)) {
          if (object === "reply") this.#stopWaiting(target, null);
          if (spaceAt(address) === MESSAGES && address % SLOTS === 0)
            this.#stopWaiting(ownerAt(address), null);
          const holder = this.#guests.get(ownerAt(address));
          if (object === "notification" && spaceAt(address) === 0 && holder?.attends === target)
            holder.attends = 0;
          if (object === "endpoint" && spaceAt(address) === 0 && holder?.serves === target)
            Object.assign(holder, { serves: 0, lost: "F7" });
        }
        return;
      default:
        return;
    }
  }

  #stopWaiting(pid: number, next: Guest["waitsFor"]): void {
    const guest = this.#guests.get(pid);
    if (guest === undefined) return;
    guest.waitsFor = next;
    for (const other of this.#guests.values()) other.lost = "F7";
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
          if (object === "notification" && spaceAt(address) === KEPT) this.#unbindLine(ownerAt(address));
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

  #unbindLine(line: number): void {
    if (this.#lines.delete(line)) this.#endService("F5");
    this.#timers.delete(line);
  }

  /** Loans for interrupts end when none of their lines is in service any more. */
  #endService(law: string): void {
    const served = new Set(
      [...this.#lines.values()].flatMap((one) => (one.inService ? [one.notification] : [])),
    );
    this.#loseAll((loan) => loan.forInterrupt && !served.has(loan.notification), law);
  }

  #takeSignals(event: KernelEvent): void {
    switch (event.type) {
      case "interrupt/bound":
        if (this.#lines.has(event.line)) this.#breach("A14", `line ${event.line} is bound twice`);
        this.#lines.set(event.line, { notification: event.notification, inService: false, pending: false });
        if (this.#pending.delete(event.line)) this.#deliver(event.line, event.seq);
        return;
      case "interrupt/raised": {
        const line = this.#lines.get(event.line);
        if (line === undefined) this.#pending.add(event.line);
        else if (line.inService) line.pending = true;
        else this.#deliver(event.line, event.seq);
        return;
      }
      case "interrupt/acknowledged": {
        const line = this.#lines.get(event.line);
        if (line === undefined)
          return this.#breach("A14", `line ${event.line} is acknowledged, and not bound`);
        line.inService = false;
        this.#endService("F4");
        if (line.pending) this.#deliver(event.line, event.seq);
        line.pending = false;
        return;
      }
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
        this.#delivery = { cause: event.seq, notification: timer?.notification ?? 0 };
        return;
      }
      case "notification/taken": {
        const guest = this.#guests.get(event.pid);
        if (guest !== undefined) guest.attends = event.notification;
        return;
      }
      case "notification/signalled":
        if (event.call < 0) this.#judgeSignal(event);
        return this.#owe(event.notification);
      default:
        return;
    }
  }

  #deliver(line: number, cause: number): void {
    const row = this.#lines.get(line);
    if (row === undefined) return;
    row.inService = true;
    this.#delivery = { cause, notification: row.notification };
  }

  /** A signal that nobody asked for comes of the interrupt that it says, once. */
  #judgeSignal({ cause, notification }: { readonly cause: number; readonly notification: number }): void {
    const due = this.#delivery;
    if (due === null || due.cause !== cause || due.notification !== notification)
      this.#breach("F11", `notification ${notification} is signalled by nothing`);
    this.#delivery = null;
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

const newGuest = (seq: number): Guest => ({
  base: 100,
  ceiling: 100,
  placed: 100,
  status: "ready",
  joined: seq,
  loan: null,
  waitsFor: null,
  serves: 0,
  attends: 0,
  objects: [],
  lost: "F4",
});

function* removedBy(event: {
  readonly removed: readonly number[];
}): Generator<readonly [string, number, number]> {
  for (let at = 0; at < event.removed.length; at += 3)
    yield [
      objectKinds[event.removed[at + 1] as number] as string,
      event.removed[at + 2] as number,
      event.removed[at] as number,
    ];
}
