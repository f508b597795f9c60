/**
 * Who woke in a recording because it was time: between which turns, and at which tick of one. A narrowed machine wakes them there. Its
 * clock stands still between calls, so by that it would wake them a turn later, and others would come first.
 */
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { EventFeed } from "../../replay/event-feed.ts";
import { GroupReader } from "../../replay/group-reader.ts";
import type { RecordingStore } from "../../replay/recording-store.ts";

const turnEnds: ReadonlySet<KernelEvent["type"]> = new Set([
  "process/preempted",
  "process/suspended",
  "process/exited",
  "process/trapped",
  "process/killed",
]);

export class RecordedWakes {
  readonly #feed: EventFeed;
  #next: KernelEvent | null = null;
  #within: readonly number[] = [];
  /** Ticks after which the turn was handed on; -1 if it was not. */
  #preemptedAt = -1;

  constructor(store: RecordingStore) {
    this.#feed = new EventFeed(new GroupReader(store), 0);
  }

  /** Those who woke before the next turn, which begins now. */
  beforeTurn(): readonly number[] {
    const { woken } = this.#readTo(({ type }) => type === "process/scheduled");
    this.#next = null;
    const turn = this.#readTo(({ type }) => type === "process/scheduled" || turnEnds.has(type));
    this.#within = turn.woken;
    this.#preemptedAt = turn.end?.type === "process/preempted" ? turn.end.ticks : -1;
    return woken;
  }

  /** Those who woke when a turn was handed on to them, after so many ticks. */
  atTick(ticks: number): readonly number[] {
    return ticks === this.#preemptedAt ? this.#within : [];
  }

  /** Reads up to such an event, which is the next one then; null where there is none. */
  #readTo(isEnd: (event: KernelEvent) => boolean): {
    readonly woken: readonly number[];
    readonly end: KernelEvent | null;
  } {
    const woken: number[] = [];
    let event = this.#next ?? this.#feed.next();
    for (; event !== null && !isEnd(event); event = this.#feed.next())
      if (event.type === "process/woken" && event.cause < 0) woken.push(event.pid);
    this.#next = event;
    return { woken, end: event };
  }
}
