import { copyBytes, LastViewed, type ViewedBytes } from "./copy-bytes.ts";

/**
 * One writer's bytes for one reader on another thread, in shared memory. Positions count up modulo 2^32; the writer waits while
 * the ring is full, the reader never does.
 */
export class SharedRing {
  readonly #data: Uint8Array;
  readonly #control: Int32Array;
  readonly #headIndex: number;
  readonly #tailIndex: number;
  readonly #viewed: ViewedBytes;
  /** The array that bytes came from or went to last: mostly one guest's memory. */
  readonly #other = new LastViewed();
  /** The writer's own position: bytes up to here are written, and readable once they are published. */
  #written: number;
  /** Bytes that were free when it was last looked; there may be more by now. */
  #free = 0;

  constructor(buffer: SharedArrayBuffer, control: Int32Array, headIndex: number, tailIndex: number) {
    this.#data = new Uint8Array(buffer);
    this.#viewed = { bytes: this.#data, view: new DataView(buffer) };
    this.#control = control;
    this.#headIndex = headIndex;
    this.#tailIndex = tailIndex;
    this.#written = Atomics.load(control, headIndex);
  }

  get capacity(): number {
    return this.#data.length;
  }

  /** Bytes that were published and not yet released. */
  get readable(): number {
    return (
      (Atomics.load(this.#control, this.#headIndex) - Atomics.load(this.#control, this.#tailIndex)) >>> 0
    );
  }

  /** Bytes from the first one that is not released up to a position. */
  readableUpTo(position: number): number {
    return (position - Atomics.load(this.#control, this.#tailIndex)) >>> 0;
  }

  /** Writes a stretch of bytes without publishing; `onFull` is called before it waits for the reader. */
  write(bytes: Uint8Array, start: number, length: number, onFull: () => void): void {
    for (let done = 0; done < length; ) {
      const part = Math.min(length - done, this.#room(onFull));
      this.#copyIn(bytes, start + done, part);
      done += part;
    }
  }

  /**
   * Where in `memory` the writer may write `size` bytes itself; -1 if they would not lie in one piece, or are not free yet.
   * `advance` says how many were written.
   */
  reserve(size: number): number {
    const at = (this.#written >>> 0) % this.#data.length;
    if (at + size > this.#data.length) return -1;
    if (this.#free < size)
      this.#free = this.#data.length - ((this.#written - Atomics.load(this.#control, this.#tailIndex)) >>> 0);
    return this.#free < size ? -1 : at;
  }

  get memory(): Uint8Array {
    return this.#data;
  }

  /** So many bytes were written into the ring's memory, at the place that `reserve` gave. */
  advance(length: number): void {
    this.#free -= length;
    this.#written = (this.#written + length) | 0;
  }

  #room(onFull: () => void): number {
    for (;;) {
      const tail = Atomics.load(this.#control, this.#tailIndex);
      const room = this.#data.length - ((this.#written - tail) >>> 0);
      this.#free = room;
      if (room > 0) return room;
      onFull();
      Atomics.wait(this.#control, this.#tailIndex, tail, 1000);
    }
  }

  #copyIn(bytes: Uint8Array, start: number, length: number): void {
    const at = (this.#written >>> 0) % this.#data.length;
    const first = Math.min(length, this.#data.length - at);
    copyBytes(this.#other.of(bytes), start, this.#viewed, at, first);
    if (first < length) copyBytes(this.#other.of(bytes), start + first, this.#viewed, 0, length - first);
    this.advance(length);
  }

  /** Bytes that were written and not yet published. */
  get unpublished(): number {
    return (this.#written - Atomics.load(this.#control, this.#headIndex)) >>> 0;
  }

  publish(): void {
    Atomics.store(this.#control, this.#headIndex, this.#written);
  }

  /** Fills an array with the first readable bytes, which stay readable. */
  peek(into: Uint8Array): Uint8Array {
    this.#copyOut(into, 0, Atomics.load(this.#control, this.#tailIndex), into.length);
    return into;
  }

  /** Gives the room of read bytes back to the writer. */
  release(length: number): void {
    Atomics.add(this.#control, this.#tailIndex, length);
    Atomics.notify(this.#control, this.#tailIndex);
  }

  /** Copies what the writer wrote `back` bytes before its position, if the ring still has it: the last `capacity` bytes. */
  copyRecent(target: Uint8Array, targetOffset: number, back: number, length: number): void {
    this.#copyOut(target, targetOffset, this.#written - back, length);
  }

  #copyOut(target: Uint8Array, targetOffset: number, from: number, length: number): void {
    const at = (from >>> 0) % this.#data.length;
    const first = Math.min(length, this.#data.length - at);
    copyBytes(this.#viewed, at, this.#other.of(target), targetOffset, first);
    if (first < length)
      copyBytes(this.#viewed, 0, this.#other.of(target), targetOffset + first, length - first);
  }
}
