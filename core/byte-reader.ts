import { readUtf8 } from "./utf8.ts";

/** Bytes that do not say what they should. Caught at the edge that called the reader, and told with the offset. */
export class MalformedBytes extends Error {
  override readonly name = "MalformedBytes";
  readonly offset: number;
  constructor(offset: number, expected: string) {
    super(`at byte ${offset}: expected ${expected}`);
    this.offset = offset;
  }
}

/** Reads what a ByteWriter wrote, from bytes that nobody vouches for. */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  refuse(expected: string): never {
    throw new MalformedBytes(this.offset, expected);
  }

  byte(): number {
    if (this.offset >= this.end) this.refuse("one more byte");
    return this.bytes[this.offset++] as number;
  }

  uint(): number {
    const first = this.bytes[this.offset] as number;
    if (first < 0x80 && this.offset < this.end) {
      this.offset += 1;
      return first;
    }
    return this.longUint();
  }

  private longUint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const next = this.byte();
      value += (next & 0x7f) * scale;
      if (next < 0x80) break;
      scale *= 128;
      if (scale > 2 ** 49) this.refuse("a whole number of at most 53 bits");
    }
    if (value > Number.MAX_SAFE_INTEGER) this.refuse("a whole number of at most 53 bits");
    return value;
  }

  sint(): number {
    const value = this.uint();
    return value % 2 === 0 ? value / 2 : -((value + 1) / 2);
  }

  text(maxBytes: number): string {
    const size = this.uint();
    if (size > maxBytes || this.offset + size > this.end) this.refuse(`a text of at most ${maxBytes} bytes`);
    const text = readUtf8(this.bytes, this.offset, this.offset + size);
    if (text === null) this.refuse("well-formed UTF-8");
    this.offset += size;
    return text;
  }

  raw(size: number): Uint8Array {
    if (size < 0 || this.offset + size > this.end) this.refuse(`${size} more bytes`);
    this.offset += size;
    return this.bytes.subarray(this.offset - size, this.offset);
  }
}
