/** What a bench reads of a recording that a command made, or is making. */
import { endOf, eventsBetween } from "../replay/log-reader.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";

export function readingLog<Read>(path: string, read: (store: RecordingStore) => Read): Read {
  const store = RecordingStore.open(path, { write: false });
  try {
    return read(store);
  } finally {
    store.close();
  }
}

/** All events from a seq on. */
export function* eventsFrom(store: RecordingStore, seq: number): Generator<KernelEvent> {
  yield* eventsBetween(store, seq, endOf(store).seq);
}
