/**
 * The two forms of a page's bytes. Canonical ones name the pages below by their addresses, so that equal states have equal bytes;
 * stored ones name them by their numbers, as distances back from the page's own, so that they are small.
 */
import { ByteWriter } from "./byte-writer.ts";
import type { Reference } from "./state-pages.ts";
import { ADDRESS_BYTES } from "./state-tags.ts";

/** The stored form of a page that will have this number. */
export function storedBytes(
  canonical: Uint8Array,
  references: readonly Reference[],
  number: number,
): Uint8Array {
  if (references.length === 0) return canonical;
  const writer = new ByteWriter(canonical.length);
  let from = 0;
  for (const reference of references) {
    writer.raw(canonical.subarray(from, reference.offset));
    writer.uint(number - reference.number);
    from = reference.offset + ADDRESS_BYTES;
  }
  writer.raw(canonical.subarray(from));
  return writer.view();
}

/** Where stored bytes have a number, and the address that canonical bytes have in its place. */
export interface AddressPlace {
  readonly start: number;
  readonly end: number;
  readonly address: Uint8Array;
}

/** The canonical form; the places stand in their order. */
export function canonicalBytes(stored: Uint8Array, places: readonly AddressPlace[]): Uint8Array {
  if (places.length === 0) return stored;
  const writer = new ByteWriter(stored.length + places.length * ADDRESS_BYTES);
  let from = 0;
  for (const { start, end, address } of places) {
    writer.raw(stored.subarray(from, start));
    writer.raw(address);
    from = end;
  }
  writer.raw(stored.subarray(from));
  return writer.view();
}
