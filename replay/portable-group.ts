import { ByteReader, MalformedBytes } from "../core/byte-reader.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { eventsOf, followsHash, type Group, type GroupRefusal, parseGroup } from "./group.ts";

/** A group of a portable stream, judged: it follows the last one, and is of whole events. */
interface PortableGroup {
  readonly group: Group;
  readonly record: Uint8Array;
  /** The bytes of the stream that it brought. */
  readonly bytes: Uint8Array;
}

interface Before {
  readonly state: KernelState;
  readonly hash: Uint8Array;
}

export function parsePortableGroup(payload: Uint8Array, before: Before): Result<PortableGroup, GroupRefusal> {
  const reader = new ByteReader(payload);
  try {
    const size = reader.uint();
    const start = reader.offset;
    return judge({ record: reader.raw(size), start, bytes: payload.subarray(reader.offset) }, before);
  } catch (error) {
    if (error instanceof MalformedBytes) return fail({ offset: error.offset, what: error.message });
    throw error;
  }
}

interface Parts {
  readonly record: Uint8Array;
  /** Where the record begins in the payload. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

function judge(
  { record, start, bytes }: Parts,
  { state, hash }: Before,
): Result<PortableGroup, GroupRefusal> {
  const group = parseGroup(record);
  if (!group.ok) return fail({ offset: start + group.error.offset, what: group.error.what });
  const { header, body } = group.value;
  const refuse = (what: string) => fail({ offset: start, what });
  if (header.firstSeq !== state.seq) return refuse(`event ${state.seq} was expected, not ${header.firstSeq}`);
  if (header.at !== state.at) return refuse(`time ${state.at} was expected, not ${header.at}`);
  if (header.streamStart !== state.head)
    return refuse(`bytes from ${state.head} on, not from ${header.streamStart}`);
  const brought = header.streamEnd - header.streamStart;
  if (bytes.length !== brought) {
    return fail({
      offset: start + record.length,
      what: `${brought} bytes that the group brought, not ${bytes.length}`,
    });
  }
  if (!followsHash(group.value, hash, [bytes]))
    return refuse(`the hash of the group at event ${state.seq} differs`);
  const events = eventsOf(group.value);
  if (events.ok) return ok({ group: group.value, record, bytes });
  return fail({
    offset: start + (body.byteOffset - record.byteOffset) + events.error.offset,
    what: events.error.what,
  });
}
