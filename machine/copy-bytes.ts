/** Up to here a loop over words is faster than making a view and calling out of JavaScript. */
const LOOP_BYTES = 256;

/** Copies a stretch of bytes between two arrays, each with a view of all its bytes. */
export function copyBytes(
  source: ViewedBytes,
  start: number,
  target: ViewedBytes,
  offset: number,
  length: number,
): void {
  if (length > LOOP_BYTES) return target.bytes.set(source.bytes.subarray(start, start + length), offset);
  let done = 0;
  for (; done + 4 <= length; done += 4)
    target.view.setInt32(offset + done, source.view.getInt32(start + done, true), true);
  for (; done < length; done += 1) target.bytes[offset + done] = source.bytes[start + done] as number;
}

export interface ViewedBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** An array and a view of its bytes, made when the array is another than the last time. */
export class LastViewed implements ViewedBytes {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);

  of(bytes: Uint8Array): ViewedBytes {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return this;
  }
}
