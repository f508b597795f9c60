import { StatePages } from "../../core/state-pages.ts";
import type { Effect } from "../../reducers/effects/effect.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { hex, sha256 } from "../../replay/hash.ts";
import { KeyframeWriter } from "../../replay/keyframe-writer.ts";
import { Recorder } from "../../replay/recorder.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import type { MemoryLog } from "../model/memory-log.ts";
import { MemoryStore } from "../model/memory-store.ts";

/** The hash of a state's canonical bytes. Keeps nothing, so the state may be written afterwards. */
export const hashOf = (state: KernelState): string => hex(new StatePages(sha256, null).write(state));

/** The hash of each state of a log, by seq: that before the first event first. */
export function hashesOf(events: readonly KernelEvent[]): readonly string[] {
  const fold = new Fold(initialState());
  const pages = new StatePages(sha256, null);
  const hashes = [hex(pages.write(fold.snapshot()))];
  for (const event of events) {
    fold.apply(event);
    hashes.push(hex(pages.write(fold.snapshot())));
  }
  return hashes;
}

/** What the next event is written against: the pid of the last one, and the capability that was used last. */
export function lastNamed(events: readonly KernelEvent[]): { pid: number; by: number } {
  const last = [...events].reverse().find((event) => "by" in event);
  return { pid: events.at(-1)?.pid ?? 0, by: last !== undefined && "by" in last ? last.by : 0 };
}

export function foldAll(events: readonly KernelEvent[], from = initialState()): KernelState {
  const fold = new Fold(from);
  for (const event of events) fold.apply(event);
  return fold.snapshot();
}

/** The state as it comes back from the pages of a keyframe. */
export function rebuilt(state: KernelState): KernelState {
  const { asStore } = new MemoryStore();
  new KeyframeWriter(asStore).write(state);
  return new StateLoader(asStore).keyframeState(state.seq);
}

export interface Recorded {
  readonly store: MemoryStore;
  readonly effects: readonly Effect[];
}

/** Records a log in groups that end before the given seqs, and with the last event. */
export function recordLog(
  log: MemoryLog,
  ends: readonly number[],
  keyframeEvents: number,
  store = new MemoryStore(),
): Recorded {
  const recorder = new Recorder({ store: store.asStore, state: initialState(), keyframeEvents });
  const effects: Effect[] = [];
  let from = 0;
  let position = 0;
  const takeBytes = (length: number): readonly Uint8Array[] => {
    position += length;
    return length === 0 ? [] : [log.stream(position - length, position)];
  };
  for (const end of [...groupEnds(ends, log.eventCount), log.eventCount]) {
    if (end <= from) continue;
    effects.push(...recorder.append(log.encoded(from, end), takeBytes));
    from = end;
  }
  return { store, effects };
}

/** Any numbers as ascending seqs within a log. */
export const groupEnds = (drawn: readonly number[], eventCount: number): readonly number[] =>
  [...new Set(drawn.map((number) => number % (eventCount + 1)))].sort((left, right) => left - right);
