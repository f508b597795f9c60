/**
 * Groups as a reader wants them: parsed, verified when they are first met, and the last few kept in memory. A group is verified
 * against the hash of the one before it, which its own record carries, so no reader has to begin at the first.
 */
import { followsHash, type Group } from "./group.ts";
import { damaged, hashBefore, soundGroup, streamOf } from "./log-reader.ts";
import type { RecordingStore } from "./recording-store.ts";

/** Bytes of encoded events kept in memory: some ten million events. */
const CACHED_BYTES = 128 << 20;
/** Groups kept in memory, however small: they may be looked through one by one. */
const CACHED_GROUPS = 2048;

export class GroupReader {
  readonly store: RecordingStore;
  readonly #groups = new Map<number, Group>();
  readonly #verified = new Set<number>();
  #bytes = 0;

  constructor(store: RecordingStore) {
    this.store = store;
  }

  /** The group that holds an event; null if the log ends before it. */
  holding(seq: number): Group | null {
    const exact = this.#groups.get(seq);
    if (exact !== undefined) return this.#touch(exact);
    for (const group of this.#groups.values()) {
      const { firstSeq, count } = group.header;
      if (seq >= firstSeq && seq < firstSeq + count) return this.#touch(group);
    }
    const record = this.store.groupAt(seq);
    if (record === null) return null;
    const group = soundGroup(this.store, record);
    this.verify(group);
    return seq < group.header.firstSeq + group.header.count ? this.#keep(group) : null;
  }

  /** Refuses a group that is not what was recorded. */
  verify(group: Group): void {
    const { firstSeq } = group.header;
    if (this.#verified.has(firstSeq)) return;
    if (!followsHash(group, hashBefore(this.store, firstSeq), [...streamOf(this.store, group)]))
      throw damaged(this.store, `the group at event ${firstSeq} is not what was recorded: its hash differs`);
    this.#verified.add(firstSeq);
  }

  #touch(group: Group): Group {
    const { firstSeq } = group.header;
    this.#groups.delete(firstSeq);
    this.#groups.set(firstSeq, group);
    return group;
  }

  #keep(group: Group): Group {
    this.#groups.set(group.header.firstSeq, group);
    this.#bytes += group.body.length;
    for (const [firstSeq, oldest] of this.#groups) {
      const isRoom = this.#bytes <= CACHED_BYTES && this.#groups.size <= CACHED_GROUPS;
      if (isRoom || oldest === group) break;
      this.#groups.delete(firstSeq);
      this.#bytes -= oldest.body.length;
    }
    return group;
  }
}
