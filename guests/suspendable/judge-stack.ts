/**
 * Judges a stack image by what the layout says of frames: what is restored from it takes off exactly what is there. That each frame
 * called the one inside of it is not said anywhere; where it did not, rewinding traps.
 *
 *   stack := leaf frame*              innermost first
 *   frame := piece* piece             only the last one names a point, and the slot of the function
 *   piece := values point slot size
 */
import { F32, F64, I32, I64 } from "../transform/opcode.ts";
import { type FrameLayout, type Layout, type LargerFrame, MAX_REFERENCES } from "../transform/layout.ts";
import type { ProcessImage } from "./process-image.ts";

/** Point, slot and size of a piece. See emit-frames.ts. */
const TAIL_BYTES = 12;

interface Piece {
  readonly start: number;
  readonly bytes: number;
  readonly point: number;
  readonly slot: number;
}

/** Why the stack, and what belongs to it, are none of this program; null if they are one. */
export function judgeStack(image: ProcessImage, layout: Layout): string | null {
  const { stack, references } = image;
  if (references.length > MAX_REFERENCES) return `its frames hold ${references.length} references`;
  if (stack.length === 0) return references.length === 0 ? null : "it has references and no frames";
  const walk = new StackWalk(stack, layout);
  const count = walk.frames();
  if (count === null) return "its stack is none";
  if (count !== references.length)
    return `its frames hold ${count} references, and it has ${references.length}`;
  return judgeLeaf(image, layout, walk.leafSlot);
}

/** Walks a stack as a rewind does it, from the outermost frame on. */
class StackWalk {
  readonly #words: DataView;
  readonly #layout: Layout;
  readonly #larger = new Map<FrameLayout, ReadonlyMap<number, LargerFrame>>();
  /** Where the piece ends that comes next. */
  #end: number;
  leafSlot = -1;

  constructor(stack: Uint8Array, layout: Layout) {
    this.#words = new DataView(stack.buffer, stack.byteOffset, stack.length);
    this.#layout = layout;
    this.#end = stack.length;
  }

  /** How many references its frames hold; null if it is no stack. */
  frames(): number | null {
    let references = 0;
    for (;;) {
      const piece = this.#take();
      if (piece === null) return null;
      if (piece.start === 0) return this.#isLeaf(piece) ? references : null;
      const held = this.#frame(piece);
      if (held === null) return null;
      references += held;
    }
  }

  #isLeaf({ bytes, point, slot }: Piece): boolean {
    this.leafSlot = slot;
    return bytes === 0 && point === 0 && slot < this.#layout.leafCount;
  }

  /** The references of the frame whose last piece this is; null if it is no frame. */
  #frame({ bytes, point, slot }: Piece): number | null {
    const frames = this.#layout.frames[slot - this.#layout.leafCount];
    if (frames === undefined || frames.bytes[point - 1] !== bytes) return null;
    const larger = this.#largerOf(frames).get(point);
    if (larger === undefined) return 0;
    const { before, references } = larger;
    for (let place = before.length - 1; place >= 0; place -= 1) {
      const piece = this.#take();
      if (piece === null || piece.bytes !== before[place] || piece.point !== 0 || piece.slot !== 0)
        return null;
    }
    return references;
  }

  #largerOf(frames: FrameLayout): ReadonlyMap<number, LargerFrame> {
    const known = this.#larger.get(frames);
    if (known !== undefined) return known;
    const larger = new Map(frames.larger.map((one) => [one.point, one]));
    this.#larger.set(frames, larger);
    return larger;
  }

  #take(): Piece | null {
    const end = this.#end;
    if (end < TAIL_BYTES) return null;
    const size = this.#words.getUint32(end - 4, true);
    if (size % 4 !== 0 || size < TAIL_BYTES || size > end) return null;
    this.#end = end - size;
    return {
      start: end - size,
      bytes: size - TAIL_BYTES,
      point: this.#words.getUint32(end - TAIL_BYTES, true),
      slot: this.#words.getUint32(end - 8, true),
    };
  }
}

/** The innermost piece says what the frame behind it waits for: an answer of some type, or none. */
function judgeLeaf(
  { call, answer }: ProcessImage,
  { imports, preemptSlot }: Layout,
  slot: number,
): string | null {
  const wanted = call === null ? null : (imports[call.index]?.slot ?? null);
  const made = imports.find((one) => one.slot === slot);
  const isKnown = wanted === null ? made !== undefined || slot === preemptSlot : wanted === slot;
  if (!isKnown) return "its stack waits for something else than it says";
  const results = made?.results ?? [];
  if (call !== null) return answer === undefined ? null : "it waits for an answer that it has";
  if (answer === undefined) return results.length === 0 ? null : "it has no answer";
  const values = typeof answer === "object" ? answer : [answer];
  // What gives nothing may be answered all the same: nobody hears of it.
  const types = results.length === 0 ? values.map(() => I32) : results;
  return areValues(values, types) ? null : "its answer is of another type";
}

/** Whether values are of these types, as JavaScript has them. */
export const areValues = (values: readonly unknown[], types: readonly number[]): boolean =>
  values.length === types.length && values.every((value, place) => isValue(value, types[place] as number));

function isValue(value: unknown, type: number): boolean {
  if (type === I32) return typeof value === "number" && value === (value | 0);
  if (type === I64) return typeof value === "bigint" && value === BigInt.asIntN(64, value);
  return (type === F32 || type === F64) && typeof value === "number";
}
