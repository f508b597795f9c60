/**
 * The part of a guest's memory in which its stack image is written and read. It is borrowed: what the guest has
 * there is put aside first and put back before the guest or anybody else looks. It may be smaller than the
 * image: then it is emptied, or filled again, in pieces.
 */
import { invariant } from "../../core/assert.ts";

/** Not at 0, where the address of a piece would look like no address. */
const BASE = 1024;
const LEAF_BYTES = 12;
const SIZE_FIELD = 4;
/** The largest piece has 2 KiB: see emit-frames.ts. */
const SMALLEST_BYTES = 4096;
const LARGEST_BYTES = 32 * 1024;

/** The globals of the instance that say where the image is: added-code.ts. */
export interface RegionControl {
  /** state, base, limit, top; the depth of calls begins anew. */
  readonly setRegion: (state: number, base: number, limit: number, top: number) => void;
  readonly top: WebAssembly.Global;
}

export class BorrowedRegion {
  readonly #memory: WebAssembly.Memory;
  readonly #control: RegionControl;
  #bytes = new Uint8Array(0);
  #aside = new Uint8Array(SMALLEST_BYTES);
  #asideBytes = 0;
  #chunks: Uint8Array[] = [];
  /** While rewinding: the image, and how much of it is not in the region yet. */
  #image: Uint8Array = new Uint8Array(0);
  #rest = 0;
  #size = SMALLEST_BYTES;

  constructor(memory: WebAssembly.Memory, control: RegionControl) {
    this.#memory = memory;
    this.#control = control;
  }

  #refresh(): Uint8Array {
    if (this.#bytes.buffer !== this.#memory.buffer) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }

  #borrow(count: number): void {
    const bytes = this.#refresh();
    if (this.#aside.length < count) this.#aside = new Uint8Array(count);
    this.#aside.set(bytes.subarray(BASE, BASE + count));
    this.#asideBytes = count;
  }

  #giveBack(): void {
    this.#refresh().set(this.#aside.subarray(0, this.#asideBytes), BASE);
  }

  /** From here on functions that return write their frames. The slot stands for the kernel, below them all. */
  beginUnwind(leafSlot: number): void {
    this.#borrow(this.#size);
    this.#chunks = [];
    new DataView(this.#memory.buffer).setUint32(BASE, 0, true);
    new DataView(this.#memory.buffer).setUint32(BASE + 4, leafSlot, true);
    new DataView(this.#memory.buffer).setUint32(BASE + 8, LEAF_BYTES, true);
    this.#control.setRegion(1, BASE, BASE + this.#size, BASE + LEAF_BYTES);
  }

  /** The region is full. */
  drain(): void {
    this.#chunks.push(this.#refresh().slice(BASE, this.#control.top.value as number));
    this.#control.top.value = BASE;
  }

  /** The stack image: all frames are written. */
  endUnwind(): Uint8Array {
    const top = this.#control.top.value as number;
    const last = this.#refresh().slice(BASE, top);
    this.#giveBack();
    this.#control.setRegion(0, 0, 0, 0);
    if (this.#chunks.length === 0) return last;
    const image = joined([...this.#chunks, last]);
    this.#size = Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, image.length * 2));
    return image;
  }

  /** From here on the slow versions take their frames off the image. The slot of the outermost frame. */
  beginRewind(image: Uint8Array): number {
    this.#image = image;
    this.#rest = image.length;
    const count = this.#nextCount();
    this.#borrow(count);
    this.#load(count);
    this.#control.setRegion(0, BASE, BASE + count, BASE + count);
    return new DataView(image.buffer, image.byteOffset).getUint32(image.length - 8, true);
  }

  /** Bytes of whole pieces from the end of what is left, as many as the region takes. */
  #nextCount(): number {
    if (this.#rest <= this.#size) return this.#rest;
    const view = new DataView(this.#image.buffer, this.#image.byteOffset);
    let count = 0;
    while (count < this.#rest) {
      const size = view.getUint32(this.#rest - count - SIZE_FIELD, true);
      if (count + size > this.#size) break;
      count += size;
    }
    invariant(count > 0, "a piece of a frame fits into the region");
    return count;
  }

  #load(count: number): void {
    this.#refresh().set(this.#image.subarray(this.#rest - count, this.#rest), BASE);
    this.#rest -= count;
  }

  /** The region is empty, and there are more frames. */
  fill(): void {
    const count = this.#nextCount();
    this.#giveBack();
    this.#borrow(count);
    this.#load(count);
    this.#control.top.value = BASE + count;
  }

  /** The innermost frame goes on. */
  endRewind(): void {
    invariant(this.#rest === 0, "a rewind has taken every frame");
    this.#giveBack();
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
