/**
 * A guest that was written down, as it lies in a recording: all of it but its pages.
 *
 *   record := version entry status begunAt ticksLeft ticksUsed memoryPages call answer
 *             stack references globals globalReferences dropped tables
 *
 * What is read comes from outside. It is judged here as far as it can be without the program: see judgeImage for the rest.
 */
import { ByteReader } from "../core/byte-reader.ts";
import type { ByteWriter } from "../core/byte-writer.ts";
import { invariant } from "../core/assert.ts";
import { MAX_REFERENCES } from "../guests/transform/layout.ts";
import type { PendingCall, ProcessImage, Values } from "../guests/suspendable/process-image.ts";

/** All of an image but what its pages are. */
export interface GuestRecord {
  /** Ticks that it had used when its turn began. */
  readonly begunAt: number;
  readonly image: Omit<ProcessImage, "pages" | "freshPages">;
}

const statuses = ["ready", "preempted", "waiting"] as const;
const MAX_MEMORY_PAGES = 65_536;
const MAX_NAME_BYTES = 256;
const MAX_FUNCTION = 2 ** 31 - 1;

function writeWord(writer: ByteWriter, value: bigint): void {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  writer.raw(bytes);
}

/** With a sign, as instances give theirs: see InstanceState. */
function readWord(reader: ByteReader): bigint {
  const bytes = reader.raw(8);
  return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
}

/** 0 or 1, so that there is one way to write an image. */
function readFlag(reader: ByteReader): boolean {
  const flag = reader.byte();
  if (flag > 1) reader.refuse("0 or 1");
  return flag === 1;
}

/** The number of a function, or -1. */
function readFunction(reader: ByteReader): number {
  const number = reader.sint();
  if (number < -1 || number > MAX_FUNCTION) reader.refuse("the number of a function");
  return number;
}

function writeList<Item>(writer: ByteWriter, items: readonly Item[], write: (item: Item) => void): void {
  writer.uint(items.length);
  for (const item of items) write(item);
}

function readList<Item>(reader: ByteReader, read: () => Item, most = Number.MAX_SAFE_INTEGER): Item[] {
  const count = reader.uint();
  if (count > most) reader.refuse(`a list of at most ${most}`);
  // Each takes a byte at least.
  if (count > reader.end - reader.offset) reader.refuse("a list that the bytes have room for");
  return Array.from({ length: count }, read);
}

export function writeGuestRecord(writer: ByteWriter, { begunAt, image }: GuestRecord): void {
  writer.uint(image.version);
  writer.sint(image.entry);
  writer.byte(statuses.indexOf(image.status));
  writer.uint(begunAt);
  writer.sint(image.ticksLeft);
  writer.uint(image.ticksUsed);
  writer.uint(image.memoryPages);
  writeCall(writer, image.call);
  writeAnswer(writer, image.answer);
  writer.uint(image.stack.length);
  writer.raw(image.stack);
  writeList(writer, image.references, (number) => writer.sint(number));
  writeList(writer, image.globals, ([index, low, high]) => {
    writer.uint(index);
    writeWord(writer, low);
    writeWord(writer, high);
  });
  writeList(writer, image.globalReferences, ([index, number]) => {
    writer.uint(index);
    writer.sint(number);
  });
  writeList(writer, image.dropped, (name) => writer.text(name));
  writer.byte(image.tables === null ? 0 : 1);
  if (image.tables !== null)
    writeList(writer, image.tables, (table) =>
      writeList(writer, [...table], (number) => writer.sint(number)),
    );
}

/** The record at the reader's place; throws MalformedBytes. */
export function readGuestRecord(reader: ByteReader): GuestRecord {
  const version = reader.uint();
  const entry = reader.sint();
  const status = statuses[reader.byte()] ?? reader.refuse("how a guest rests");
  const begunAt = reader.uint();
  const ticksLeft = reader.sint();
  const ticksUsed = reader.uint();
  if (ticksUsed < begunAt) reader.refuse("a turn that began before now");
  const memoryPages = reader.uint();
  if (memoryPages > MAX_MEMORY_PAGES) reader.refuse(`at most ${MAX_MEMORY_PAGES} pages of memory`);
  const call = readCall(reader);
  const answer = readAnswer(reader);
  const stack = reader.raw(reader.uint()).slice();
  const references = readList(reader, () => readFunction(reader), MAX_REFERENCES);
  const globals = readList(reader, () => [reader.uint(), readWord(reader), readWord(reader)] as const);
  const globalReferences = readList(reader, () => [reader.uint(), readFunction(reader)] as const);
  const dropped = readList(reader, () => reader.text(MAX_NAME_BYTES));
  const tables = readFlag(reader)
    ? readList(reader, () => Int32Array.from(readList(reader, () => readFunction(reader))))
    : null;
  const how = { version, entry, status, stack, references, call, answer, ticksLeft, ticksUsed, memoryPages };
  return { begunAt, image: { ...how, globals, globalReferences, dropped, tables } };
}

function writeCall(writer: ByteWriter, call: PendingCall | null): void {
  writer.byte(call === null ? 0 : 1);
  if (call === null) return;
  writer.uint(call.index);
  writeList(writer, call.args, (value) => {
    writer.byte(typeof value === "number" ? 0 : 1);
    if (typeof value === "number") writer.sint(value);
    else writeWord(writer, value);
  });
}

function readCall(reader: ByteReader): PendingCall | null {
  if (!readFlag(reader)) return null;
  const index = reader.uint();
  const args = readList(reader, () => (readFlag(reader) ? readWord(reader) : reader.sint()));
  return { index, args };
}

/** What calls of WASI answer: an errno, or nothing at all. */
function writeAnswer(writer: ByteWriter, answer: Values): void {
  writer.byte(answer === undefined ? 0 : 1);
  if (answer === undefined) return;
  invariant(typeof answer === "number", "a call of WASI is answered by an errno");
  writer.sint(answer);
}

const readAnswer = (reader: ByteReader): Values => (readFlag(reader) ? reader.sint() : undefined);
