import type { Note } from "./printer.ts";
import type { PrintEffect } from "./direct-output.ts";
import { HEADER_BYTES, PIPE_BUF } from "./printer-wire.ts";

/** So much may be on its way: enough that the printer never waits for us, and little to be kept in memory. */
const MOST_BYTES = 1 << 20;

interface OnItsWay {
  readonly effect: PrintEffect;
  readonly note: Note;
  readonly size: number;
}

/** Pieces of output that the printer has, or is about to have, and did not acknowledge. */
export class PiecesOnTheirWay {
  #pieces: OnItsWay[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  get isFull(): boolean {
    return this.#bytes + PIPE_BUF + HEADER_BYTES > MOST_BYTES;
  }

  add(effect: PrintEffect, note: Note, length: number): void {
    // Many small ones take memory too.
    const size = length + HEADER_BYTES;
    this.#pieces.push({ effect, note, size });
    this.#bytes += size;
  }

  /** All up to this note are out. */
  acknowledge(note: Note): void {
    let count = 0;
    for (const piece of this.#pieces) {
      if (isBehind(piece.note, note)) break;
      this.#bytes -= piece.size;
      count += 1;
    }
    this.#pieces.splice(0, count);
  }

  /** The effect that has a piece of this note. */
  effectOf(note: Note): PrintEffect | null {
    const found = this.#pieces.find((piece) => piece.note.seq === note.seq && piece.note.done === note.done);
    return found?.effect ?? null;
  }
}

const isBehind = (one: Note, other: Note): boolean =>
  one.seq > other.seq || (one.seq === other.seq && one.done > other.done);
