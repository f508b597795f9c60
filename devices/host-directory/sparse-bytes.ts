const BLOCK_BYTES = 4096;

/** Contents of a model's file: as large as it says, with memory only for what was written. */
export class SparseBytes {
  #size = 0;
  readonly #blocks = new Map<number, Uint8Array>();

  get size(): number {
    return this.#size;
  }

  write(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const number = Math.floor((offset + done) / BLOCK_BYTES);
      const start = offset + done - number * BLOCK_BYTES;
      const part = bytes.subarray(done, done + BLOCK_BYTES - start);
      const block = this.#blocks.get(number) ?? new Uint8Array(BLOCK_BYTES);
      block.set(part, start);
      this.#blocks.set(number, block);
      done += part.length;
    }
    if (bytes.length > 0) this.#size = Math.max(this.#size, offset + bytes.length);
  }

  /** A stretch, with zeros for what was never written and for what lies behind the end. */
  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const number = Math.floor((offset + done) / BLOCK_BYTES);
      const start = offset + done - number * BLOCK_BYTES;
      const size = Math.min(length - done, BLOCK_BYTES - start);
      const block = this.#blocks.get(number);
      if (block !== undefined) bytes.set(block.subarray(start, start + size), done);
      done += size;
    }
    return bytes;
  }

  resize(size: number): void {
    for (const [number, block] of this.#blocks) {
      const kept = size - number * BLOCK_BYTES;
      if (kept <= 0) this.#blocks.delete(number);
      else if (kept < BLOCK_BYTES) block.fill(0, kept);
    }
    this.#size = size;
  }
}
