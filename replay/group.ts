/**
 * A group: the unit in which events become durable, and the unit of the portable stream. It says where it begins (seq, time,
 * pid, capability and byte stream), so it is decoded on its own; it ends with a hash over the group before, itself and its bytes, so an edit
 * anywhere shows.
 *
 *   group := version firstSeq count at pid by streamStart streamEnd  events  hash(32)
 */
import { ByteReader, MalformedBytes } from "../core/byte-reader.ts";
import { ByteWriter } from "../core/byte-writer.ts";
import type { CodecContext } from "../core/compile-event.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { kernelCodec, type KernelEvent } from "../reducers/kernel-event.ts";
import { sha256 } from "./hash.ts";

export const GROUP_VERSION = 2;
export const HASH_BYTES = 32;
/** The hash before the first group. */
export const GENESIS = new Uint8Array(HASH_BYTES);
/** Events of one group: more are never written. */
export const MAX_GROUP_EVENTS = 1 << 20;

export interface GroupHeader {
  readonly firstSeq: number;
  readonly count: number;
  /** Kernel time and pid of the event before the group, and the capability that was used last. */
  readonly at: number;
  readonly pid: number;
  readonly by: number;
  /** The stretch of the byte stream that the group's events brought. */
  readonly streamStart: number;
  readonly streamEnd: number;
}

export interface Group {
  readonly header: GroupHeader;
  /** The encoded events. */
  readonly body: Uint8Array;
  readonly hash: Uint8Array;
}

/** Why bytes are no group: what was expected, and at which byte of them. */
export interface GroupRefusal {
  readonly offset: number;
  readonly what: string;
}

function encodeHeader(header: GroupHeader): Uint8Array {
  const writer = new ByteWriter(64);
  writer.byte(GROUP_VERSION);
  for (const field of [
    header.firstSeq,
    header.count,
    header.at,
    header.pid,
    header.by,
    header.streamStart,
    header.streamEnd,
  ]) {
    writer.uint(field);
  }
  return writer.view().slice();
}

interface Sealed {
  readonly record: Uint8Array;
  readonly hash: Uint8Array;
}

/** A group's record, with the hash that chains it to the one before. `bytes` is its stretch of the byte stream. */
export function sealGroup(
  before: Uint8Array,
  header: GroupHeader,
  body: Uint8Array,
  bytes: readonly Uint8Array[],
): Sealed {
  const head = encodeHeader(header);
  const hash = sha256(before, head, body, ...bytes);
  const record = new Uint8Array(head.length + body.length + HASH_BYTES);
  record.set(head);
  record.set(body, head.length);
  record.set(hash, head.length + body.length);
  return { record, hash };
}

/** Whether a group follows the one with this hash, and brought these bytes. */
export function followsHash(group: Group, before: Uint8Array, bytes: readonly Uint8Array[]): boolean {
  const expected = sha256(before, encodeHeader(group.header), group.body, ...bytes);
  return Buffer.compare(expected, group.hash) === 0;
}

export function parseGroup(record: Uint8Array): Result<Group, GroupRefusal> {
  return guarded(() => {
    const reader = new ByteReader(record, 0, record.length - HASH_BYTES);
    const version = reader.byte();
    if (version !== GROUP_VERSION) reader.refuse(`a group of version ${GROUP_VERSION}, not ${version}`);
    const firstSeq = reader.uint();
    const count = reader.uint();
    const at = reader.uint();
    const pid = reader.uint();
    const by = reader.uint();
    const streamStart = reader.uint();
    const streamEnd = reader.uint();
    if (count === 0 || count > MAX_GROUP_EVENTS) reader.refuse(`1 to ${MAX_GROUP_EVENTS} events`);
    if (streamEnd < streamStart) reader.refuse("a stretch of the byte stream");
    const header = { firstSeq, count, at, pid, by, streamStart, streamEnd };
    // Numbers can be written in several ways, and the hash is of one of them.
    if (encodeHeader(header).length !== reader.offset) reader.refuse("numbers as short as they can be");
    return {
      header,
      body: record.subarray(reader.offset, record.length - HASH_BYTES),
      hash: record.subarray(record.length - HASH_BYTES),
    };
  });
}

export const contextOf = (header: GroupHeader): CodecContext => ({
  seq: header.firstSeq,
  at: header.at,
  pid: header.pid,
  head: header.streamStart,
  by: header.by,
});

/** Decodes all events of a group. */
export function eventsOf(group: Group): Result<readonly KernelEvent[], GroupRefusal> {
  return guarded(() => {
    const reader = new ByteReader(group.body);
    const context = contextOf(group.header);
    const events: KernelEvent[] = [];
    for (let index = 0; index < group.header.count; index += 1)
      events.push(kernelCodec.decode(reader, context));
    if (reader.offset !== reader.end)
      reader.refuse(`the end of the group after ${group.header.count} events`);
    if (context.head !== group.header.streamEnd)
      reader.refuse("events that bring the bytes that the header says");
    return events;
  });
}

function guarded<Value>(read: () => Value): Result<Value, GroupRefusal> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof MalformedBytes) return fail({ offset: error.offset, what: error.message });
    throw error;
  }
}
