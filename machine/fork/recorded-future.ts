/** What a recording has behind the moment at which it was forked, one event after the other, and how far the fork has kept to it. */
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { EventFeed } from "../../replay/event-feed.ts";
import { GroupReader } from "../../replay/group-reader.ts";
import type { RecordingStore } from "../../replay/recording-store.ts";

export class RecordedFuture {
  readonly #groups: GroupReader;
  readonly #feed: EventFeed;
  readonly #ahead: KernelEvent[] = [];

  constructor(store: RecordingStore, from: number) {
    this.#groups = new GroupReader(store);
    this.#feed = new EventFeed(this.#groups, from);
  }

  /** The event that stands so many behind the next one; null at the end. */
  peek(distance = 0): KernelEvent | null {
    while (this.#ahead.length <= distance) {
      const event = this.#feed.next();
      if (event === null) return null;
      this.#ahead.push(event);
    }
    return this.#ahead[distance] as KernelEvent;
  }

  take(): void {
    this.peek();
    this.#ahead.shift();
  }

  /** Whether what comes next is that somebody outside ends a process, which gives back what it held. */
  isStopped(): boolean {
    const first = this.peek();
    for (let distance = 0; ; distance += 1) {
      const event = this.peek(distance);
      if (event === null || event.pid !== first?.pid || event.call >= 0) return false;
      if (event.type === "process/killed") return true;
      if (event.type !== "capability/closed") return false;
    }
  }

  /** All events from the next one on, without taking them. */
  *rest(): Generator<KernelEvent> {
    const next = this.peek();
    if (next === null) return;
    const feed = new EventFeed(this.#groups, next.seq);
    for (let event = feed.next(); event !== null; event = feed.next()) yield event;
  }
}
