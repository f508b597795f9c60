/**
 * Who woke in a recording because it was time: between which turns, and at which tick of one; and which slots of scheduling domains passed
 * in between. A narrowed machine wakes them there, and lets them pass. Its clock stands still between calls, so by that it would wake them
 * a turn later, and others would come first.
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

const isHeard = ({ type, cause }: KernelEvent): boolean =>
  (type === "process/woken" && cause < 0) || type === "domain/entered" || type === "domain/idled";

export class RecordedWakes {
  readonly #feed: EventFeed;
  #next: KernelEvent | null = null;
  #within: readonly KernelEvent[] = [];
  /** Ticks after which the turn was handed on; -1 if it was not. */
  #preemptedAt = -1;

  constructor(store: RecordingStore) {
    this.#feed = new EventFeed(new GroupReader(store), 0);
  }

  /** What was heard before the next turn, which begins now. */
  beforeTurn(): readonly KernelEvent[] {
    const { heard } = this.#readTo(({ type }) => type === "process/scheduled");
    this.#next = null;
    const turn = this.#readTo(({ type }) => type === "process/scheduled" || turnEnds.has(type));
    this.#within = turn.heard;
    this.#preemptedAt = turn.end?.type === "process/preempted" ? turn.end.ticks : -1;
    return heard;
  }

  /** What was heard when a turn was handed on, after so many ticks. */
  atTick(ticks: number): readonly KernelEvent[] {
    return ticks === this.#preemptedAt ? this.#within : [];
  }

  /** Reads up to such an event, which is the next one then; null where there is none. */
  #readTo(isEnd: (event: KernelEvent) => boolean): {
    readonly heard: readonly KernelEvent[];
    readonly end: KernelEvent | null;
  } {
    const heard: KernelEvent[] = [];
    let event = this.#next ?? this.#feed.next();
    for (; event !== null && !isEnd(event); event = this.#feed.next()) if (isHeard(event)) heard.push(event);
    this.#next = event;
    return { heard, end: event };
  }
}
