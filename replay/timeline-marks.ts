import type { KernelState } from "../reducers/kernel-state.ts";
import type { FeedPlace } from "./event-feed.ts";

/** Events between two marks at least. */
export const SEGMENT_EVENTS = 256;
/** Marks kept. One costs what 256 events wrote, mostly 5 to 50 KB. */
const MAX_MARKS = 8192;
/** Marks that stay in each doubling of the distance from the cursor, on either side. */
const MARKS_PER_OCTAVE = 64;

/** A state in memory, and where the log goes on from it. */
interface Mark {
  readonly state: KernelState;
  readonly place: FeedPlace;
}

/** The marks of a timeline in the order of their seqs, at most so many. */
export class TimelineMarks {
  readonly #max: number;
  #marks: Mark[] = [];

  constructor(max = MAX_MARKS) {
    this.#max = Math.max(1, max);
  }

  get size(): number {
    return this.#marks.length;
  }

  /** The last mark at or before a seq; null if there is none. */
  before(seq: number): Mark | null {
    return this.#marks[this.#indexBehind(seq) - 1] ?? null;
  }

  /** Keeps a mark, unless one of its seq is there. Over the budget, marks far from the cursor go first. */
  add(mark: Mark, cursor: number): void {
    const index = this.#indexBehind(mark.state.seq);
    if (this.#marks[index - 1]?.state.seq === mark.state.seq) return;
    this.#marks.splice(index, 0, mark);
    if (this.#marks.length > this.#max) this.#thin(cursor);
  }

  /** How many marks are at or before a seq. */
  #indexBehind(seq: number): number {
    let low = 0;
    let high = this.#marks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#marks[middle] as Mark).state.seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Keeps every mark near the cursor, every second beyond, every fourth beyond that, until half of the budget is free. */
  #thin(cursor: number): void {
    for (let near = MARKS_PER_OCTAVE; this.#marks.length > this.#max / 2 && near >= 1; near /= 2) {
      this.#marks = this.#marks.filter((mark) => isKept(mark, cursor, near * SEGMENT_EVENTS));
    }
    const over = this.#marks.length - this.#max;
    if (over > 0) this.#marks.splice(0, over);
  }
}

function isKept({ state }: Mark, cursor: number, near: number): boolean {
  const distance = Math.abs(state.seq - cursor);
  const octave = Math.max(0, Math.ceil(Math.log2(distance / near)));
  return (state.seq / SEGMENT_EVENTS) % 2 ** octave === 0;
}
