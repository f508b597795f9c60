/** The events of a recording one after the other, from any place in the log; a place is a few numbers, cheap to keep and to return to. */
import { ByteReader, MalformedBytes } from "../core/byte-reader.ts";
import type { CodecContext } from "../core/compile-event.ts";
import { newCodecContext } from "../core/event-codec.ts";
import { kernelCodec, type KernelEvent } from "../reducers/kernel-event.ts";
import { contextOf, type Group } from "./group.ts";
import type { GroupReader } from "./group-reader.ts";
import { RecordingRefused } from "./recording-refused.ts";

/** Where a feed stands: before event `seq`, at a byte of the group that holds it, with what the codec carries along. */
export interface FeedPlace extends Readonly<CodecContext> {
  /** The first seq of the group, -1 for none, and the offset within its events. */
  readonly group: number;
  readonly offset: number;
}

export class EventFeed {
  readonly #groups: GroupReader;
  #group: Group | null = null;
  #reader = new ByteReader(new Uint8Array(0));
  #context = newCodecContext();

  /** A feed before event `from`, or at a place where another stood. */
  constructor(groups: GroupReader, from: number | FeedPlace) {
    this.#groups = groups;
    if (typeof from === "number") this.#openAt(from);
    else this.#reopen(from);
  }

  /** The seq of the next event. */
  get seq(): number {
    return this.#context.seq;
  }

  get place(): FeedPlace {
    return { ...this.#context, group: this.#group?.header.firstSeq ?? -1, offset: this.#reader.offset };
  }

  /** The next event; null at the end of the log, as it is then. */
  next(): KernelEvent | null {
    if (this.#reader.offset >= this.#reader.end && !this.#openNext()) return null;
    const group = this.#group as Group;
    try {
      return kernelCodec.decode(this.#reader, this.#context);
    } catch (error) {
      if (!(error instanceof MalformedBytes)) throw error;
      throw this.#damaged(group, error.message);
    }
  }

  #openAt(seq: number): void {
    this.#context.seq = seq;
    this.#openNext();
    while (this.#context.seq < seq && this.next() !== null);
  }

  #openNext(): boolean {
    const group = this.#groups.holding(this.#context.seq);
    if (group === null) return false;
    this.#group = group;
    this.#reader = new ByteReader(group.body);
    this.#context = contextOf(group.header);
    return true;
  }

  #reopen(place: FeedPlace): void {
    const { group, offset, ...context } = place;
    this.#context = context;
    this.#group = group < 0 ? null : this.#groups.holding(group);
    if (this.#group !== null) this.#reader = new ByteReader(this.#group.body, offset);
  }

  #damaged(group: Group, what: string): RecordingRefused {
    return new RecordingRefused(
      this.#groups.store.path,
      `the group at event ${group.header.firstSeq} is damaged (${what})`,
      "it was changed after it was recorded; use a copy that was not",
    );
  }
}
