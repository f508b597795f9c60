/**
 * Events of a recording by their seqs, and those that change slots by the capability that they are about: the index says in which groups
 * they can be, and only these are decoded, once each.
 */
import { type KernelEvent, kernelEvents } from "../../reducers/kernel-event.ts";
import { EventFeed } from "../event-feed.ts";
import type { GroupReader } from "../group-reader.ts";
import { mayHold } from "../index-notes.ts";
import { changesSlots, type EventSource, slotChangeTypes } from "./check/event-source.ts";

/** Events of groups that were decoded whole, kept in memory: some 100 bytes each. */
const KEPT_EVENTS = 1 << 20;

const tagOf = (type: KernelEvent["type"]): number => kernelEvents[type].tag;
const changeTags = slotChangeTypes.map(tagOf);
const removedTag = [tagOf("capability/removed")];

export class RecordedEvents implements EventSource {
  readonly #groups: GroupReader;
  readonly #decoded = new Map<number, readonly KernelEvent[]>();
  #kept = 0;
  /** Of each group that was asked for them, the events that change slots. */
  readonly #changes = new Map<number, readonly KernelEvent[]>();

  constructor(groups: GroupReader) {
    this.#groups = groups;
  }

  eventAt(seq: number): KernelEvent | null {
    const first = this.#groups.holding(seq)?.header.firstSeq;
    return first === undefined ? null : (this.#eventsOf(first)[seq - first] ?? null);
  }

  *slotChanges(capability: number, from: number, to: number): Generator<KernelEvent> {
    for (const first of this.#groupsOver(from, to, (notes) => mayChange(notes, capability)))
      for (const event of this.#changesOf(first)) if (event.seq >= from && event.seq < to) yield event;
  }

  /** The first seqs of the groups over a stretch whose notes do not rule out what is asked for. */
  *#groupsOver(from: number, to: number, mayBe: (notes: Uint8Array) => boolean): Generator<number> {
    const start = this.#groups.holding(from)?.header.firstSeq ?? from;
    for (const { firstSeq, notes } of this.#groups.store.notesFrom(start)) {
      if (firstSeq >= to) return;
      if (mayBe(notes)) yield firstSeq;
    }
  }

  #changesOf(first: number): readonly KernelEvent[] {
    const known = this.#changes.get(first) ?? this.#eventsOf(first).filter(changesSlots);
    this.#changes.set(first, known);
    return known;
  }

  #eventsOf(first: number): readonly KernelEvent[] {
    const known = this.#decoded.get(first);
    if (known !== undefined) return known;
    const end = first + (this.#groups.holding(first)?.header.count ?? 0);
    const feed = new EventFeed(this.#groups, first);
    const events: KernelEvent[] = [];
    while (feed.seq < end) {
      const event = feed.next();
      if (event === null) break;
      events.push(event);
    }
    this.#decoded.set(first, events);
    this.#kept += events.length;
    for (const [oldest, { length }] of this.#decoded) {
      if (this.#kept <= KEPT_EVENTS || oldest === first) break;
      this.#decoded.delete(oldest);
      this.#kept -= length;
    }
    return events;
  }
}

/** A group matters if it takes capabilities away, or changes this one. */
const mayChange = (notes: Uint8Array, capability: number): boolean =>
  mayHold(notes, "type", removedTag) ||
  (mayHold(notes, "capability", [capability]) && mayHold(notes, "type", changeTags));
