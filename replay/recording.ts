import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { EventFeed } from "./event-feed.ts";
import { type Exported, exportRecording } from "./export-recording.ts";
import { findFile } from "./find-file.ts";
import { foldWhole } from "./fold-whole.ts";
import { GuestPaths } from "./guest-paths.ts";
import { parseMoment } from "./moment.ts";
import { readContents } from "./read-file.ts";
import { type RecordingInfo, recordingInfo } from "./recording-info.ts";
import { RecordingStore } from "./recording-store.ts";
import { type Difference, diffStates } from "./state-diff.ts";
import { Timeline } from "./timeline.ts";

/** The seq of an event, or a word: `start`, `end`, `-5`. The machine as it was after that event. */
type Moment = number | string;

/**
 * A recording that is open to be looked at. States share their parts with each other: they are to be read only. A moment that the log
 * does not have and a file that is not there are RangeErrors; a recording that was damaged is refused with RecordingRefused.
 */
export class Recording {
  readonly #store: RecordingStore;
  readonly #timeline: Timeline;

  constructor(store: RecordingStore) {
    this.#store = store;
    this.#timeline = new Timeline(store);
  }

  get path(): string {
    return this.#store.path;
  }

  /** How many events there are, as of the opening or the last refresh. */
  get eventCount(): number {
    return this.#timeline.count;
  }

  info(): RecordingInfo {
    return recordingInfo(this.#store, this.#timeline);
  }

  /** The events from one seq up to, but not including, another. */
  *events(from = 0, to = this.eventCount): Generator<KernelEvent> {
    const feed = new EventFeed(this.#timeline.groups, Math.max(0, from));
    while (feed.seq < to) {
      const event = feed.next();
      if (event === null) return;
      yield event;
    }
  }

  /** The machine's state after an event. */
  stateAt(moment: Moment): KernelState {
    return this.#timeline.stateAt(this.#moment(moment));
  }

  /** What changed between two moments. */
  diff(before: Moment, after: Moment): readonly Difference[] {
    return diffStates(this.stateAt(before), this.stateAt(after));
  }

  /** A file's bytes as of a moment. `file` is the guest's path or `inode:N`. */
  readFile(moment: Moment, file: string): Uint8Array {
    const { preopens } = GuestPaths.of(this.#timeline.groups);
    const found = findFile(this.stateAt(moment).files, preopens, file);
    if (!found.ok) throw new RangeError(found.error);
    const contents = readContents(this.#store, found.value.inode);
    if (!contents.ok) throw new RangeError(`${file}: ${contents.error}`);
    return Buffer.concat([...contents.value]);
  }

  /** Folds all events and compares every group's hash and every keyframe's; refuses a recording that was changed. */
  verify(): { readonly events: number; readonly keyframes: number; readonly hash: string } {
    return foldWhole(this.#store, () => {});
  }

  /** Writes the recording as one new file. */
  exportTo(file: string): Exported {
    return exportRecording(this.#store, file);
  }

  /** Sees what was recorded since. */
  refresh(): void {
    this.#timeline.refresh();
  }

  close(): void {
    this.#store.close();
  }

  #moment(moment: Moment): number {
    const parsed = parseMoment(String(moment), this.eventCount);
    if (parsed.ok) return parsed.value;
    throw new RangeError(parsed.error);
  }
}

/** Opens a recording to look at it. Others may write it meanwhile. */
export const openRecording = (path: string): Recording =>
  new Recording(RecordingStore.open(path, { write: false }));
