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
        this.#make(event.seq, { ...event, badge: 0, source: -1, how: "granted" });
        return;
      case "object/created":
        // Whoever pays for it holds the budget; the object itself is new.
        this.#make(event.seq, { ...event, inheriting: 0, badge: 0, source: -1, how: "created" });
        return;
      case "process/spawned":
        this.#make(event.seq, {
          ...event,
          object: "process",
          target: event.child,
          rights: 7,
          inheriting: 0,
          badge: 0,
          source: -1,
          how: "spawned",
        });
        return;
      case "file/opened":
        this.#make(event.seq, {
          ...event,
          object: "file",
          target: event.open,
          badge: 0,
          source: event.by,
          how: "opened",
        });
        return;
      case "capability/derived":
        this.#make(event.seq, { ...event, source: event.by });
        return;
      case "capability/carried":
      case "capability/narrowed":
        this.#change(event);
        return;
      case "ipc/sent": {
        const { object = "", target = 0, rights = 0, badge = 0 } = this.entry(event.by) ?? {};
        this.#make(event.seq, {
          object,
          target,
          rights: rights & ~RECEIVE,
          inheriting: 0,
          badge,
          source: event.by,
          how: "sent",
        });
        this.#lastSent.set(event.pid, event.seq);
        return;
      }
      case "ipc/received": {
        const through = this.#lastSent.get(event.sender) ?? -1;
        this.#sentBadges.set(event.seq, this.entry(through)?.badge ?? -1);
        if (event.reply >= 0)
          this.#make(event.seq, {
            object: "reply",
            target: event.sender,
            rights: 0,
            inheriting: 0,
            badge: 0,
            source: through,
            how: "replies",
          });
        return;
      }
      case "notification/signalled":
        this.#badgeAtSeq.set(event.seq, this.entry(event.by)?.badge ?? -1);
        return;
      default:
        return;
    }
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
