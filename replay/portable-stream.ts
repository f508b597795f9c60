/**
 * The portable stream: a recording as one file, to keep, to send, to attach to a bug report.
 *
 *   stream  := magic frame*          in this order: header, note, released?, program*, group*, end
 *   frame   := tag length(4) payload checksum(16)
 *   header  := stream's version, group's version
 *   note    := how the machine was run, as JSON
 *   released:= how far effects had left the machine: seq of the next, bytes of it
 *   program := SHA-256 of the module, module
 *   group   := length of the record, record, the bytes of the stream that it brought
 *   end     := events, groups, programs
 *
 * A checksum is the first half of a SHA-256 over the checksum before, the tag, the length and the payload: what was changed, left
 * out, put in or exchanged shows at its frame. Keyframes and index follow from the groups and are made anew. A stream comes from
 * outside: a length is judged before its bytes are read, and memory is taken as they arrive.
 */
import { readSync, writeSync } from "node:fs";
import { sha256 } from "./hash.ts";
import { RecordingRefused } from "./recording-refused.ts";

export const MAGIC = new Uint8Array([0x46, 0x4f, 0x4c, 0x44, 0x4f, 0x53, 0x1a, 0x0a]);
export const STREAM_VERSION = 4;

/** Tags of frames, and the most bytes that a payload of each may have. */
export const frames = {
  header: { tag: 1, maxBytes: 64 },
  note: { tag: 2, maxBytes: 1 << 16 },
  released: { tag: 3, maxBytes: 64 },
  program: { tag: 4, maxBytes: 1 << 29 },
  group: { tag: 5, maxBytes: 1 << 30 },
  end: { tag: 6, maxBytes: 64 },
} as const;

export type FrameName = keyof typeof frames;

const HEAD_BYTES = 5;
const CHECKSUM_BYTES = 16;
const PIECE_BYTES = 1 << 20;

function headOf(name: FrameName, length: number): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  head[0] = frames[name].tag;
  new DataView(head.buffer).setUint32(1, length, true);
  return head;
}

const checksum = (before: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array =>
  sha256(before, ...parts).slice(0, CHECKSUM_BYTES);

/** Writes frames to an open file. */
export class FrameWriter {
  readonly #file: number;
  #checksum: Uint8Array = MAGIC;

  constructor(file: number) {
    this.#file = file;
    this.#write(MAGIC);
  }

  frame(name: FrameName, ...parts: readonly Uint8Array[]): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const head = headOf(name, length);
    this.#checksum = checksum(this.#checksum, head, ...parts);
    for (const part of [head, ...parts, this.#checksum]) this.#write(part);
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
  }
}

export interface Frame {
  readonly name: FrameName;
  readonly payload: Uint8Array;
  /** Where the payload begins in the file. */
  readonly offset: number;
}

/** Reads frames from an open file, and trusts none. Throws RecordingRefused with the offset of what is wrong. */
export class FrameReader {
  readonly #file: number;
  readonly #path: string;
  #checksum: Uint8Array = MAGIC;
  #offset = 0;

  constructor(file: number, path: string) {
    this.#file = file;
    this.#path = path;
    const found = this.#read(MAGIC.length);
    if (Buffer.compare(found, MAGIC) !== 0)
      throw this.refuse(0, "no exported recording begins so", "check the file");
  }

  frame(): Frame {
    const start = this.#offset;
    const head = this.#read(HEAD_BYTES);
    const name = (Object.keys(frames) as FrameName[]).find((each) => frames[each].tag === head[0]);
    if (name === undefined) throw this.refuse(start, `a frame of an unknown kind, ${head[0]}`);
    const length = new DataView(head.buffer, head.byteOffset).getUint32(1, true);
    if (length > frames[name].maxBytes) {
      throw this.refuse(start + 1, `a ${name} of ${length} bytes, and ${frames[name].maxBytes} are allowed`);
    }
    const offset = this.#offset;
    const payload = this.#read(length);
    const found = this.#read(CHECKSUM_BYTES);
    this.#checksum = checksum(this.#checksum, head, payload);
    if (Buffer.compare(found, this.#checksum) === 0) return { name, payload, offset };
    throw this.refuse(start, `the checksum of the ${name} up to byte ${this.#offset} differs`);
  }

  /** Refuses bytes behind the last frame. */
  end(): void {
    if (readSync(this.#file, Buffer.alloc(1)) > 0)
      throw this.refuse(this.#offset, "more bytes behind the end");
  }

  refuse(
    offset: number,
    what: string,
    advice = "it was changed or damaged on its way; get it again",
  ): RecordingRefused {
    return new RecordingRefused(this.#path, `at byte ${offset}: ${what}`, advice);
  }

  #read(length: number): Uint8Array {
    let bytes = new Uint8Array(Math.min(length, PIECE_BYTES));
    let done = 0;
    while (done < length) {
      if (done === bytes.length) bytes = grown(bytes, length);
      const count = readSync(this.#file, bytes, done, bytes.length - done, null);
      if (count === 0) throw this.refuse(this.#offset + done, "the file is cut off", "get the whole file");
      done += count;
    }
    this.#offset += length;
    return bytes;
  }
}

function grown(bytes: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(most, bytes.length * 2));
  larger.set(bytes);
  return larger;
}
