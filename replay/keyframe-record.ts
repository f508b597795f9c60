/**
 * How a keyframe lies in the store, under its seq:
 *
 *   keyframe := address number (image's number, image's address)?     numbers of 8 bytes
 */
import { ADDRESS_BYTES } from "../core/state-tags.ts";
import type { ImageNode } from "./machine-image.ts";

export interface StoredKeyframe {
  readonly seq: number;
  /** The hash of the state. */
  readonly address: Uint8Array;
  /** The number of the page that is the state's root. */
  readonly root: number;
  /** The root of the image that was taken of the guests then; null if there is none. */
  readonly image: ImageNode | null;
}

const PLAIN_BYTES = ADDRESS_BYTES + 8;
const IMAGED_BYTES = PLAIN_BYTES + 8 + ADDRESS_BYTES;

export const hasImage = (record: Buffer): boolean => record.length === IMAGED_BYTES;

/** A keyframe by its record. One that is none has no root that is there. */
export function keyframeOf(seq: number, record: Buffer): StoredKeyframe {
  const bytes = new Uint8Array(record.buffer, record.byteOffset, record.length);
  const address = bytes.subarray(0, ADDRESS_BYTES);
  if (record.length !== PLAIN_BYTES && !hasImage(record)) return { seq, address, root: -1, image: null };
  const root = Number(record.readBigUInt64BE(ADDRESS_BYTES));
  if (!hasImage(record)) return { seq, address, root, image: null };
  const image = {
    number: Number(record.readBigUInt64BE(PLAIN_BYTES)),
    address: bytes.subarray(PLAIN_BYTES + 8),
  };
  return { seq, address, root, image };
}

export function keyframeRecord({ address, root, image }: StoredKeyframe): Buffer {
  const record = Buffer.alloc(image === null ? PLAIN_BYTES : IMAGED_BYTES);
  record.set(address);
  record.writeBigUInt64BE(BigInt(root), ADDRESS_BYTES);
  if (image !== null) {
    record.writeBigUInt64BE(BigInt(image.number), PLAIN_BYTES);
    record.set(image.address, PLAIN_BYTES + 8);
  }
  return record;
}
