import { isDeepStrictEqual } from "node:util";
import { StatePages } from "../../core/state-pages.ts";
import { formatEvent } from "../../cli/format-event.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { hex, sha256 } from "../../replay/hash.ts";
import { endOf, eventsBetween, soundGroup, streamOf } from "../../replay/log-reader.ts";
import type { RecordingStore } from "../../replay/recording-store.ts";
import { StateLoader } from "../../replay/state-loader.ts";

/** What one recording says, in the forms in which two are compared. */
export class RecordedLog {
  readonly #store: RecordingStore;
  readonly events: readonly KernelEvent[];

  constructor(store: RecordingStore, isWithoutHostTimes: boolean) {
    this.#store = store;
    const events = [...eventsBetween(store, 0, endOf(store).seq)];
    this.events = isWithoutHostTimes ? events.map(withoutHostTimes) : events;
  }

  /** The hash of the state before an event, folded from the first event on. */
  hashAt(seq: number): string {
    const fold = new Fold(initialState());
    for (const event of this.events.slice(0, seq)) fold.apply(event);
    return hex(new StatePages(sha256, null).write(fold.snapshot()));
  }

  /** The hash of the state before an event, folded from the keyframe before it. Host times are in it. */
  hashFromKeyframe(seq: number): string {
    return hex(new StatePages(sha256, null).write(new StateLoader(this.#store).stateAt(seq)));
  }

  /** The encoded events, without the groups that they stand in. */
  encoded(): Buffer {
    return Buffer.concat(
      [...this.#store.groupsFrom(0)].map((record) => soundGroup(this.#store, record).body),
    );
  }

  /** All bytes that events brought. */
  stream(): Buffer {
    const groups = [...this.#store.groupsFrom(0)].map((record) => soundGroup(this.#store, record));
    return Buffer.concat(groups.flatMap((group) => [...streamOf(this.#store, group)]));
  }
}

/** The event, as if the host's files had no times. */
function withoutHostTimes(event: KernelEvent): KernelEvent {
  if (event.type !== "host/node-examined") return event;
  const accessed = { accessedSeconds: 0, accessedNanos: 0 };
  const modified = { modifiedSeconds: 0, modifiedNanos: 0 };
  return { ...event, ...accessed, ...modified, changedSeconds: 0, changedNanos: 0 };
}

/** In words, where two logs first differ, in their events or in the bytes that these brought; null if they are equal. */
export function firstDifference(expected: RecordedLog, got: RecordedLog): string | null {
  const [bytes, others] = [expected.stream(), got.stream()];
  const offset = firstUnequalByte(bytes, others);
  const most = Math.max(expected.events.length, got.events.length);
  for (let seq = 0; seq < most; seq += 1) {
    const [event, other] = [expected.events[seq], got.events[seq]];
    if (!isDeepStrictEqual(event, other))
      return `event ${seq}: expected ${inWords(event)}; got ${inWords(other)}`;
    if (event !== undefined && brought(event, offset))
      return `event ${seq}: byte ${offset} of the stream was ${bytes[offset]} and is ${others[offset]}: ${inWords(event)}`;
  }
  return offset < 0 ? null : `byte ${offset} of the stream differs`;
}

/** -1 if all are equal. */
function firstUnequalByte(left: Buffer, right: Buffer): number {
  const most = Math.max(left.length, right.length);
  for (let offset = 0; offset < most; offset += 1) if (left[offset] !== right[offset]) return offset;
  return -1;
}

const brought = (event: KernelEvent, offset: number): boolean =>
  offset >= 0 && "position" in event && event.position <= offset && offset < event.position + event.length;

const inWords = (event: KernelEvent | undefined): string =>
  event === undefined ? "the end of the log" : formatEvent(event).trim();
