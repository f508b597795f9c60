/**
 * An entry:
 *
 *   entry := magic(8) format(4) transform(4) key(32) fastSize(4) slowSize(4) layoutSize(4)  fast slow layout  sha256(32)
 *
 * Numbers are little-endian; the hash is of all that stands before it. Nothing follows it.
 */
import { TRANSFORM_VERSION } from "../transform/layout.ts";

const MAGIC = "foldosTM";
const FORMAT_VERSION = 1;
/** Up to the sizes: what an entry that is asked for begins with. */
const HEAD_BYTES = 48;
export const HEADER_BYTES = HEAD_BYTES + 12;
export const HASH_BYTES = 32;
/** Larger than what is made of any program that we know (esbuild, 20 MB: 71 MB), and can be held in memory. */
const MAX_ENTRY_BYTES = 512 << 20;

export interface EntrySizes {
  readonly fast: number;
  readonly slow: number;
  readonly layout: number;
}

export const entrySize = ({ fast, slow, layout }: EntrySizes): number =>
  HEADER_BYTES + fast + slow + layout + HASH_BYTES;

export function encodeHeader(key: Uint8Array, sizes: EntrySizes): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  header.set(Buffer.from(MAGIC));
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, TRANSFORM_VERSION, true);
  header.set(key, 16);
  [sizes.fast, sizes.slow, sizes.layout].forEach((size, index) => {
    view.setUint32(HEAD_BYTES + 4 * index, size, true);
  });
  return header;
}

/** The sizes that the header of this key's entry says, or null: it is another's, or of another version. */
export function decodeHeader(header: Uint8Array, key: Uint8Array): EntrySizes | null {
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  const [fast, slow, layout] = [0, 4, 8].map((offset) => view.getUint32(HEAD_BYTES + offset, true));
  const sizes = { fast: fast ?? 0, slow: slow ?? 0, layout: layout ?? 0 };
  return Buffer.compare(encodeHeader(key, sizes), header) === 0 ? sizes : null;
}

/** Whether an entry of this size may be in a cache of that. */
export const fits = (size: number, maxBytes: number): boolean => size <= maxBytes && size <= MAX_ENTRY_BYTES;
