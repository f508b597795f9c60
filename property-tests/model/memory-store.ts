import type { RecordingStore, StoredNotes, StoredPack } from "../../replay/recording-store.ts";
import type { StoredKeyframe } from "../../replay/keyframe-record.ts";

/** A write of a commit, into a store. */
type Write = (to: MemoryStore) => void;

/** What a recording holds, in the order of its keys. */
class Shelf {
  readonly #values = new Map<number, Uint8Array>();

  put(key: number, value: Uint8Array): void {
    this.#values.set(key, value.slice());
  }

  remove(key: number): void {
    this.#values.delete(key);
  }

  /** Changes what is held, as a damaged disk would. */
  damage(key: number, value: Uint8Array): void {
    this.#values.set(key, value);
  }

  get keys(): readonly number[] {
    return [...this.#values.keys()].sort((left, right) => left - right);
  }

  get(key: number): Uint8Array | null {
    return this.#values.get(key) ?? null;
  }

  /** The last key at or before the bound. */
  before(bound: number): number | null {
    return this.keys.filter((key) => key <= bound).at(-1) ?? null;
  }
}

/** The store's disk refused a commit. */
export class DiskFull extends Error {}

const diskFull = (): DiskFull => new DiskFull("no space is left on the model's disk");

/**
 * A model of the recording's store: transactions in memory, all or nothing, that fail from a chosen commit on, at the end or at
 * a chosen write. It stands wherever a RecordingStore does, and keeps what each commit wrote: its generations.
 */
export class MemoryStore {
  readonly path = "a recording in memory";
  readonly groups = new Shelf();
  readonly streams = new Shelf();
  readonly keyframes = new Shelf();
  readonly roots = new Map<number, number>();
  /** The image beside a keyframe, by the keyframe's seq. */
  readonly images = new Map<number, NonNullable<StoredKeyframe["image"]>>();
  readonly packs = new Shelf();
  readonly notes = new Shelf();
  readonly #failsFrom: number;
  readonly #failsAtWrite: number;
  readonly #generations: (readonly Write[])[] = [];
  #pending: Write[] | null = null;

  constructor(failsFrom = Number.POSITIVE_INFINITY, failsAtWrite = Number.POSITIVE_INFINITY) {
    this.#failsFrom = failsFrom;
    this.#failsAtWrite = failsAtWrite;
  }

  /** How many commits are whole. */
  get commits(): number {
    return this.#generations.length;
  }

  /** The store as its first commits left it: what opens when the power went while the next was being written. */
  generation(commits: number): MemoryStore {
    const store = new MemoryStore();
    for (const writes of this.#generations.slice(0, commits)) store.#keep(writes);
    return store;
  }

  #keep(writes: readonly Write[]): void {
    this.#generations.push(writes);
    for (const write of writes) write(this);
  }

  get #isFull(): boolean {
    return this.commits >= this.#failsFrom;
  }

  /** The same store, as the type of the one on disk. */
  get asStore(): RecordingStore {
    return this as unknown as RecordingStore;
  }

  /** The first groups of this store alone, as if power had gone after so many commits. */
  cutAfter(groups: number): MemoryStore {
    const cut = new MemoryStore();
    const kept = this.groups.keys.slice(0, groups);
    const end = this.groups.keys[groups] ?? Number.POSITIVE_INFINITY;
    for (const key of kept) cut.groups.put(key, this.groups.get(key) as Uint8Array);
    for (const key of this.streams.keys) cut.streams.put(key, this.streams.get(key) as Uint8Array);
    for (const key of this.keyframes.keys.filter((seq) => seq <= end && groups > 0)) {
      cut.keyframes.put(key, this.keyframes.get(key) as Uint8Array);
    }
    for (const [seq, root] of this.roots) cut.roots.set(seq, root);
    for (const [seq, image] of this.images) cut.images.set(seq, image);
    for (const key of this.packs.keys) cut.packs.put(key, this.packs.get(key) as Uint8Array);
    return cut;
  }

  /** This store with one byte of one pack changed. */
  withDamagedPack(place: number, change: number): MemoryStore {
    const damaged = this.generation(this.commits);
    const key = damaged.packs.keys[place % damaged.packs.keys.length] as number;
    const pack = (damaged.packs.get(key) as Uint8Array).slice();
    const at = Math.floor(place / 7) % pack.length;
    pack[at] = (pack[at] as number) ^ change;
    damaged.packs.put(key, pack);
    return damaged;
  }

  commit(write: () => void): void {
    const pending: Write[] = [];
    this.#pending = pending;
    try {
      write();
    } finally {
      this.#pending = null;
    }
    if (this.#isFull) throw diskFull();
    this.#keep(pending);
  }

  /** A write that stands outside of every commit is one of its own. */
  #put(put: Write): void {
    if (this.#pending === null) return this.#keep([put]);
    if (this.#isFull && this.#pending.length >= this.#failsAtWrite) throw diskFull();
    this.#pending.push(put);
  }

  refresh(): void {}

  putGroup(firstSeq: number, record: Uint8Array): void {
    const kept = record.slice();
    this.#put((to) => to.groups.put(firstSeq, kept));
  }

  groupAt(seq: number): Uint8Array | null {
    const key = this.groups.before(seq);
    return key === null ? null : this.groups.get(key);
  }

  lastGroupSeq(): number {
    return this.groups.keys.at(-1) ?? -1;
  }

  lastGroup(): Uint8Array | null {
    return this.groupAt(Number.POSITIVE_INFINITY);
  }

  *groupsFrom(firstSeq: number): Generator<Uint8Array> {
    for (const key of this.groups.keys) if (key >= firstSeq) yield this.groups.get(key) as Uint8Array;
  }

  putStream(position: number, bytes: Uint8Array): void {
    const kept = bytes.slice();
    if (kept.length > 0) this.#put((to) => to.streams.put(position, kept));
  }

  streamAt(position: number): { readonly position: number; readonly bytes: Uint8Array } | null {
    const key = this.streams.before(position);
    const bytes = key === null ? null : this.streams.get(key);
    return key === null || bytes === null || key + bytes.length <= position ? null : { position: key, bytes };
  }

  putKeyframe({ seq, address, root, image }: StoredKeyframe): void {
    const kept = address.slice();
    this.#put((to) => {
      to.keyframes.put(seq, kept);
      to.roots.set(seq, root);
      if (image !== null) to.images.set(seq, image);
    });
  }

  keyframeAt(seq: number): StoredKeyframe | null {
    const key = this.keyframes.before(seq);
    return key === null ? null : this.#keyframe(key);
  }

  *imagesBefore(seq: number): Generator<StoredKeyframe> {
    for (const key of [...this.images.keys()].reverse()) if (key <= seq) yield this.#keyframe(key);
  }

  *keyframesFrom(from: number): Generator<StoredKeyframe> {
    for (const seq of this.keyframes.keys) if (seq >= from) yield this.#keyframe(seq);
  }

  #keyframe(seq: number): StoredKeyframe {
    return {
      seq,
      address: this.keyframes.get(seq) as Uint8Array,
      root: this.roots.get(seq) ?? -1,
      image: this.images.get(seq) ?? null,
    };
  }

  putPack(first: number, pack: Uint8Array): void {
    const kept = pack.slice();
    this.#put((to) => to.packs.put(first, kept));
  }

  packAt(number: number): StoredPack | null {
    const first = this.packs.before(number);
    return first === null ? null : { first, bytes: this.packs.get(first) as Uint8Array };
  }

  putNotes(firstSeq: number, notes: Uint8Array): void {
    const kept = notes.slice();
    this.#put((to) => to.notes.put(firstSeq, kept));
  }

  *notesFrom(from: number): Generator<StoredNotes> {
    for (const firstSeq of this.notes.keys) {
      if (firstSeq >= from) yield { firstSeq, notes: this.notes.get(firstSeq) as Uint8Array };
    }
  }

  setNote(): void {}
  note(): unknown {
    return null;
  }
  close(): void {}
}
