import { readUtf8 } from "../../core/utf8.ts";
import { refuseDamaged } from "./module-refusal.ts";

/**
 * A place in a module's bytes, which nobody vouches for. Everything that runs past `end` is refused with its
 * offset.
 */
export class WasmReader {
  readonly bytes: Uint8Array;
  offset: number;
  /** Where the section ends that is being read. */
  end: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  byte(): number {
    if (this.offset >= this.end) refuseDamaged(this.offset, "a section ends in the middle of an entry");
    return this.bytes[this.offset++] as number;
  }

  /** A LEB128 number of at most 32 bits and 5 bytes (WebAssembly core 5.2.2). */
  u32(): number {
    const start = this.offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const next = this.byte();
      if (shift === 28 && next > 0x0f) break;
      value += (next & 0x7f) * 2 ** shift;
      if (next < 0x80) return value;
    }
    return refuseDamaged(start, "a number is longer than 32 bits");
  }

  /** A LEB128 number that has no meaning here, of at most so many bytes. */
  skipNumber(maxBytes: number): void {
    const last = this.offset + maxBytes - 1;
    while (this.byte() >= 0x80) {
      if (this.offset > last) refuseDamaged(this.offset, `a number is longer than ${maxBytes} bytes`);
    }
  }

  skip(count: number): void {
    if (count > this.end - this.offset) {
      refuseDamaged(
        this.offset,
        `${count} bytes are announced, and the section has ${this.end - this.offset} left`,
      );
    }
    this.offset += count;
  }

  /**
   * How many entries a vector has. Each is at least a byte, so that more than the section's bytes is a lie.
   */
  count(what: string, limit: number): number {
    const start = this.offset;
    const count = this.u32();
    if (count > limit) refuseDamaged(start, `${count} ${what} are announced, and engines take ${limit}`);
    if (count > this.end - this.offset) {
      refuseDamaged(
        start,
        `${count} ${what} are announced, and the section has ${this.end - this.offset} bytes left`,
      );
    }
    return count;
  }

  name(): string {
    const size = this.u32();
    const start = this.offset;
    this.skip(size);
    const text = readUtf8(this.bytes, start, this.offset);
    return text ?? refuseDamaged(start, "a name is not UTF-8");
  }
}
