/**
 * The recorder follows the machine: it takes events as the kernel encoded them, folds them itself, and makes them durable in
 * groups, with index and keyframes, before it hands out the effects that they are due. As it folds what it writes, a
 * recording that cannot be folded is noticed before it is acknowledged.
 */
import { KernelBug } from "../core/assert.ts";
import { ByteReader, MalformedBytes } from "../core/byte-reader.ts";
import { ByteWriter } from "../core/byte-writer.ts";
import type { CodecContext } from "../core/event-codec.ts";
import { StatePages } from "../core/state-pages.ts";
import type { Effect } from "../reducers/effects/effect.ts";
import { EffectCollector } from "../reducers/effects/effect-collector.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { GENESIS, type GroupHeader, MAX_GROUP_EVENTS, sealGroup } from "./group.ts";
import { sha256 } from "./hash.ts";
import { IndexNotes } from "./index-notes.ts";
import type { RecordingStore } from "./recording-store.ts";

/** Events between keyframes on disk: folding as many takes some 10 ms. */
export const DEFAULT_KEYFRAME_EVENTS = 20_000;

export interface RecorderOptions {
  readonly store: RecordingStore;
  /** The state and the chain's hash to go on from. */
  readonly state: KernelState;
  readonly hash?: Uint8Array;
  readonly lastPid?: number;
  readonly keyframeEvents?: number;
}

export class Recorder {
  readonly #store: RecordingStore;
  readonly #fold: Fold;
  readonly #pages: StatePages;
  readonly #keyframeEvents: number;
  readonly #context: CodecContext;
  #hash: Uint8Array;
  #keyframeSeq: number;

  constructor(options: RecorderOptions) {
    const { state, store } = options;
    this.#store = store;
    this.#fold = new Fold(state);
    this.#pages = new StatePages(sha256, { put: (address, bytes) => store.putPage(address, bytes) });
    this.#keyframeEvents = options.keyframeEvents ?? DEFAULT_KEYFRAME_EVENTS;
    this.#context = { seq: state.seq, at: state.at, pid: options.lastPid ?? 0, head: state.head };
    this.#hash = options.hash ?? GENESIS;
    this.#keyframeSeq = state.seq;
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
    const { seq: firstSeq, at, pid, head: streamStart } = this.#context;
    const notes = new IndexNotes();
    const collector = new EffectCollector();
    this.#foldAll(body, notes, collector);
    const { effects } = collector;
    const header: GroupHeader = {
      firstSeq,
      count: this.#context.seq - firstSeq,
      at,
      pid,
      streamStart,
      streamEnd: this.#context.head,
    };
    if (header.count === 0) return effects;
    const bytes = takeBytes(header.streamEnd - streamStart);
    const sealed = sealGroup(this.#hash, header, body, bytes);
    this.#store.commit(() => {
      this.#store.putGroup(firstSeq, sealed.record);
      let position = streamStart;
      for (const part of bytes) {
        this.#store.putStream(position, part);
        position += part.length;
      }
      notes.write(this.#store, firstSeq);
      if (this.#context.seq - this.#keyframeSeq >= this.#keyframeEvents) this.#writeKeyframe();
    });
    this.#hash = sealed.hash;
    return effects;
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
    this.#store.commit(() => this.#writeKeyframe());
  }

  #writeKeyframe(): void {
    const state = this.#fold.snapshot();
    this.#store.putKeyframe({ seq: state.seq, address: this.#pages.write(state) });
    this.#keyframeSeq = state.seq;
  }

  #foldAll(body: Uint8Array, notes: IndexNotes, collector: EffectCollector): void {
    const reader = new ByteReader(body);
    try {
      for (let count = 0; reader.offset < reader.end && count < MAX_GROUP_EVENTS; count += 1) {
        const event: KernelEvent = kernelCodec.decode(reader, this.#context);
        this.#fold.apply(event);
        notes.take(event);
        collector.take(this.#fold.state, event);
      }
    } catch (error) {
      if (error instanceof MalformedBytes)
        throw new KernelBug(`the kernel wrote an event that cannot be read: ${error.message}`);
      throw error;
    }
  }
}
