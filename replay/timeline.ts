/**
 * A cursor over a recording, which goes to any moment, forward and back.
 *
 * Three tiers keep what was folded. On disk lie the recording's keyframes. In memory lie marks: states at multiples of 256
 * events, left behind while folding, close together near the moment asked for and wide apart on the way there; over their
 * budget they are thinned, the more the farther they are from the cursor. Around the cursor lie whole segments: 256 events with
 * the state after each, so a step is a look-up. All states share what did not change between them.
 */
import { getHeapStatistics } from "node:v8";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { EventFeed, type FeedPlace } from "./event-feed.ts";
import { foldEvent } from "./fold-event.ts";
import { GroupReader } from "./group-reader.ts";
import { endOf } from "./log-reader.ts";
import { SEGMENT_EVENTS, TimelineMarks } from "./timeline-marks.ts";
import type { RecordingStore } from "./recording-store.ts";
import { StateLoader } from "./state-loader.ts";

/** Segments kept around the cursor: some 4,000 states. */
const KEPT_SEGMENTS = 16;
/** Marks are left as far apart as this: on a long way to a moment, and by warming. A shorter way leaves none: it is soon gone again. */
const WIDE_EVENTS = 8 * SEGMENT_EVENTS;
/** Loading a keyframe takes longer than folding so many events: a mark that is so much further away is nearer. */
const LOADING_EVENTS = 20_000;
/** At the end of a long way marks are left close together. */
const CLOSE_STRETCH_EVENTS = 4 * SEGMENT_EVENTS;

function isHeapHalfFull(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used > limit / 2;
}

interface Segment {
  readonly start: number;
  readonly events: readonly KernelEvent[];
  /** The state before each event, and the one after the last. */
  readonly states: readonly KernelState[];
}

export class Timeline {
  readonly store: RecordingStore;
  readonly groups: GroupReader;
  readonly loader: StateLoader;
  readonly #marks: TimelineMarks;
  readonly #segments = new Map<number, Segment>();
  /** Where the last jump led, outside of any segment. */
  #jumped: KernelState | null = null;
  #count: number;
  #moment = -1;

  /** At the start: before the first event. */
  constructor(store: RecordingStore, maxMarks?: number) {
    this.store = store;
    this.groups = new GroupReader(store);
    this.loader = new StateLoader(store);
    this.#marks = new TimelineMarks(maxMarks);
    this.#count = endOf(store).seq;
  }

  /** How many events there are. */
  get count(): number {
    return this.#count;
  }

  /** The seq of the last event that has happened at the cursor; -1 at the start. */
  get moment(): number {
    return this.#moment;
  }

  get state(): KernelState {
    return this.stateAt(this.#moment);
  }

  /** The event at the cursor; null at the start. */
  get event(): KernelEvent | null {
    return this.eventAt(this.#moment);
  }

  /** Sees what was recorded since. */
  refresh(): void {
    this.store.refresh();
    this.#count = endOf(this.store).seq;
  }

  /** Goes to a moment of the log, from -1 to the last event, and gives the state there. */
  seek(moment: number): KernelState {
    const state = this.stateAt(moment);
    this.#moment = moment;
    return state;
  }

  /** Goes on by so many events, or to the end if they are fewer; how many it went. */
  stepForward(count = 1): number {
    const moment = Math.min(this.#count - 1, this.#moment + count);
    const went = moment - this.#moment;
    this.seek(moment);
    return went;
  }

  /** Goes back by so many events, or to the start if they are fewer; how many it went. */
  stepBack(count = 1): number {
    const moment = Math.max(-1, this.#moment - count);
    const went = this.#moment - moment;
    this.seek(moment);
    return went;
  }

  /**
   * Goes through the whole log and leaves marks, so that no seek folds far: for idle time, a few milliseconds each time it is asked
   * to go on. Yields how many events are behind it; ends with the log, or when half of the heap is in use.
   */
  *warm(): Generator<number> {
    const fold = new Fold(this.loader.keyframeState(0));
    const feed = new EventFeed(this.groups, 0);
    while (feed.seq < this.#count && this.#applyNext(fold, feed) !== null) {
      if (feed.seq % WIDE_EVENTS !== 0) continue;
      if (isHeapHalfFull()) return;
      this.#leaveMark(fold.snapshot(), feed.place, this.#moment);
      yield feed.seq;
    }
  }

  /** The state at a moment; the cursor stays. */
  stateAt(moment: number): KernelState {
    const seq = this.#seqBehind(moment);
    const segment = this.#segments.get(seq - (seq % SEGMENT_EVENTS));
    const state = segment?.states[seq % SEGMENT_EVENTS];
    if (state !== undefined) return state;
    if (this.#jumped?.seq === seq) return this.#jumped;
    // A jump folds no further than it must; the states around it are made when somebody steps.
    const isStep = this.#jumped !== null && Math.abs(this.#jumped.seq - seq) < SEGMENT_EVENTS;
    if (isStep) return this.#segment(seq, 0).states[seq % SEGMENT_EVENTS] as KernelState;
    this.#jumped = this.#foldTo(seq).fold.snapshot();
    return this.#jumped;
  }

  /** The event with a seq; null if the log has none. */
  eventAt(seq: number): KernelEvent | null {
    if (seq < 0 || seq >= this.#count) return null;
    return this.#segment(seq, 1).events[seq % SEGMENT_EVENTS] ?? null;
  }

  /** The last events up to and with the cursor's, oldest first. */
  eventsBefore(count: number): readonly KernelEvent[] {
    const events: KernelEvent[] = [];
    for (let seq = Math.max(0, this.#moment - count + 1); seq <= this.#moment; seq += 1) {
      const event = this.eventAt(seq);
      if (event !== null) events.push(event);
    }
    return events;
  }

  #seqBehind(moment: number): number {
    if (Number.isInteger(moment) && moment >= -1 && moment < this.#count) return moment + 1;
    throw new RangeError(`a moment from -1 to ${this.#count - 1} was expected, not ${moment}`);
  }

  /** The segment that holds the state before event `seq`, and `more` events from there on. */
  #segment(seq: number, more: number): Segment {
    const start = seq - (seq % SEGMENT_EVENTS);
    const kept = this.#segments.get(start);
    const isWhole = kept !== undefined && kept.events.length >= seq - start + more;
    const segment = isWhole ? kept : this.#load(start);
    this.#segments.delete(start);
    this.#segments.set(start, segment);
    if (this.#segments.size > KEPT_SEGMENTS)
      this.#segments.delete(this.#segments.keys().next().value as number);
    return segment;
  }

  /** Folds to the segment and through it. */
  #load(start: number): Segment {
    const { fold, feed } = this.#foldTo(start);
    const events: KernelEvent[] = [];
    const states = [fold.snapshot()];
    while (events.length < SEGMENT_EVENTS) {
      const event = this.#applyNext(fold, feed);
      if (event === null) break;
      events.push(event);
      states.push(fold.snapshot());
    }
    const last = states[states.length - 1] as KernelState;
    if (last.seq % SEGMENT_EVENTS === 0) this.#leaveMark(last, feed.place, start);
    return { start, events, states };
  }

  #foldTo(seq: number): { readonly fold: Fold; readonly feed: EventFeed } {
    const { state, place } = this.#nearest(seq);
    const fold = new Fold(state);
    const feed = new EventFeed(this.groups, place);
    const isLong = seq - feed.seq > WIDE_EVENTS;
    const closeFrom = seq - CLOSE_STRETCH_EVENTS;
    while (feed.seq < seq && this.#applyNext(fold, feed) !== null) {
      if (!isLong) continue;
      const every = feed.seq < closeFrom ? WIDE_EVENTS : SEGMENT_EVENTS;
      if (feed.seq % every === 0) this.#leaveMark(fold.snapshot(), feed.place, seq);
    }
    return { fold, feed };
  }

  /** The last state at or before a seq that is there without folding: a mark, or a keyframe from the disk. */
  #nearest(seq: number): { readonly state: KernelState; readonly place: FeedPlace | number } {
    const mark = this.#marks.before(seq);
    const keyframe = this.store.keyframeAt(seq);
    if (mark !== null && (keyframe === null || keyframe.seq <= mark.state.seq + LOADING_EVENTS)) return mark;
    const state = this.loader.keyframeState(seq);
    return { state, place: state.seq };
  }

  #leaveMark(state: KernelState, place: FeedPlace, cursor: number): void {
    this.#marks.add({ state, place }, cursor);
  }

  #applyNext(fold: Fold, feed: EventFeed): KernelEvent | null {
    const event = feed.next();
    if (event === null) return null;
    foldEvent(fold, event, this.store.path);
    return event;
  }
}
