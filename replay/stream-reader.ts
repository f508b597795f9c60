import { invariant } from "../core/assert.ts";
import type { RecordingStore } from "./recording-store.ts";

interface StreamRecord {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** Records kept in memory, 64 KiB at most each. */
const CACHED_RECORDS = 256;

/** Reads the durable part of a recording's byte stream, with the records read last kept in memory. */
export class StreamReader {
  readonly #store: RecordingStore;
  readonly #cached = new Map<number, StreamRecord>();
  #last: StreamRecord | null = null;

  constructor(store: RecordingStore) {
    this.#store = store;
  }

  copyTo(target: Uint8Array, targetOffset: number, position: number, length: number): void {
    for (let done = 0; done < length; ) {
      const record = this.#recordAt(position + done);
      const from = position + done - record.position;
      const part = Math.min(length - done, record.bytes.length - from);
      target.set(record.bytes.subarray(from, from + part), targetOffset + done);
      done += part;
    }
  }

  #recordAt(position: number): StreamRecord {
    const last = this.#last;
    if (last !== null && position >= last.position && position < last.position + last.bytes.length)
      return last;
    const found = this.#find(position);
    this.#last = found;
    return found;
  }

  #find(position: number): StreamRecord {
    for (const record of this.#cached.values()) {
      if (position >= record.position && position < record.position + record.bytes.length) return record;
    }
    this.#store.refresh();
    const found = this.#store.streamAt(position);
    invariant(found !== null, "bytes that the state names are in the stream");
    const kept = { position: found.position, bytes: found.bytes.slice() };
    // A snapshot that is kept open keeps the writer from using freed pages again.
    this.#store.refresh();
    this.#cached.set(kept.position, kept);
    if (this.#cached.size > CACHED_RECORDS) this.#cached.delete(this.#cached.keys().next().value as number);
    return kept;
  }
}
