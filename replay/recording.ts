import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { EventFeed } from "./event-feed.ts";
import { type Exported, exportRecording } from "./export-recording.ts";
import { findFile } from "./find-file.ts";
import { foldWhole } from "./fold-whole.ts";
import { GuestPaths } from "./guest-paths.ts";
import { judgeMoment, judgeStretch } from "./judge-moment.ts";
import { readContents } from "./read-file.ts";
import { type RecordingInfo, recordingInfo } from "./recording-info.ts";
import { RecordingStore } from "./recording-store.ts";
import { type Difference, diffStates } from "./state-diff.ts";
import { Timeline } from "./timeline.ts";

/** The seq of an event, or a word: `start`, `end`, `-5`. The machine as it was after that event. */
type Moment = number | string;

/**
 * A recording that is open to be looked at. States share their parts with each other: they are to be read only. A moment that the log
 * does not have and a file that is not there are RangeErrors, what is no moment a TypeError; a recording that was damaged is refused with RecordingRefused. Once
 * it is closed, all that reads is a TypeError.
 */
export class Recording {
  readonly #store: RecordingStore;
  readonly #timeline: Timeline;
  #isOpen = true;

  constructor(store: RecordingStore) {
    this.#store = store;
    this.#timeline = new Timeline(store);
  }

  /** What is read from, which the store's library does not survive once it is closed. */
  get #open(): { readonly store: RecordingStore; readonly timeline: Timeline } {
    if (!this.#isOpen) throw new TypeError(`${this.path} was closed; openRecording opens it again`);
    return { store: this.#store, timeline: this.#timeline };
  }

  get path(): string {
    return this.#store.path;
  }

  /** How many events there are, as of the opening or the last refresh. */
  get eventCount(): number {
    return this.#timeline.count;
  }

  info(): RecordingInfo {
    const { store, timeline } = this.#open;
    return recordingInfo(store, timeline);
  }

  /** The events from one seq up to, but not including, another. */
  events(from = 0, to = this.eventCount): Generator<KernelEvent> {
    const { groups, count } = this.#open.timeline;
    judgeStretch(from, to, count);
    return this.#events(new EventFeed(groups, from), to);
  }

  *#events(feed: EventFeed, to: number): Generator<KernelEvent> {
    // Whoever loops may close it between two events.
    while (feed.seq < to && this.#open) {
      const event = feed.next();
      if (event === null) return;
      yield event;
    }
  }

  /** The machine's state after an event. */
  stateAt(moment: Moment): KernelState {
    return this.#open.timeline.stateAt(judgeMoment(moment, this.eventCount));
  }

  /** What changed between two moments. */
  diff(before: Moment, after: Moment): readonly Difference[] {
    return diffStates(this.stateAt(before), this.stateAt(after));
  }

  /** A file's bytes as of a moment. `file` is the guest's path or `inode:N`. */
  readFile(moment: Moment, file: string): Uint8Array {
    const { store, timeline } = this.#open;
    if (typeof file !== "string") throw new TypeError(`a file is named by a text, not ${typeof file}`);
    const { preopens } = GuestPaths.of(timeline.groups);
    const found = findFile(this.stateAt(moment).files, preopens, file);
    if (!found.ok) throw new RangeError(found.error);
    const contents = readContents(store, found.value.inode);
    if (!contents.ok) throw new RangeError(`${file}: ${contents.error}`);
    return Buffer.concat([...contents.value]);
  }

  /** Folds all events and compares every group's hash and every keyframe's; refuses a recording that was changed. */
  verify(): { readonly events: number; readonly keyframes: number; readonly hash: string } {
    return foldWhole(this.#open.store, () => {});
  }

  /** Writes the recording as one new file. */
  exportTo(file: string): Exported {
    return exportRecording(this.#open.store, file);
  }

  /** Sees what was recorded since. */
  refresh(): void {
    this.#open.timeline.refresh();
  }

  /** Closes it; closing it again changes nothing. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#store.close();
  }
}

/** Opens a recording to look at it. Others may write it meanwhile. */
export const openRecording = (path: string): Recording =>
  new Recording(RecordingStore.open(path, { write: false }));
