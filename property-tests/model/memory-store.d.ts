import type { RecordingStore, StoredNotes, StoredPack } from "../../replay/recording-store.ts";
import type { StoredKeyframe } from "../../replay/keyframe-record.ts";
/** What a recording holds, in the order of its keys. */
declare class Shelf {
  #private;
  put(key: number, value: Uint8Array): void;
  remove(key: number): void;
  /** Changes what is held, as a damaged disk would. */
  damage(key: number, value: Uint8Array): void;
  get keys(): readonly number[];
  get(key: number): Uint8Array | null;
  /** The last key at or before the bound. */
  before(bound: number): number | null;
}
/** The store's disk refused a commit. */
export declare class DiskFull extends Error {}
/**
 * A model of the recording's store: transactions in memory, all or nothing, that fail from a chosen commit on, at the end or at
 * a chosen write. It stands wherever a RecordingStore does, and keeps what each commit wrote: its generations.
 */
export declare class MemoryStore {
  #private;
  readonly path = "a recording in memory";
  readonly groups: Shelf;
  readonly streams: Shelf;
  readonly keyframes: Shelf;
  readonly roots: Map<number, number>;
  /** The image beside a keyframe, by the keyframe's seq. */
  readonly images: Map<number, import("../../replay/machine-image.ts").ImageNode>;
  readonly packs: Shelf;
  readonly notes: Shelf;
  constructor(failsFrom?: number, failsAtWrite?: number);
  /** How many commits are whole. */
  get commits(): number;
  /** The store as its first commits left it: what opens when the power went while the next was being written. */
  generation(commits: number): MemoryStore;
  /** The same store, as the type of the one on disk. */
  get asStore(): RecordingStore;
  /** The first groups of this store alone, as if power had gone after so many commits. */
  cutAfter(groups: number): MemoryStore;
  /** This store with one byte of one pack changed. */
  withDamagedPack(place: number, change: number): MemoryStore;
  commit(write: () => void): void;
  refresh(): void;
  putGroup(firstSeq: number, record: Uint8Array): void;
  groupAt(seq: number): Uint8Array | null;
  lastGroup(): Uint8Array | null;
  groupsFrom(firstSeq: number): Generator<Uint8Array>;
  putStream(position: number, bytes: Uint8Array): void;
  streamAt(position: number): {
    readonly position: number;
    readonly bytes: Uint8Array;
  } | null;
  putKeyframe({ seq, address, root, image }: StoredKeyframe): void;
  keyframeAt(seq: number): StoredKeyframe | null;
  imagesBefore(seq: number): Generator<StoredKeyframe>;
  keyframesFrom(from: number): Generator<StoredKeyframe>;
  putPack(first: number, pack: Uint8Array): void;
  packAt(number: number): StoredPack | null;
  putNotes(firstSeq: number, notes: Uint8Array): void;
  notesFrom(from: number): Generator<StoredNotes>;
  setNote(): void;
  note(): unknown;
  close(): void;
}
export {};
