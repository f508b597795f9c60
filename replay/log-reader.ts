/** Reads a recording's events in order, group by group, and verifies the chain of hashes on the way if asked to. */
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { eventsOf, followsHash, GENESIS, type Group, HASH_BYTES, parseGroup } from "./group.ts";
import { RecordingRefused } from "./recording-refused.ts";
import type { RecordingStore } from "./recording-store.ts";
import { STREAM_RECORD_BYTES } from "./recording-store.ts";

/** The group that begins at or before a seq and holds it; refuses one whose bytes are damaged. */
export function groupHolding(store: RecordingStore, seq: number): Group | null {
  const record = store.groupAt(seq);
  return record === null ? null : soundGroup(store, record);
}

export function soundGroup(store: RecordingStore, record: Uint8Array): Group {
  const group = parseGroup(record);
  if (group.ok) return group.value;
  throw damaged(store, `a group of events is damaged (${group.error.what})`);
}

export function soundEvents(store: RecordingStore, group: Group): readonly KernelEvent[] {
  const events = eventsOf(group);
  if (events.ok) return events.value;
  throw damaged(store, `the group at event ${group.header.firstSeq} is damaged (${events.error.what})`);
}

export const damaged = (store: RecordingStore, what: string): RecordingRefused =>
  new RecordingRefused(store.path, what, "it was changed after it was recorded; use a copy that was not");

/** The hash that the group which begins at a seq follows. */
export function hashBefore(store: RecordingStore, firstSeq: number): Uint8Array {
  if (firstSeq === 0) return GENESIS;
  const record = store.groupAt(firstSeq - 1);
  if (record === null || record.length < HASH_BYTES)
    throw damaged(store, `the events before ${firstSeq} are missing`);
  const { header, hash } = soundGroup(store, record);
  if (header.firstSeq + header.count === firstSeq) return hash;
  throw damaged(store, `events ${header.firstSeq + header.count} to ${firstSeq - 1} are missing`);
}

/** The bytes that a group brought, record by record. */
export function* streamOf(store: RecordingStore, group: Group): Generator<Uint8Array> {
  const { streamStart, streamEnd } = group.header;
  for (let at = streamStart; at < streamEnd; ) {
    const record = store.streamAt(at);
    if (record === null) throw damaged(store, `the bytes at ${at} of the stream are missing`);
    const from = at - record.position;
    const part = record.bytes.subarray(
      from,
      Math.min(record.bytes.length, from + STREAM_RECORD_BYTES, from + streamEnd - at),
    );
    yield part;
    at += part.length;
  }
}

/** Refuses a group that does not follow the one before, or whose bytes are not those that it brought. */
export function verifyGroup(store: RecordingStore, group: Group, before: Uint8Array, seq: number): void {
  if (group.header.firstSeq !== seq)
    throw damaged(store, `events ${seq} to ${group.header.firstSeq - 1} are missing`);
  if (followsHash(group, before, [...streamOf(store, group)])) return;
  throw damaged(store, `the group at event ${seq} is not what was recorded: its hash differs`);
}

/** The seq behind the last event, and the hash of the last group. */
export function endOf(store: RecordingStore): { readonly seq: number; readonly hash: Uint8Array } {
  const record = store.lastGroup();
  if (record === null) return { seq: 0, hash: GENESIS };
  const { header, hash } = soundGroup(store, record);
  return { seq: header.firstSeq + header.count, hash: hash.slice() };
}

/** All events from one seq up to, but not including, another. Refuses a log in which some of them are missing. */
export function* eventsBetween(store: RecordingStore, from: number, to: number): Generator<KernelEvent> {
  if (from >= to) return;
  const first = groupHolding(store, from);
  let next = first === null ? from : first.header.firstSeq;
  for (const record of store.groupsFrom(next)) {
    if (next >= to) return;
    const group = soundGroup(store, record);
    const { firstSeq } = group.header;
    if (firstSeq !== next) throw damaged(store, `events ${next} to ${firstSeq - 1} are missing`);
    for (const event of soundEvents(store, group)) {
      if (event.seq >= to) return;
      if (event.seq >= from) yield event;
    }
    next += group.header.count;
  }
}
