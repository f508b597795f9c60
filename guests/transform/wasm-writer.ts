/** A module's bytes as they are written: one buffer that doubles. What is written may be cut off again, never changed. */
export class WasmWriter {
  #bytes: Uint8Array;
  /** How many bytes are written. */
  length = 0;

  constructor(capacityBytes = 1024) {
    this.#bytes = new Uint8Array(capacityBytes);
  }

  #reserve(count: number): Uint8Array {
    const needed = this.length + count;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, needed));
      grown.set(this.#bytes.subarray(0, this.length));
      this.#bytes = grown;
    }
    return this.#bytes;
  }

  byte(value: number): void {
    this.#reserve(1)[this.length++] = value;
  }

  bytes(...values: readonly number[]): void {
    const target = this.#reserve(values.length);
    for (const value of values) target[this.length++] = value;
  }

  /** A LEB128 number without a sign, of at most 32 bits. */
  u32(value: number): void {
    const target = this.#reserve(5);
    let rest = value;
    while (rest >= 0x80) {
      target[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    target[this.length++] = rest;
  }

  /** A LEB128 number with a sign, of 32 bits. */
  s32(value: number): void {
    const target = this.#reserve(5);
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
      target[this.length++] = isLast ? low : low + 128;
      if (isLast) return;
    }
  }

  /** The number of a type where a block's type stands: like s32, and never negative. */
  s33(value: number): void {
    this.s32(value);
  }

  /** An instruction of one byte with an index. */
  op(opcode: number, index: number): void {
    this.byte(opcode);
    this.u32(index);
  }

  i32Const(value: number): void {
    this.byte(0x41);
    this.s32(value);
  }

  copy(source: Uint8Array, start: number, end: number): void {
    const target = this.#reserve(end - start);
    for (let at = start; at < end; at += 1) target[this.length++] = source[at] as number;
  }

  all(source: Uint8Array): void {
    this.#reserve(source.length).set(source, this.length);
    this.length += source.length;
  }

  name(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.u32(bytes.length);
    this.all(bytes);
  }

  /** What another has written, with its size before it. */
  sized(content: WasmWriter): void {
    this.u32(content.length);
    this.all(content.written());
  }

  section(id: number, content: WasmWriter): void {
    this.byte(id);
    this.sized(content);
  }

  /** Forgets what was written from there on. */
  cut(length: number): void {
    this.length = length;
  }

  clear(): void {
    this.length = 0;
  }

  /** What is written so far: a view, valid until the next byte. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}
