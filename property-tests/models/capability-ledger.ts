/**
 * What a log says of capabilities, read by itself: an entry for each that was ever made, by the event that made it. It shares no code
 * with the kernel's reducers and deciders, so that what these do can be held against it.
 */
import type { KernelEvent } from "../../reducers/kernel-event.ts";

export interface Entry {
  readonly id: number;
  readonly object: string;
  readonly target: number;
  rights: number;
  inheriting: number;
  badge: number;
  /** The id of what it was made of; -1 at boot. */
  readonly source: number;
  readonly how: string;
}

interface Widening {
  readonly id: number;
  readonly beyond: number;
  readonly how: string;
}

interface Rebadging {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

/** Ways of making a capability by which somebody may come to more than what it was made through. */
export const amplifiers: ReadonlySet<string> = new Set([
  "opened",
  "created",
  "replies",
  "spawned",
  "granted",
]);

/** Rights of endpoints that are not about sending. */
const RECEIVE = 2;

export class Ledger {
  readonly #entries = new Map<number, Entry>();
  readonly #sentBadges = new Map<number, number>();
  readonly #lastSent = new Map<number, number>();
  readonly #badgeAtSeq = new Map<number, number>();
  readonly widenings: Widening[] = [];
  readonly rebadgings: Rebadging[] = [];

  static of(events: readonly KernelEvent[]): Ledger {
    const ledger = new Ledger();
    for (const event of events) ledger.#read(event);
    return ledger;
  }

  entry(id: number): Entry | null {
    return this.#entries.get(id) ?? null;
  }

  /** The badge of the capability through which the message was sent that an event received. */
  sentBadge(received: number): number {
    return this.#sentBadges.get(received) ?? -1;
  }

  /** The badge of a capability when an event used it. */
  badgeAt(id: number, seq: number): number {
    return this.#badgeAtSeq.get(seq) ?? this.entry(id)?.badge ?? -1;
  }

  endsAtBoot(id: number): boolean {
    const way = new Set<number>();
    for (let at = id; ; ) {
      const entry = this.entry(at);
      if (entry === null || way.has(at)) return false;
      if (entry.source < 0) return true;
      way.add(at);
      at = entry.source;
    }
  }

  #read(event: KernelEvent): void {
    switch (event.type) {
      case "capability/granted":
        return this.#make(event.seq, { ...event, badge: 0, source: -1, how: "granted" });
      case "object/created":
        // Whoever pays for it holds the budget; the object itself is new.
        return this.#make(event.seq, { ...event, inheriting: 0, badge: 0, source: -1, how: "created" });
      case "process/spawned": {
        const process = { object: "process", target: event.child, rights: 7, inheriting: 0, badge: 0 };
        return this.#make(event.seq, { ...process, source: -1, how: "spawned" });
      }
      case "file/opened": {
        const file = { object: "file", target: event.open, badge: 0, source: event.by, how: "opened" };
        return this.#make(event.seq, { ...event, ...file });
      }
      case "capability/derived":
        return this.#make(event.seq, { ...event, source: event.by });
      case "capability/carried":
      case "capability/narrowed":
        return this.#change(event);
      case "ipc/sent":
        return this.#send(event);
      case "ipc/received":
        return this.#receive(event);
      case "notification/signalled":
        this.#badgeAtSeq.set(event.seq, this.entry(event.by)?.badge ?? -1);
        return;
      default:
        return;
    }
  }

  /** What a message is sent through lies with it. */
  #send({ seq, by, pid }: Extract<KernelEvent, { type: "ipc/sent" }>): void {
    const { object = "", target = 0, rights = 0, badge = 0 } = this.entry(by) ?? {};
    const sent = { object, target, rights: rights & ~RECEIVE, inheriting: 0, badge };
    this.#make(seq, { ...sent, source: by, how: "sent" });
    this.#lastSent.set(pid, seq);
  }

  #receive({ seq, sender, reply }: Extract<KernelEvent, { type: "ipc/received" }>): void {
    const source = this.#lastSent.get(sender) ?? -1;
    this.#sentBadges.set(seq, this.entry(source)?.badge ?? -1);
    if (reply < 0) return;
    // To reply, and perhaps to give something with it.
    const answer = { object: "reply", target: sender, rights: 5, inheriting: 0, badge: 0 };
    this.#make(seq, { ...answer, source, how: "replies" });
  }

  #make(id: number, made: Omit<Entry, "id">): void {
    const { object, target, rights, inheriting, badge, source, how } = made;
    const from = this.entry(source);
    if (from !== null) {
      const beyond = (rights & ~from.rights) | (inheriting & ~from.inheriting);
      if (beyond !== 0) this.widenings.push({ id, beyond, how });
      if (from.badge !== badge && how !== "replies" && how !== "opened")
        this.rebadgings.push({ id, from: from.badge, to: badge });
    }
    this.#entries.set(id, { id, object, target, rights, inheriting, badge, source, how });
  }

  #change(event: Extract<KernelEvent, { type: "capability/carried" | "capability/narrowed" }>): void {
    const entry = this.entry(event.by);
    if (entry === null) return;
    const beyond = (event.rights & ~entry.rights) | (event.inheriting & ~entry.inheriting);
    if (beyond !== 0) this.widenings.push({ id: entry.id, beyond, how: event.type });
    entry.rights = event.rights;
    entry.inheriting = event.inheriting;
    if (event.type === "capability/narrowed" || event.badge === entry.badge) return;
    this.rebadgings.push({ id: entry.id, from: entry.badge, to: event.badge });
    entry.badge = event.badge;
  }
}
