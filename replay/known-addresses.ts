import { ADDRESS_BYTES } from "../core/state-tags.ts";

/** Numbers of one chunk. */
const CHUNK = 256;
/** More are not kept, which are a million nodes in 33 MiB: the oldest are forgotten, and read again if they are needed. */
const MOST_CHUNKS = 1 << 12;

interface Chunk {
  readonly isKnown: Uint8Array;
  readonly addresses: Uint8Array;
}

/** The addresses of nodes that were looked at, by their numbers; small, as a recording may have millions. */
export class KnownAddresses {
  readonly #chunks = new Map<number, Chunk>();

  get(number: number): Uint8Array | null {
    const chunk = this.#chunks.get(Math.floor(number / CHUNK));
    const place = number % CHUNK;
    if (chunk?.isKnown[place] !== 1) return null;
    return chunk.addresses.subarray(place * ADDRESS_BYTES, (place + 1) * ADDRESS_BYTES);
  }

  set(number: number, address: Uint8Array): void {
    const key = Math.floor(number / CHUNK);
    const chunk = this.#chunks.get(key) ?? this.#newChunk(key);
    chunk.isKnown[number % CHUNK] = 1;
    chunk.addresses.set(address, (number % CHUNK) * ADDRESS_BYTES);
  }

  #newChunk(key: number): Chunk {
    const [oldest] = this.#chunks.keys();
    if (oldest !== undefined && this.#chunks.size >= MOST_CHUNKS) this.#chunks.delete(oldest);
    const chunk = { isKnown: new Uint8Array(CHUNK), addresses: new Uint8Array(CHUNK * ADDRESS_BYTES) };
    this.#chunks.set(key, chunk);
    return chunk;
  }
}
