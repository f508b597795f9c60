/**
 * The codec that follows from the declarations. An encoder, a decoder and a constructor are compiled for each type of
 * event when the codec is made, so that the hot path reads and writes fields by name, at known offsets, and every event of a
 * type has one hidden class wherever it came from. (Measured on a million mixed events: 5 to 7 times as fast as encoding
 * objects by msgpackr, one by one, and half the bytes; docs/decisions/0002.)
 *
 *   event    := tag header [cause] [pid] [call] field*   (which capability was used stands last: use-code.ts)
 *   header   := uint (microseconds since the event before * 8 + flags)
 *   flags    := 1 a cause follows, as distance back; 2 another pid than the event before; 4 two bytes of the call follow
 *
 * What an event leaves out stands in the context, which both sides carry along and which a group of events begins with.
 */
import { invariant } from "./assert.ts";
import type { ByteReader } from "./byte-reader.ts";
import { type ByteWriter, putUint } from "./byte-writer.ts";
import { type AnyEvent, type CodecContext, type CompiledEvent, compileEvent } from "./compile-event.ts";
import type { EventDeclarations } from "./event-schema.ts";

export const newCodecContext = (): CodecContext => ({ seq: 0, at: 0, pid: 0, head: 0, by: 0 });

export interface EventCodec<Event, Fact> {
  /** Gives a fact its envelope. */
  seal(fact: Fact, seq: number, at: number, cause: number, pid: number, call: number): Event;
  /** Appends one event and moves the context behind it. */
  encode(writer: ByteWriter, event: Event, context: CodecContext): void;
  /** Gives a fact its envelope, with the context's next seq, and appends it: `seal` and `encode` in one. */
  append(
    writer: ByteWriter,
    fact: Fact,
    context: CodecContext,
    at: number,
    cause: number,
    pid: number,
    call: number,
  ): Event;
  /** Reads one event and moves the context behind it. Throws MalformedBytes. */
  decode(reader: ByteReader, context: CodecContext): Event;
}

const HAS_CAUSE = 1;
const OTHER_PID = 2;
const ANSWERS = 4;

/** What the header takes at most: tag, time, cause, pid and two bytes of the call. */
const HEADER_BYTES = 32;

const envelope = ["type", "seq", "at", "cause", "pid", "call"];

function compileAll(declarations: EventDeclarations): {
  byType: Map<string, CompiledEvent>;
  byTag: (CompiledEvent | undefined)[];
} {
  const byType = new Map<string, CompiledEvent>();
  const byTag: (CompiledEvent | undefined)[] = [];
  for (const [type, declaration] of Object.entries(declarations)) {
    invariant(byTag[declaration.tag] === undefined, `tag ${declaration.tag} belongs to one type of event`);
    const taken = envelope.find((name) => Object.hasOwn(declaration.fields, name));
    invariant(taken === undefined, `${type} has no field that is called as one of the envelope, ${taken}`);
    const compiled = compileEvent(type, declaration);
    byType.set(type, compiled);
    byTag[declaration.tag] = compiled;
  }
  return { byType, byTag };
}

function encodeEvent(
  compiled: CompiledEvent,
  writer: ByteWriter,
  event: AnyEvent,
  context: CodecContext,
): void {
  const { at, pid, cause, call } = event;
  invariant(at >= context.at, "kernel time does not go back");
  writer.reserve(HEADER_BYTES);
  const { bytes } = writer;
  let offset = writer.length;
  const flags =
    (cause < 0 ? 0 : HAS_CAUSE) | (pid === context.pid ? 0 : OTHER_PID) | (call < 0 ? 0 : ANSWERS);
  bytes[offset] = compiled.tag;
  offset = putUint(bytes, offset + 1, (at - context.at) * 8 + flags);
  if (cause >= 0) offset = putUint(bytes, offset, event.seq - cause);
  if (pid !== context.pid) offset = putUint(bytes, offset, pid);
  if (call >= 0) {
    bytes[offset] = call & 0xff;
    bytes[offset + 1] = call >>> 8;
    offset += 2;
  }
  writer.length = offset;
  compiled.encode(writer, event, context);
  context.seq = event.seq + 1;
  context.at = at;
  context.pid = pid;
}

function decodeEvent(
  byTag: readonly (CompiledEvent | undefined)[],
  reader: ByteReader,
  context: CodecContext,
): AnyEvent {
  const compiled = byTag[reader.byte()];
  if (compiled === undefined) reader.refuse("a type of event that this version knows");
  const header = reader.uint();
  const flags = header % 8;
  const seq = context.seq;
  const at = context.at + Math.floor(header / 8);
  if (at > Number.MAX_SAFE_INTEGER) reader.refuse("a kernel time of at most 53 bits");
  const back = flags & HAS_CAUSE ? reader.uint() : 0;
  if (back > seq || ((flags & HAS_CAUSE) !== 0 && back === 0)) reader.refuse("a cause before the event");
  const pid = flags & OTHER_PID ? reader.uint() : context.pid;
  const call = flags & ANSWERS ? reader.byte() + reader.byte() * 256 : -1;
  context.seq = seq + 1;
  context.at = at;
  context.pid = pid;
  return compiled.decode(reader, context, seq, at, back > 0 ? seq - back : -1, pid, call);
}

export function makeEventCodec<Event extends AnyEvent, Fact extends { readonly type: string }>(
  declarations: EventDeclarations,
): EventCodec<Event, Fact> {
  const { byType, byTag } = compileAll(declarations);
  const compiledFor = (type: string): CompiledEvent => {
    const found = byType.get(type);
    invariant(found !== undefined, `events of type ${type} are declared`);
    return found;
  };
  return {
    seal: (fact, seq, at, cause, pid, call) =>
      compiledFor(fact.type).seal(fact, seq, at, cause, pid, call) as Event,
    append(writer, fact, context, at, cause, pid, call) {
      const compiled = compiledFor(fact.type);
      const event = compiled.seal(fact, context.seq, at, cause, pid, call);
      encodeEvent(compiled, writer, event, context);
      return event as Event;
    },
    encode: (writer, event, context) => encodeEvent(compiledFor(event.type), writer, event, context),
    decode: (reader, context) => decodeEvent(byTag, reader, context) as Event,
  };
}
