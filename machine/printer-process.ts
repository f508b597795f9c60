/**
 * The printer: a process that prints for a machine, and notes each piece that it printed. Printing and noting are two system calls,
 * and a machine that is killed between them would print again when it is resumed; the printer is not the process that is killed.
 * What reached it whole is printed and noted, whatever becomes of its machine; what did not was never printed. It ends when its
 * machine's end of the messages is closed, and nothing is left.
 *
 * A stream that cannot be written to is told, and what else is for it is dropped, but noted. If nobody hears that, it stays due.
 *
 * It imports nothing that takes time to load: it stands between a program and the first that is seen of it.
 */
import { readSync, writeSync } from "node:fs";
import { ANSWER_BYTES, descriptors, HEADER_BYTES, NOTE_BYTES } from "./printer-wire.ts";

const CHUNK_BYTES = 1 << 16;
const BUSY_RETRY_MILLIS = 2;
/** A reader that is so slow is told of at once, so that the machine knows that it reads. */
const SLOW_MILLIS = 20;

const failed = new Set<number>();
let isHeard = true;

function printAll(): void {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let held = 0;
  for (;;) {
    const count = readSync(descriptors.messages, chunk, held, CHUNK_BYTES - held, null);
    if (count === 0) return;
    held += count;
    const done = printWhole(chunk.subarray(0, held));
    chunk.copyWithin(0, done, held);
    held -= done;
  }
}

/** Prints the messages that are whole, and returns how many bytes they take. */
function printWhole(chunk: Buffer): number {
  let at = 0;
  let note: Buffer | null = null;
  for (let end = endOf(chunk, at); end <= chunk.length; end = endOf(chunk, at)) {
    const from = performance.now();
    note = chunk.subarray(at, at + NOTE_BYTES);
    print(wordAt(chunk, at + NOTE_BYTES), chunk.subarray(at + HEADER_BYTES, end), note);
    writeSync(descriptors.note, note, 0, NOTE_BYTES, 0);
    at = end;
    if (performance.now() - from < SLOW_MILLIS) continue;
    answer(note, 0, 0);
    note = null;
  }
  if (note !== null) answer(note, 0, 0);
  return at;
}

const numbers = new Uint32Array(1);
const numberBytes = Buffer.from(numbers.buffer);

function wordAt(chunk: Buffer, at: number): number {
  chunk.copy(numberBytes, 0, at, at + 4);
  return numbers[0] as number;
}

/** Where the message that begins there ends; beyond the chunk if that cannot be said yet. */
const endOf = (chunk: Buffer, at: number): number =>
  at + HEADER_BYTES + (chunk.length < at + HEADER_BYTES ? 0 : wordAt(chunk, at + NOTE_BYTES + 4));

function print(stream: number, bytes: Buffer, note: Buffer): void {
  try {
    if (!failed.has(stream)) return writeWhole(stream, bytes);
  } catch (error) {
    failed.add(stream);
    answer(note, stream, Math.abs((error as NodeJS.ErrnoException).errno ?? 0));
  }
  // Nobody will tell the program that its output is closed: a later reader has this piece.
  if (!isHeard) process.exit();
}

/** Writes all of the bytes, waiting while the reader is busy. */
function writeWhole(stream: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(stream, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_RETRY_MILLIS);
    }
  }
}

/** Tells the machine what happened, if it is still there. */
function answer(note: Buffer, stream: number, errorNumber: number): void {
  if (!isHeard) return;
  const bytes = Buffer.concat([note, Buffer.from(Uint32Array.of(stream, errorNumber).buffer)]);
  try {
    for (let done = 0; done < ANSWER_BYTES; ) done += writeSync(descriptors.answers, bytes, done);
  } catch {
    isHeard = false;
  }
}

// What ends its machine does not end what was printed by it.
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => {});
try {
  printAll();
  process.exitCode = 0;
} catch {
  // The machine sees that it ended, and says so.
  process.exitCode = 1;
}
process.exit();
