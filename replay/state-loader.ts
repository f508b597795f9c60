/** The state at any moment of a recording: the nearest keyframe before it, and the events from there on. */
import { MalformedBytes } from "../core/byte-reader.ts";
import { readStatePage } from "../core/state-pages.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { sha256 } from "./hash.ts";
import { eventsBetween } from "./log-reader.ts";
import { RecordingRefused } from "./recording-refused.ts";
import type { RecordingStore } from "./recording-store.ts";

/**
 * Pages kept in memory, those used last, by number and by their bytes on disk (some five times as many in memory). As keyframes
 * share what did not change, so do the states made from them.
 */
const CACHED_PAGES = 1 << 16;
const CACHED_BYTES = 48 << 20;

interface CachedPage {
  readonly page: object;
  readonly bytes: number;
}

export class StateLoader {
  readonly #store: RecordingStore;
  readonly #pages = new Map<string, CachedPage>();
  #bytes = 0;

  constructor(store: RecordingStore) {
    this.#store = store;
  }

  /** The state before event `seq` is folded, that is, after all events below it. */
  stateAt(seq: number): KernelState {
    return this.foldAt(seq).snapshot();
  }

  /** A fold that stands before event `seq`. */
  foldAt(seq: number): Fold {
    return this.foldFrom(this.keyframeState(seq), seq);
  }

  /** Folds from a state on up to event `seq`; `visit` sees each event on the way, and the state after it. */
  foldFrom(from: KernelState, seq: number, visit?: (state: KernelState, event: KernelEvent) => void): Fold {
    const fold = new Fold(from);
    for (const event of eventsBetween(this.#store, from.seq, seq)) {
      fold.apply(event);
      visit?.(fold.state, event);
    }
    const reached = fold.state.seq;
    if (reached === seq) return fold;
    throw new RecordingRefused(
      this.#store.path,
      `events ${reached} to ${seq - 1} are missing`,
      "use a copy that was not changed",
    );
  }

  /** The state of the last keyframe at or before a seq; the initial state if there is none. */
  keyframeState(seq: number): KernelState {
    const keyframe = this.#store.keyframeAt(seq);
    if (keyframe === null) return initialState();
    const state = this.#load(keyframe.address) as KernelState | null;
    if (state !== null && state.seq === keyframe.seq) return state;
    throw new RecordingRefused(
      this.#store.path,
      `the keyframe at event ${keyframe.seq} is damaged`,
      "use a copy that was not changed",
    );
  }

  #load(address: Uint8Array): object | null {
    const key = Buffer.from(address.buffer, address.byteOffset, address.length).toString("latin1");
    const known = this.#pages.get(key);
    if (known !== undefined) {
      this.#pages.delete(key);
      this.#pages.set(key, known);
      return known.page;
    }
    const bytes = this.#store.page(address);
    if (bytes === null) return null;
    if (Buffer.compare(sha256(bytes), address) !== 0)
      throw this.#damaged("its bytes are not those of its address");
    const page = this.#read(bytes);
    this.#keep(key, { page, bytes: bytes.length });
    return page;
  }

  #keep(key: string, cached: CachedPage): void {
    this.#pages.set(key, cached);
    this.#bytes += cached.bytes;
    for (const [oldest, { bytes }] of this.#pages) {
      if (this.#pages.size <= CACHED_PAGES && this.#bytes <= CACHED_BYTES) break;
      this.#pages.delete(oldest);
      this.#bytes -= bytes;
    }
  }

  #read(bytes: Uint8Array): object {
    try {
      return readStatePage(bytes, (below) => this.#load(below));
    } catch (error) {
      if (!(error instanceof MalformedBytes)) throw error;
      throw this.#damaged(error.message);
    }
  }

  #damaged(why: string): RecordingRefused {
    const what = `a page of a keyframe is damaged (${why})`;
    return new RecordingRefused(this.#store.path, what, "use a copy that was not changed");
  }
}
