/**
 * The part of a guest's memory in which its stack image is written and read. It is borrowed: what the guest has
 * there is put aside first and put back before the guest or anybody else looks. It may be smaller than the
 * image: then it is emptied, or filled again, in parts of whole pieces.
 *
 * A process is suspended and resumed in about a microsecond, so nothing here makes an object each time. All is in
 * words of 32 bits: sizes of pieces are multiples of 4.
 */
import { invariant } from "../../core/assert.ts";

/** Not at 0, where the address of a piece would look like no address. In words. */
const BASE = 256;
/** A piece without values: point, slot, size. */
const LEAF_WORDS = 3;
/** The largest piece has 512 words: see emit-frames.ts. */
const SMALLEST_WORDS = 1024;
const LARGEST_WORDS = 8192;
/** Up to here a loop is faster than what makes a view of an array. */
const FEW_WORDS = 128;

/** The globals of the instance that say where the image is: added-code.ts. */
interface RegionControl {
  /** state, base, limit, top; the depth of calls begins anew. Addresses in bytes. */
  readonly setRegion: (state: number, base: number, limit: number, top: number) => void;
  readonly top: () => number;
  readonly setTop: (top: number) => void;
}

export class BorrowedRegion {
  readonly #memory: WebAssembly.Memory;
  readonly #control: RegionControl;
  #words = new Uint32Array(0);
  /** Of #words: the region. */
  #region = new Uint32Array(0);
  #aside = new Uint32Array(SMALLEST_WORDS);
  #size = SMALLEST_WORDS;
  #image = new Uint32Array(SMALLEST_WORDS);
  #imageWords = 0;
  /** While rewinding: how much of the image has not been in the region yet. */
  #rest = 0;

  constructor(memory: WebAssembly.Memory, control: RegionControl) {
    this.#memory = memory;
    this.#control = control;
  }

  /** The stack image, while the process is at rest. */
  stackImage(): Uint8Array {
    return new Uint8Array(this.#image.buffer, 0, this.#imageWords * 4).slice();
  }

  setStackImage(bytes: Uint8Array): void {
    this.#imageWords = bytes.length / 4;
    this.#image = new Uint32Array(Math.max(SMALLEST_WORDS, this.#imageWords));
    new Uint8Array(this.#image.buffer).set(bytes);
  }

  /** Memory that has grown is another buffer, and views of the old one are empty. */
  #refresh(): void {
    if (this.#region.length === this.#size) return;
    this.#words = new Uint32Array(this.#memory.buffer);
    this.#region = this.#words.subarray(BASE, BASE + this.#size);
    if (this.#aside.length !== this.#size) this.#aside = new Uint32Array(this.#size);
  }

  #borrow(): void {
    this.#refresh();
    this.#aside.set(this.#region);
  }

  #giveBack(): void {
    this.#region.set(this.#aside);
  }

  /** From here on functions that return write their frames. The slot stands for the kernel, below them all. */
  beginUnwind(leafSlot: number): void {
    this.#borrow();
    this.#region[0] = 0;
    this.#region[1] = leafSlot;
    this.#region[2] = LEAF_WORDS * 4;
    this.#imageWords = 0;
    this.#control.setRegion(1, BASE * 4, (BASE + this.#size) * 4, (BASE + LEAF_WORDS) * 4);
  }

  /** The region is full. */
  drain(): void {
    this.#save();
    this.#control.setTop(BASE * 4);
  }

  #save(): void {
    const count = this.#control.top() / 4 - BASE;
    const end = this.#imageWords + count;
    if (end > this.#image.length) {
      const grown = new Uint32Array(end * 2);
      grown.set(this.#image);
      this.#image = grown;
    }
    if (count > FEW_WORDS) this.#image.set(this.#region.subarray(0, count), this.#imageWords);
    else
      for (let word = 0; word < count; word += 1)
        this.#image[this.#imageWords + word] = this.#region[word] as number;
    this.#imageWords = end;
  }

  /** All frames are written. */
  endUnwind(): void {
    this.#save();
    this.#giveBack();
    this.#control.setRegion(0, 0, 0, 0);
    if (this.#imageWords > this.#size && this.#size < LARGEST_WORDS) this.#enlarge();
  }

  /** So that the next image of this size fits. */
  #enlarge(): void {
    const most = this.#memory.buffer.byteLength / 4 - BASE;
    this.#size = Math.min(LARGEST_WORDS, this.#imageWords * 2, most);
    this.#region = new Uint32Array(0);
  }

  /** From here on the slow versions take their frames off the image. The slot of the outermost frame. */
  beginRewind(): number {
    this.#rest = this.#imageWords;
    this.#borrow();
    const count = this.#load();
    this.#control.setRegion(0, BASE * 4, (BASE + count) * 4, (BASE + count) * 4);
    return this.#image[this.#imageWords - 2] as number;
  }

  /** Whole pieces from the end of what is left go into the region. How many words they have. */
  #load(): number {
    let count = Math.min(this.#rest, this.#size);
    if (count < this.#rest) {
      count = 0;
      for (;;) {
        const size = (this.#image[this.#rest - count - 1] as number) / 4;
        if (count + size > this.#size) break;
        count += size;
      }
      invariant(count > 0, "a piece of a frame fits into the region");
    }
    const first = this.#rest - count;
    if (count > FEW_WORDS) this.#region.set(this.#image.subarray(first, this.#rest));
    else for (let word = 0; word < count; word += 1) this.#region[word] = this.#image[first + word] as number;
    this.#rest = first;
    return count;
  }

  /** The region is empty, and there are more frames. */
  fill(): void {
    this.#control.setTop((BASE + this.#load()) * 4);
  }

  /** The innermost frame goes on. */
  endRewind(): void {
    invariant(this.#rest === 0, "a rewind has taken every frame");
    this.#giveBack();
  }
}
