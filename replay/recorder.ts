/**
 * The recorder follows the machine: it takes events as the kernel encoded them, folds them itself, and makes them durable in
 * groups, with index and keyframes, before it hands out the effects that they are due. As it folds what it writes, a
 * recording that cannot be folded is noticed before it is acknowledged.
 */
import { invariant, KernelBug } from "../core/assert.ts";
import { ByteReader, MalformedBytes } from "../core/byte-reader.ts";
import { ByteWriter } from "../core/byte-writer.ts";
import type { CodecContext } from "../core/compile-event.ts";
import type { Effect } from "../reducers/effects/effect.ts";
import { EffectCollector } from "../reducers/effects/effect-collector.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { contextOf, GENESIS, type Group, type GroupHeader, MAX_GROUP_EVENTS, sealGroup } from "./group.ts";
import { IndexNotes } from "./index-notes.ts";
import { StoreFailed } from "./store-failed.ts";
import { KeyframeWriter } from "./keyframe-writer.ts";
import type { MachineImage } from "./machine-image.ts";
import type { RecordingStore } from "./recording-store.ts";

/** Events between keyframes on disk: folding as many takes some 10 ms. */
export const DEFAULT_KEYFRAME_EVENTS = 20_000;

interface RecorderOptions {
  readonly store: RecordingStore;
  /** The state and the chain's hash to go on from. */
  readonly state: KernelState;
  readonly hash?: Uint8Array;
  /** What the event before names. */
  readonly last?: Pick<CodecContext, "pid" | "by">;
  readonly keyframeEvents?: number;
  /** One that knows pages which the store has already; a new one if there is none. */
  readonly keyframes?: KeyframeWriter;
}

/** A keyframe up to this size is never put off: it costs less than the events that it saves. */
const CHEAP_KEYFRAME_BYTES = 1 << 16;
/** A larger one waits until so many times its bytes are in the log, but not for more than so many times the usual events. */
const LOG_TO_KEYFRAME_BYTES = 3;
export const MOST_PUT_OFF = 8;

/** A group that a keyframe ends is not made smaller than this, unless keyframes are to stand closer together. */
const LEAST_GROUP_EVENTS = 1024;

/** Events that become one group, and the keyframe behind them if one is due. */
interface Stretch {
  readonly header: GroupHeader;
  readonly body: Uint8Array;
  readonly notes: IndexNotes;
  readonly keyframe: KernelState | null;
}

export class Recorder {
  readonly #store: RecordingStore;
  readonly #fold: Fold;
  readonly #keyframes: KeyframeWriter;
  readonly #keyframeEvents: number;
  readonly #context: CodecContext;
  #hash: Uint8Array;
  /** The first event of the group that was put last; -1 before the first. */
  #lastGroupSeq = -1;
  #keyframeSeq: number;
  /** The seq at which it is looked next whether a keyframe is due. */
  #checkSeq: number;
  /** Bytes of pages that the last keyframe brought, and of events since. */
  #keyframeBytes = 0;
  #logBytes = 0;

  constructor(options: RecorderOptions) {
    const { state, store } = options;
    this.#store = store;
    this.#fold = new Fold(state);
    this.#keyframes = options.keyframes ?? new KeyframeWriter(store);
    this.#keyframeEvents = options.keyframeEvents ?? DEFAULT_KEYFRAME_EVENTS;
    const { pid, by } = options.last ?? { pid: 0, by: 0 };
    this.#context = { seq: state.seq, at: state.at, pid, by, head: state.head };
    this.#hash = options.hash ?? GENESIS;
    this.#keyframeSeq = state.seq;
    this.#checkSeq = state.seq + this.#keyframeEvents;
  }

  /** The state after the last durable group. */
  get state(): KernelState {
    return this.#fold.state;
  }

  get hash(): Uint8Array {
    return this.#hash;
  }

  /**
   * Makes events durable. `body` holds whole events as the codec wrote them, `takeBytes` gives the next bytes of the stream.
   * Returns the effects that may now be released, in their order. Throws when the store fails; nothing is kept then.
   */
  append(body: Uint8Array, takeBytes: (length: number) => readonly Uint8Array[]): readonly Effect[] {
    const streamStart = this.#context.head;
    const collector = new EffectCollector();
    const stretches = this.#foldAll(body, collector);
    if (stretches.length === 0) return collector.effects;
    const bytes = takeBytes(this.#context.head - streamStart);
    let hash = this.#hash;
    this.#store.commit(() => {
      this.#demandLastGroup();
      for (const stretch of stretches) {
        const { header } = stretch;
        const part = sliceParts(bytes, header.streamStart - streamStart, header.streamEnd - streamStart);
        const sealed = sealGroup(hash, header, stretch.body, part);
        this.#putGroup(stretch, sealed.record, part);
        hash = sealed.hash;
      }
    });
    this.#hash = hash;
    return collector.effects;
  }

  /** Makes a group durable that another recorder sealed. It is known to follow the last one, and to be of whole events. */
  appendGroup(group: Group, record: Uint8Array, bytes: Uint8Array): void {
    Object.assign(this.#context, contextOf(group.header));
    const stretch = this.#foldStretch(new ByteReader(group.body), new EffectCollector(), MAX_GROUP_EVENTS);
    this.#store.commit(() => this.#putGroup(stretch, record, bytes.length === 0 ? [] : [bytes]));
    this.#hash = group.hash.slice();
  }

  /**
   * A commit can be lost though it was told to be durable, where somebody opens the store and does not wait for his turn (see
   * store-gate.ts). Nothing is recorded behind such a hole: the log is whole up to it.
   */
  #demandLastGroup(): void {
    if (this.#lastGroupSeq < 0 || this.#store.lastGroupSeq() === this.#lastGroupSeq) return;
    throw new StoreFailed(this.#store.path, `the events from ${this.#lastGroupSeq} on are gone`);
  }

  #putGroup({ header, notes, keyframe }: Stretch, record: Uint8Array, bytes: readonly Uint8Array[]): void {
    this.#store.putGroup(header.firstSeq, record);
    this.#lastGroupSeq = header.firstSeq;
    let position = header.streamStart;
    for (const part of bytes) {
      this.#store.putStream(position, part);
      position += part.length;
    }
    this.#store.putNotes(header.firstSeq, notes.encode());
    if (keyframe !== null) this.#keyframeBytes = this.#keyframes.write(keyframe);
  }

  /** Makes facts durable that the recorder itself has to state, for a kernel that no longer can. */
  appendFacts(facts: readonly { readonly pid: number; readonly fact: KernelFact }[]): readonly Effect[] {
    const writer = new ByteWriter();
    const context = { ...this.#context };
    for (const { pid, fact } of facts) {
      kernelCodec.encode(writer, kernelCodec.seal(fact, context.seq, context.at, -1, pid, -1), context);
    }
    return this.append(writer.view().slice(), () => []);
  }

  /** Writes a keyframe of the state as it is, so that opening needs no folding. */
  keyframe(): void {
    if (this.#keyframeSeq === this.#context.seq) return;
    const state = this.#fold.snapshot();
    this.#store.commit(() => void this.#keyframes.write(state));
    this.#keyframeSeq = state.seq;
  }

  /** Writes a keyframe of the state as it is, with the image of the guests that was taken then. */
  image(taken: MachineImage): void {
    const state = this.#fold.snapshot();
    invariant(state.seq === taken.seq, "an image belongs to the state that is recorded");
    this.#store.commit(() => void this.#keyframes.write(state, taken));
    this.#keyframeSeq = state.seq;
    this.#checkSeq = state.seq + this.#keyframeEvents;
    this.#logBytes = 0;
  }

  #foldAll(body: Uint8Array, collector: EffectCollector): readonly Stretch[] {
    const reader = new ByteReader(body);
    const stretches: Stretch[] = [];
    while (reader.offset < reader.end)
      stretches.push(this.#foldStretch(reader, collector, this.#groupEvents));
    return stretches;
  }

  /** How many events the next group may have: up to where a keyframe may be due, so that none is put off by a large group. */
  get #groupEvents(): number {
    const least = this.#keyframeEvents < LEAST_GROUP_EVENTS ? 1 : LEAST_GROUP_EVENTS;
    return Math.min(MAX_GROUP_EVENTS, Math.max(least, this.#checkSeq - this.#context.seq));
  }

  /**
   * Folds the next events, so many and on to the end of a decision, which an answer is: no group and no keyframe stands between
   * facts that belong together (law D7). A keyframe stands behind them when one is due.
   */
  #foldStretch(reader: ByteReader, collector: EffectCollector, most: number): Stretch {
    const { seq: firstSeq, at, pid, by, head: streamStart } = this.#context;
    const from = reader.offset;
    const notes = new IndexNotes();
    let count = 0;
    let isWhole = true;
    try {
      for (; reader.offset < reader.end && (count < most || !isWhole); count += 1) {
        const event: KernelEvent = kernelCodec.decode(reader, this.#context);
        isWhole = event.call >= 0 || count >= MAX_GROUP_EVENTS - 1;
        this.#fold.apply(event);
        notes.take(event);
        collector.take(this.#fold.state, event);
      }
    } catch (error) {
      if (error instanceof MalformedBytes)
        throw new KernelBug(`the kernel wrote an event that cannot be read: ${error.message}`);
      throw error;
    }
    this.#logBytes += reader.offset - from;
    const header = { firstSeq, count, at, pid, by, streamStart, streamEnd: this.#context.head };
    return { header, body: reader.bytes.subarray(from, reader.offset), notes, keyframe: this.#dueKeyframe() };
  }

  #dueKeyframe(): KernelState | null {
    const { seq } = this.#context;
    if (seq < this.#checkSeq) return null;
    this.#checkSeq = seq + this.#keyframeEvents;
    const isCheap =
      this.#keyframeBytes <= CHEAP_KEYFRAME_BYTES ||
      this.#keyframeBytes * LOG_TO_KEYFRAME_BYTES <= this.#logBytes;
    if (!isCheap && seq - this.#keyframeSeq < this.#keyframeEvents * MOST_PUT_OFF) return null;
    this.#keyframeSeq = seq;
    this.#logBytes = 0;
    return this.#fold.snapshot();
  }
}

/** The bytes from one offset up to, but not including, another, of parts that stand one behind the other. */
function sliceParts(parts: readonly Uint8Array[], from: number, to: number): readonly Uint8Array[] {
  const slices: Uint8Array[] = [];
  let start = 0;
  for (const part of parts) {
    const slice = part.subarray(Math.max(0, from - start), Math.max(0, to - start));
    if (slice.length > 0) slices.push(slice);
    start += part.length;
  }
  return slices;
}
