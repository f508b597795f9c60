/**
 * Source code for one type of event: its encoder, decoder and constructor. Numbers are written and read in place, with the offset
 * in a local variable, because a call for each field costs more than the field; what is longer than a byte, and texts, go
 * through the writer and the reader. The names come from our declarations, never from an input.
 */
import { ByteReader } from "./byte-reader.ts";
import { type ByteWriter, putUint } from "./byte-writer.ts";
import {
  type Envelope,
  type EventDeclaration,
  type Field,
  MAX_LIST,
  MAX_TEXT_BYTES,
} from "./event-schema.ts";
import { decodeUse, encodeUse } from "./use-code.ts";

/** What the next event is written against. */
export interface CodecContext {
  seq: number;
  at: number;
  pid: number;
  /** The end of the byte stream: where the next new bytes begin. */
  head: number;
  /** The capability that was used last. */
  by: number;
}

export type AnyEvent = Envelope & { readonly type: string };

export interface CompiledEvent {
  readonly tag: number;
  /** Writes the fields behind the header. */
  readonly encode: (writer: ByteWriter, event: AnyEvent, context: CodecContext) => void;
  readonly decode: (
    reader: ByteReader,
    context: CodecContext,
    seq: number,
    at: number,
    cause: number,
    pid: number,
    call: number,
  ) => AnyEvent;
  readonly seal: (
    fact: { readonly type: string },
    seq: number,
    at: number,
    cause: number,
    pid: number,
    call: number,
  ) => AnyEvent;
}

/** Bytes that a field takes at most, where that is known; a text or a list makes room for itself. */
const NUMBER_BYTES = 8;

const putNumber = (value: string): string =>
  `$n = ${value}; if ($n < 128) $b[$o++] = $n; else $o = putUint($b, $o, $n);`;
const zigzag = (value: string): string => `$s = ${value}; ${putNumber("$s < 0 ? -$s * 2 - 1 : $s * 2")}`;
/** What the writer itself writes; behind it there is room again for `rest` bytes of numbers. */
const throughWriter = (statement: string, rest: number): string =>
  `writer.length = $o; ${statement} writer.reserve(${rest}); $b = writer.bytes; $o = writer.length;`;

function writeField(name: string, { kind }: Field<unknown>, rest: number): string {
  const value = `event.${name}`;
  switch (kind) {
    case "flag":
      return `$b[$o++] = ${value} ? 1 : 0;`;
    case "choice":
      return `$b[$o++] = wordsOf.${name}.indexOf(${value});`;
    case "uint":
      return putNumber(value);
    case "sint":
      return zigzag(value);
    case "use":
      return (
        `if (${value} === context.by) $b[$o++] = 0; ` +
        `else { ${putNumber(`encodeUse(${value}, event.seq)`)} context.by = ${value}; }`
      );
    case "position":
      return zigzag(`context.head - ${value}`);
    case "length":
      return `${putNumber(value)} $n = event.position + ${value}; if ($n > context.head) context.head = $n;`;
    case "text":
      return throughWriter(`writer.text(${value});`, rest);
    case "texts":
    case "uints":
      return throughWriter(
        `writer.uint(${value}.length); for (const item of ${value}) writer.${kind.slice(0, -1)}(item);`,
        rest,
      );
  }
}

const takeNumber = (name: string): string =>
  `let $${name} = $b[$o]; if ($${name} < 128 && $o < $e) $o += 1; ` +
  `else { reader.offset = $o; $${name} = reader.uint(); $o = reader.offset; }`;
const unzigzag = (name: string): string =>
  `$${name} = $${name} % 2 === 0 ? $${name} / 2 : -(($${name} + 1) / 2);`;
const throughReader = (name: string, expression: string): string =>
  `reader.offset = $o; const $${name} = ${expression}; $o = reader.offset;`;

function readField(name: string, { kind }: Field<unknown>): string {
  switch (kind) {
    case "flag":
      return throughReader(name, "readFlag(reader)");
    case "choice":
      return throughReader(name, `readWord(reader, wordsOf.${name})`);
    case "uint":
      return takeNumber(name);
    case "sint":
      return `${takeNumber(name)} ${unzigzag(name)}`;
    case "use":
      return (
        `${takeNumber(name)} if ($${name} === 0) $${name} = context.by; ` +
        `else { $${name} = decodeUse($${name}, seq); if ($${name} < 0) refuseUse(reader); context.by = $${name}; }`
      );
    case "position":
      return (
        `${takeNumber(name)} ${unzigzag(name)} $${name} = context.head - $${name}; ` +
        `if ($${name} < 0 || $${name} > context.head) refusePosition(reader);`
      );
    case "length":
      return (
        `${takeNumber(name)} const $end = $position + $${name}; ` +
        `if ($end > ${Number.MAX_SAFE_INTEGER}) refuseLength(reader); if ($end > context.head) context.head = $end;`
      );
    case "text":
      return throughReader(name, `reader.text(${MAX_TEXT_BYTES})`);
    case "texts":
      return throughReader(name, "readTexts(reader)");
    case "uints":
      return throughReader(name, "readUints(reader)");
  }
}

function readFlag(reader: ByteReader): boolean {
  const byte = reader.byte();
  if (byte > 1) reader.refuse("0 or 1");
  return byte === 1;
}

function readWord(reader: ByteReader, words: readonly string[]): string {
  const index = reader.byte();
  return words[index] ?? reader.refuse(`one of ${words.length} words`);
}

function readList<Item>(reader: ByteReader, readItem: () => Item): readonly Item[] {
  const count = reader.uint();
  if (count > MAX_LIST || count > reader.end - reader.offset)
    reader.refuse("a list that fits into its event");
  const items: Item[] = [];
  for (let index = 0; index < count; index += 1) items.push(readItem());
  return items;
}

const helpers = {
  putUint,
  encodeUse,
  decodeUse,
  readFlag,
  readWord,
  readTexts: (reader: ByteReader) => readList(reader, () => reader.text(MAX_TEXT_BYTES)),
  readUints: (reader: ByteReader) => readList(reader, () => reader.uint()),
  refuseUse: (reader: ByteReader): never => reader.refuse("the id of a capability"),
  refusePosition: (reader: ByteReader): never => reader.refuse("a position within the byte stream"),
  refuseLength: (reader: ByteReader): never => reader.refuse("a length within the byte stream"),
};

/** Which capability was used stands behind all else: in front it would part what repeats, and cost deflate several times as much. */
const isNoUse = ([, { kind }]: readonly [string, Field<unknown>]): boolean => kind !== "use";

const ENVELOPE = "seq, at, cause, pid, call";

export function compileEvent(type: string, declaration: EventDeclaration): CompiledEvent {
  const fields = Object.entries(declaration.fields);
  const written = [...fields.filter(isNoUse), ...fields.filter((field) => !isNoUse(field))];
  const wordsOf = Object.fromEntries(fields.map(([name, field]) => [name, field.words ?? []]));
  const literal = (values: readonly string[]): string =>
    `{ type: ${JSON.stringify(type)}, ${ENVELOPE}${values.map((value) => `, ${value}`).join("")} }`;
  const room = fields.length * NUMBER_BYTES;
  const source = `
    return {
      encode(writer, event, context) {
        writer.reserve(${room});
        let $b = writer.bytes, $o = writer.length, $n = 0, $s = 0;
        ${written.map(([name, field]) => writeField(name, field, room)).join("\n        ")}
        writer.length = $o;
      },
      decode(reader, context, ${ENVELOPE}) {
        const $b = reader.bytes, $e = reader.end;
        let $o = reader.offset;
        ${written.map(([name, field]) => readField(name, field)).join("\n        ")}
        reader.offset = $o;
        return ${literal(fields.map(([name]) => `${name}: $${name}`))};
      },
      seal(fact, ${ENVELOPE}) { return ${literal(fields.map(([name]) => `${name}: fact.${name}`))}; },
    };`;
  const make = new Function("wordsOf", ...Object.keys(helpers), source);
  return { tag: declaration.tag, ...make(wordsOf, ...Object.values(helpers)) };
}
