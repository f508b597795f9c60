import { utf8Length, writeUtf8 } from "./utf8.ts";

/** Writes a whole number from 0 to 2^53 - 1 where there is room for 8 bytes. The offset behind it. */
export function putUint(bytes: Uint8Array, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  while (rest > 0x7fffffff) {
    bytes[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/** A growing buffer of bytes. Integers are LEB128 varints of at most 53 bits. */
export class ByteWriter {
  bytes: Uint8Array;
  /** Where the next byte goes. */
  length = 0;
  /** Where what was written begins. */
  start = 0;
  /** Up to where `bytes` may be written; beyond, they are copied into a larger array. */
  limit: number;

  constructor(capacity = 4096) {
    this.bytes = new Uint8Array(capacity);
    this.limit = capacity;
  }

  reserve(size: number): void {
    if (this.length + size <= this.limit) return;
    const used = this.length - this.start;
    const grown = new Uint8Array((used + size) * 2);
    grown.set(this.bytes.subarray(this.start, this.length));
    this.bytes = grown;
    this.limit = grown.length;
    this.start = 0;
    this.length = used;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1. */
  uint(value: number): void {
    this.reserve(8);
    this.length = putUint(this.bytes, this.length, value);
  }

  /** A whole number of at most 52 bits and its sign, zigzag. */
  sint(value: number): void {
    this.uint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  text(value: string): void {
    const size = utf8Length(value);
    this.uint(size);
    this.reserve(size);
    this.length = writeUtf8(value, this.bytes, this.length);
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was written, as a view that the next write may change. */
  view(): Uint8Array {
    return this.bytes.subarray(this.start, this.length);
  }
}
