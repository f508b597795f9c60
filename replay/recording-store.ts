/**
 * A recording on disk: a directory with an LMDB environment, in which one transaction per group puts events, bytes, index and
 * keyframe, together or not at all, and with a copy of the programs that ran. One process writes, any number read.
 */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import type { Database, RootDatabase } from "lmdb";
import { invariant } from "../core/assert.ts";
import { assureFirstRoom, CommitRoom } from "./disk-room.ts";
import { judgeEnvironment } from "./judge-environment.ts";
import { judgeParts } from "./judge-parts.ts";
import { hasImage, keyframeOf, keyframeRecord, type StoredKeyframe } from "./keyframe-record.ts";
import { makePlace } from "./make-place.ts";
import { packed, unpacked } from "./packed.ts";
import { openPatiently } from "./open-patiently.ts";
import { programBeside, programPath } from "./program-beside.ts";
import { notBegun, RecordingRefused } from "./recording-refused.ts";
import { CommitGate, openBetweenCommits } from "./store-gate.ts";
import { asStoreFailed } from "./store-failed.ts";
import { formatOf, otherVersionAdvice, STORE_VERSION, versionOf } from "./store-format.ts";

/** Bytes of the stream stand in records of at most this size, so that reading a few does not fetch many. */
export const STREAM_RECORD_BYTES = 1 << 16;

/** The store's parts, in the order in which they are made: one by one, before anything stands in any of them. */
export const STORE_PARTS: readonly string[] = ["groups", "stream", "keyframes", "packs", "notes"];

/** Loaded when the first recording is opened: it takes longer than all that is ours, and not every thread opens one. */
const lmdb = (): typeof import("lmdb") => createRequire(import.meta.url)("lmdb") as typeof import("lmdb");

export interface StoredPack {
  readonly first: number;
  readonly bytes: Uint8Array;
}

export interface StoredNotes {
  readonly firstSeq: number;
  readonly notes: Uint8Array;
}

export type Durability = "group" | "event" | "none";

interface StoreOptions {
  readonly write: boolean;
  readonly durability?: Durability;
  /** Whether each page of a large store is looked at before it is believed, not only those of small ones. */
  readonly thorough?: boolean;
}

const asBytes = (value: Buffer): Uint8Array => new Uint8Array(value.buffer, value.byteOffset, value.length);

export class RecordingStore {
  readonly path: string;
  readonly #root: RootDatabase<Buffer, string>;
  readonly #groups: Database<Buffer, number>;
  readonly #stream: Database<Buffer, number>;
  readonly #keyframes: Database<Buffer, number>;
  readonly #packs: Database<Buffer, number>;
  readonly #notes: Database<Buffer, number>;
  readonly #room = new CommitRoom();
  /** Null for one who only reads. */
  readonly #gate: CommitGate | null;

  private constructor(path: string, options: StoreOptions) {
    this.path = path;
    const { open } = lmdb();
    this.#root = openBetweenCommits(path, () =>
      open<Buffer, string>({
        path,
        noSubdir: false,
        maxDbs: 8,
        encoding: "binary",
        readOnly: !options.write,
        overlappingSync: false,
        noSync: options.durability === "none",
      }),
    );
    // Behind it: opening may fail, and is tried again.
    this.#gate = options.write ? new CommitGate(path) : null;
    this.#groups = this.#part("groups");
    this.#stream = this.#part("stream");
    this.#keyframes = this.#part("keyframes");
    this.#packs = this.#part("packs");
    this.#notes = this.#part("notes");
  }

  #part(name: string): Database<Buffer, number> {
    const part = this.#root.openDB<Buffer, number>({ name, encoding: "binary" });
    // The library's types do not say so, but a part that is not there and may not be made is undefined.
    if ((part as unknown) !== undefined) return part;
    const wasBeingMade = [...this.#root.getKeys()].every((key) => STORE_PARTS.includes(key));
    this.close();
    throw wasBeingMade ? notBegun(this.path) : new Error(`its part "${name}" is missing`);
  }

  /** A new, empty recording. The path must not exist or be an empty directory. */
  static create(path: string, durability: Durability): RecordingStore {
    if (existsSync(join(path, "data.mdb"))) {
      throw new RecordingRefused(
        path,
        "a recording is there already",
        "choose another --record PATH, or remove it",
      );
    }
    makePlace(path, path);
    if (readdirSync(path).length > 0) {
      throw new RecordingRefused(path, "the directory is not empty", "choose another --record PATH");
    }
    try {
      assureFirstRoom(path);
      const store = new RecordingStore(path, { write: true, durability });
      store.commit(() => store.#put(store.#root, "format", formatOf(STORE_VERSION)));
      return store;
    } catch (error) {
      rmSync(path, { recursive: true, force: true });
      throw asStoreFailed(path, error);
    }
  }

  static open(path: string, options: StoreOptions): RecordingStore {
    if (!existsSync(join(path, "data.mdb"))) {
      throw new RecordingRefused(
        path,
        "there is no recording",
        "`foldos run --record PATH` makes one; .foldos/last is the newest",
      );
    }
    judgeParts(path);
    if (statSync(join(path, "data.mdb")).size === 0) throw notBegun(path);
    judgeEnvironment(path, options.thorough === true);
    if (!existsSync(join(path, "lock.mdb"))) assureFirstRoom(path);
    const store = openPatiently(path, () => new RecordingStore(path, options));
    const format = store.#root.get("format");
    const version = format === undefined ? null : versionOf(format);
    if (version === STORE_VERSION) return store;
    const isEmpty = format === undefined && store.note("run") === null && store.lastGroup() === null;
    store.close();
    if (isEmpty) throw notBegun(path);
    if (version === null)
      throw new RecordingRefused(path, "this is no recording of Foldos", "check the path");
    throw new RecordingRefused(
      path,
      `it is of version ${version}, and this Foldos reads version ${STORE_VERSION}`,
      otherVersionAdvice(version, STORE_VERSION),
    );
  }

  /** Runs a transaction: all of its writes become durable, or none, and then StoreFailed says why. */
  commit(write: () => void): void {
    invariant(this.#gate !== null, "who only reads does not commit");
    this.#room.begin();
    try {
      this.#gate.pass(() =>
        this.#root.transactionSync(() => {
          write();
          this.#room.demand(this.path);
        }),
      );
    } catch (error) {
      throw asStoreFailed(this.path, error);
    }
  }

  #put<Key extends string | number>(part: Database<Buffer, Key>, key: Key, value: Buffer): void {
    this.#room.take(value.length);
    part.putSync(key, value);
  }

  /** Lets reads see what has been committed since the last one. */
  refresh(): void {
    this.#root.resetReadTxn();
  }

  putGroup(firstSeq: number, record: Uint8Array): void {
    this.#put(this.#groups, firstSeq, packed(record));
  }

  /** The record that holds an event, or the first after it. */
  groupAt(seq: number): Uint8Array | null {
    for (const { value } of this.#groups.getRange({ start: seq, reverse: true, limit: 1 }))
      return unpacked(value);
    return null;
  }

  lastGroup(): Uint8Array | null {
    for (const { value } of this.#groups.getRange({ reverse: true, limit: 1 })) return unpacked(value);
    return null;
  }

  /** The first event of the last group; -1 if there is none. */
  lastGroupSeq(): number {
    for (const seq of this.#groups.getKeys({ reverse: true, limit: 1 })) return seq;
    return -1;
  }

  /** The groups whose first event is at or behind a seq, in order. */
  *groupsFrom(firstSeq: number): Generator<Uint8Array> {
    for (const { value } of this.#groups.getRange({ start: firstSeq })) yield unpacked(value);
  }

  putStream(position: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += STREAM_RECORD_BYTES) {
      const part = bytes.subarray(at, at + STREAM_RECORD_BYTES);
      this.#put(this.#stream, position + at, Buffer.from(part.buffer, part.byteOffset, part.length));
    }
  }

  /** The stream record that holds the byte at a position, with its own position. */
  streamAt(position: number): { readonly position: number; readonly bytes: Uint8Array } | null {
    for (const { key, value } of this.#stream.getRange({ start: position, reverse: true, limit: 1 })) {
      return key + value.length > position ? { position: key, bytes: asBytes(value) } : null;
    }
    return null;
  }

  putKeyframe(keyframe: StoredKeyframe): void {
    this.#put(this.#keyframes, keyframe.seq, keyframeRecord(keyframe));
  }

  /** The last keyframe at or before a seq. */
  keyframeAt(seq: number): StoredKeyframe | null {
    for (const { key, value } of this.#keyframes.getRange({ start: seq, reverse: true, limit: 1 }))
      return keyframeOf(key, value);
    return null;
  }

  /** The keyframes at or before a seq that have an image, the last one first. */
  *imagesBefore(seq: number): Generator<StoredKeyframe> {
    for (const { key, value } of this.#keyframes.getRange({ start: seq, reverse: true }))
      if (hasImage(value)) yield keyframeOf(key, value);
  }

  *keyframesFrom(seq: number): Generator<StoredKeyframe> {
    for (const { key, value } of this.#keyframes.getRange({ start: seq })) yield keyframeOf(key, value);
  }

  /** Keeps a pack of pages under the number of its first page. */
  putPack(first: number, pack: Uint8Array): void {
    this.#put(this.#packs, first, packed(pack));
  }

  /** The last pack whose first page has at most this number. */
  packAt(number: number): StoredPack | null {
    for (const { key, value } of this.#packs.getRange({ start: number, reverse: true, limit: 1 }))
      return { first: key, bytes: unpacked(value) };
    return null;
  }

  /** Keeps what the index says of the group that begins with an event. */
  putNotes(firstSeq: number, notes: Uint8Array): void {
    this.#put(this.#notes, firstSeq, Buffer.from(notes.buffer, notes.byteOffset, notes.length));
  }

  /** What the index says of each group whose first event is at or behind a seq, in order. */
  *notesFrom(firstSeq: number): Generator<StoredNotes> {
    for (const { key, value } of this.#notes.getRange({ start: firstSeq }))
      yield { firstSeq: key, notes: asBytes(value) };
  }

  setNote(name: string, value: unknown): void {
    this.commit(() => this.#put(this.#root, `note:${name}`, Buffer.from(JSON.stringify(value))));
  }

  note(name: string): unknown {
    const value = this.#root.get(`note:${name}`);
    return value === undefined ? null : JSON.parse(value.toString("utf8"));
  }

  programPath(sha: string): string {
    return programPath(this.path, sha);
  }

  program(sha: string): Uint8Array {
    return programBeside(this.path, sha);
  }

  close(): void {
    void this.#root.close();
    this.#gate?.close();
  }
}
