/**
 * A stack image in words of the source: functions, places, and what locals and operands hold. As for a trap's stack, the module is
 * transformed again, and what frames of these functions keep is noted on the way.
 */
import { invariant } from "../../core/assert.ts";
import type { TracedBody } from "./emit-context.ts";
import { PIECE_TAIL } from "./emit-frames.ts";
import { F32, F64, I32, I64, V128 } from "./opcode.ts";
import { frameBytes } from "./operand-types.ts";
import { transformModule, type TransformedModule, type TransformOptions } from "./transform-module.ts";

/** What a local or an operand holds. Integers are signed; of a reference it is not known what it refers to. */
export interface TracedValue {
  /** The local's number in the source; -1 for an operand. */
  readonly local: number;
  readonly type: "i32" | "i64" | "f32" | "f64" | "v128" | "reference";
  readonly value: number | bigint | string | null;
}

export interface TracedFrame {
  readonly functionIndex: number;
  /** In the source's file: of the call, or of what was run last before the guest was stopped. 0 if that is the function's beginning. */
  readonly offset: number;
  /** What is still needed; what is not is nowhere any more. */
  readonly values: readonly TracedValue[];
}

interface StoredFrame {
  readonly functionIndex: number;
  readonly point: number;
  readonly values: DataView;
}

/** The frames of a stack image, innermost first. */
export function traceStack(
  source: Uint8Array,
  { layout }: TransformedModule,
  { stack, options }: { readonly stack: Uint8Array; readonly options: TransformOptions },
): readonly TracedFrame[] {
  const frames = framesOf(stack, layout.slots);
  const traced = new Map<number, TracedBody[]>(frames.map(({ functionIndex }) => [functionIndex, []]));
  invariant(transformModule(source, options, traced).ok, "what was transformed can be transformed again");
  return frames.map(({ functionIndex, point, values }) => {
    const found = traced
      .get(functionIndex)
      ?.map(({ points }) => points.get(point))
      .find((one) => one !== undefined);
    if (found === undefined) return { functionIndex, offset: 0, values: [] };
    return { functionIndex, offset: found.offset, values: valuesOf(values, found.kept) };
  });
}

/**
 * Frames of functions of the source. The innermost piece stands for the kernel; of the others, those in front of the one that names
 * a point are of the same frame.
 */
function framesOf(stack: Uint8Array, slots: readonly number[]): readonly StoredFrame[] {
  const words = new DataView(stack.buffer, stack.byteOffset, stack.length);
  const ends: number[] = [];
  for (let end = stack.length; end > 0; end -= words.getUint32(end - 4, true)) ends.push(end);
  const frames: StoredFrame[] = [];
  ends.reverse();
  let start = ends.shift() ?? 0;
  let parts: Uint8Array[] = [];
  for (const end of ends) {
    parts.push(stack.subarray(start, end - PIECE_TAIL));
    start = end;
    const point = words.getUint32(end - PIECE_TAIL, true);
    if (point === 0) continue;
    const functionIndex = slots[words.getUint32(end - 8, true)] as number;
    const values = Buffer.concat(parts);
    parts = [];
    frames.push({
      functionIndex,
      point,
      values: new DataView(values.buffer, values.byteOffset, values.length),
    });
  }
  return frames;
}

function valuesOf(view: DataView, kept: readonly (readonly [number, number])[]): readonly TracedValue[] {
  let offset = 0;
  return kept.map(([local, type]) => {
    const size = frameBytes(type);
    const isThere = offset + size <= view.byteLength;
    const value = isThere ? valueAt(view, offset, type) : ({ type: "reference", value: null } as const);
    offset += size;
    return { local, ...value };
  });
}

function valueAt(view: DataView, at: number, type: number): Omit<TracedValue, "local"> {
  switch (type) {
    case I32:
      return { type: "i32", value: view.getInt32(at, true) };
    case I64:
      return { type: "i64", value: view.getBigInt64(at, true) };
    case F32:
      return { type: "f32", value: view.getFloat32(at, true) };
    case F64:
      return { type: "f64", value: view.getFloat64(at, true) };
    case V128: {
      const words = [view.getBigUint64(at + 8, true), view.getBigUint64(at, true)];
      return {
        type: "v128",
        value: `0x${words.map((word) => word.toString(16).padStart(16, "0")).join("")}`,
      };
    }
    default:
      return { type: "reference", value: null };
  }
}
