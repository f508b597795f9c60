/** The state at any moment of a recording: the nearest keyframe before it, and the events from there on. */
import { MalformedBytes } from "../core/byte-reader.ts";
import { type LoadedPage, type ReadPage, readStatePage } from "../core/read-state-page.ts";
import type { KnownPage } from "../core/state-pages.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { sha256 } from "./hash.ts";
import { eventsBetween } from "./log-reader.ts";
import { PackReader } from "./page-packs.ts";
import { RecordingRefused } from "./recording-refused.ts";
import type { RecordingStore } from "./recording-store.ts";

/**
 * Pages kept in memory, those used last, by number and by their bytes on disk (some five times as many in memory). As keyframes
 * share what did not change, so do the states made from them.
 */
const CACHED_PAGES = 1 << 16;
const CACHED_BYTES = 48 << 20;
/** A page names pages below it, and those others: more levels than any state's tables have together. */
const MAX_LEVELS = 256;

interface CachedPage extends LoadedPage {
  readonly bytes: number;
}

/** Told of each page that is loaded. */
type OnPage = (page: object, known: KnownPage) => void;

export class StateLoader {
  readonly #store: RecordingStore;
  readonly #packs: PackReader;
  readonly #onPage: OnPage | null;
  readonly #pages = new Map<number, CachedPage>();
  #bytes = 0;
  #level = 0;

  constructor(store: RecordingStore, onPage: OnPage | null = null) {
    this.#store = store;
    this.#packs = new PackReader(store);
    this.#onPage = onPage;
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
    const root = this.#load(keyframe.root);
    const state = root?.page as KernelState | undefined;
    const isWhole = root !== null && Buffer.compare(root.address, keyframe.address) === 0;
    if (isWhole && state?.seq === keyframe.seq) return state;
    throw this.#damaged(`the keyframe at event ${keyframe.seq} is damaged`);
  }

  #load(number: number): LoadedPage | null {
    const known = this.#pages.get(number);
    if (known !== undefined) {
      this.#pages.delete(number);
      this.#pages.set(number, known);
      return known;
    }
    const bytes = this.#packs.page(number);
    if (bytes === null) return null;
    const { page, canonical } = this.#read(bytes, number);
    const loaded = { page, address: sha256(canonical), bytes: bytes.length };
    this.#keep(number, loaded);
    this.#onPage?.(page, { address: loaded.address, number });
    return loaded;
  }

  #keep(number: number, cached: CachedPage): void {
    this.#pages.set(number, cached);
    this.#bytes += cached.bytes;
    for (const [oldest, { bytes }] of this.#pages) {
      if (this.#pages.size <= CACHED_PAGES && this.#bytes <= CACHED_BYTES) break;
      this.#pages.delete(oldest);
      this.#bytes -= bytes;
    }
  }

  #read(bytes: Uint8Array, number: number): ReadPage {
    if (this.#level >= MAX_LEVELS) throw this.#damaged("a page of a keyframe lies too deep");
    this.#level += 1;
    try {
      return readStatePage(bytes, number, (below) => this.#load(below));
    } catch (error) {
      if (!(error instanceof MalformedBytes)) throw error;
      throw this.#damaged(`a page of a keyframe is damaged (${error.message})`);
    } finally {
      this.#level -= 1;
    }
  }

  #damaged(what: string): RecordingRefused {
    return new RecordingRefused(this.#store.path, what, "use a copy that was not changed");
  }
}
