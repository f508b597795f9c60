/**
 * Which events of a recording somebody wants to see. The index says in which groups a type or a process occurs: the others are not
 * read, and the state that is needed behind a gap comes from a keyframe in it, if there is one.
 */
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { kernelEvents } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { explainRefusal, type Refusal } from "./authority/explain-refusal.ts";
import { EventFeed } from "./event-feed.ts";
import { EventSubjects, type Subject } from "./event-subjects.ts";
import { foldEvent } from "./fold-event.ts";
import { GuestPaths, plainPath } from "./guest-paths.ts";
import { groupsWith } from "./index-notes.ts";
import type { Timeline } from "./timeline.ts";

export interface EventFilter {
  /** Null for any. */
  readonly pid: number | null;
  /** A type, or the beginning of some: `file/`. Null for any. */
  readonly type: string | null;
  /** A file or directory; what is below a directory belongs to it. Null for any. */
  readonly path: string | null;
  /** The first and the last seq. */
  readonly from: number;
  readonly to: number;
}

export interface FoundEvent {
  readonly event: KernelEvent;
  readonly subject: Subject;
  /** Of a refusal that its errno does not explain, why; null for all else. */
  readonly refusal: Refusal | null;
}

/** The types that a filter's word stands for: one, or all that begin with it. */
export function typesOf(word: string): readonly KernelEvent["type"][] {
  const types = Object.keys(kernelEvents) as KernelEvent["type"][];
  const exact = types.filter((type) => type === word);
  return exact.length > 0 ? exact : types.filter((type) => type.startsWith(word));
}

/** Goes through a recording once, from a filter's first event on; asked again, it goes on where the log had ended. */
export class EventScan {
  readonly #timeline: Timeline;
  readonly #filter: EventFilter;
  readonly #types: ReadonlySet<string> | null;
  readonly #paths: GuestPaths;
  readonly #subjects: EventSubjects;
  readonly #wanted: string | null;
  #fold: Fold;
  #feed: EventFeed;

  constructor(timeline: Timeline, filter: EventFilter) {
    this.#timeline = timeline;
    this.#filter = filter;
    this.#types = filter.type === null ? null : new Set(typesOf(filter.type));
    this.#wanted = filter.path === null ? null : plainPath(filter.path);
    this.#paths = GuestPaths.of(timeline.groups);
    this.#subjects = new EventSubjects(this.#paths);
    this.#fold = new Fold(timeline.loader.keyframeState(0));
    this.#feed = new EventFeed(timeline.groups, 0);
  }

  /** The state after the last event that was looked at. */
  get state(): KernelState {
    return this.#fold.state;
  }

  /** The events wanted among those that are there by now. */
  *next(): Generator<FoundEvent> {
    const from = Math.max(this.#filter.from, this.#feed.seq);
    for (const [first, end] of this.#stretches(from)) {
      this.#moveTo(Math.max(first, from));
      while (this.#feed.seq < end && this.#feed.seq <= this.#filter.to) {
        const found = this.#step();
        if (found === undefined) return;
        if (found !== null) yield found;
      }
    }
  }

  /** Stretches of the log in which wanted events can be: from a seq up to, but not including, another. */
  *#stretches(from: number): Generator<readonly [number, number]> {
    const { pid } = this.#filter;
    if (this.#types === null && pid === null) return yield [from, this.#timeline.count];
    const { store, groups } = this.#timeline;
    const start = groups.holding(from)?.header.firstSeq ?? from;
    const tags =
      this.#types === null
        ? null
        : [...this.#types].map((type) => kernelEvents[type as KernelEvent["type"]].tag);
    const byType = tags === null ? null : groupsWith(store, "type", tags, start);
    const byPid = pid === null ? null : groupsWith(store, "pid", [pid], start);
    for (const firstSeq of common(byType, byPid)) {
      const header = groups.holding(firstSeq)?.header;
      if (header === undefined || firstSeq > this.#filter.to) return;
      yield [firstSeq, firstSeq + header.count];
    }
  }

  #moveTo(seq: number): void {
    const keyframe = this.#timeline.store.keyframeAt(seq);
    if (keyframe !== null && keyframe.seq > this.#feed.seq) {
      this.#fold = new Fold(this.#timeline.loader.keyframeState(seq));
      this.#feed = new EventFeed(this.#timeline.groups, keyframe.seq);
    }
    for (let event = this.#eventBelow(seq); event !== null; event = this.#eventBelow(seq)) this.#apply(event);
  }

  #eventBelow(seq: number): KernelEvent | null {
    return this.#feed.seq < seq ? this.#feed.next() : null;
  }

  /** One event further: what is wanted, null for what is not, undefined at the end. */
  #step(): FoundEvent | null | undefined {
    const event = this.#feed.next();
    if (event === null) return undefined;
    const isOfKind =
      (this.#types === null || this.#types.has(event.type)) &&
      (this.#filter.pid === null || event.pid === this.#filter.pid);
    const subject = isOfKind ? this.#subjects.subjectOf(this.#fold.state, event) : null;
    const isFound = subject !== null && this.#isAbout(event, subject);
    const refusal =
      isFound && event.type === "process/refused"
        ? explainRefusal(this.#fold.state, event, this.#paths)
        : null;
    this.#apply(event);
    return isFound ? { event, subject, refusal } : null;
  }

  #apply(event: KernelEvent): void {
    this.#paths.take(event);
    foldEvent(this.#fold, event, this.#timeline.store.path);
  }

  #isAbout(event: KernelEvent, { path, toPath }: Subject): boolean {
    const wanted = this.#wanted;
    if (wanted === null) return true;
    const isMeant = (each: string): boolean => {
      const plain = plainPath(each);
      return plain === wanted || wanted === "" || plain.startsWith(`${wanted}/`);
    };
    if (path === null && toPath === null) return false;
    return this.#subjects.isAbout(this.#fold.state, event, isMeant);
  }
}

/** What two ascending sequences have in common; null stands for everything. */
function* common(left: Generator<number> | null, right: Generator<number> | null): Generator<number> {
  if (left === null || right === null) return yield* left ?? right ?? [];
  let one = left.next();
  let other = right.next();
  while (one.done !== true && other.done !== true) {
    if (one.value === other.value) yield one.value;
    if (one.value <= other.value) one = left.next();
    else other = right.next();
  }
}
