/**
 * The places of a trap's stack in the source. A process runs rewritten code: functions have the numbers of the
 * source only in the fast module, and no offset is what it was. So the frames are traced back: the module is
 * transformed again, and where the bytes of these functions come from is noted on the way. It takes as long as
 * the first time; a program traps once.
 */
import { invariant } from "../../core/assert.ts";
import type { TracedBody } from "./emit-context.ts";
import { readBodies } from "./read-shape.ts";
import { transformModule, type TransformedModule, type TransformOptions } from "./transform-module.ts";

/** A function of a module, and the offset of an instruction in the module's file. */
export interface FramePlace {
  readonly functionIndex: number;
  readonly offset: number;
}

export interface RunFrame extends FramePlace {
  /** Whether it is of the slow module: V8 has SLOW_MODULE_NAME in its place then. */
  readonly isSlow: boolean;
}

/** The frames, innermost first, as the source would have them. */
export function traceFrames(
  source: Uint8Array,
  transformed: TransformedModule,
  { frames, options }: { readonly frames: readonly RunFrame[]; readonly options: TransformOptions },
): readonly FramePlace[] {
  const bodies = {
    source: readBodies(source),
    fast: readBodies(transformed.fast),
    slow: readBodies(transformed.slow),
  };
  const { slowFunctions, slowImports, reentries, imports } = transformed.layout;
  const sourceOf = ({ isSlow, functionIndex }: RunFrame): number =>
    isSlow ? (slowFunctions[functionIndex - slowImports] ?? -1) : functionIndex;
  const isReentry = (frame: RunFrame | undefined): boolean =>
    frame?.isSlow === true && reentries.includes(frame.functionIndex - slowImports);
  const traced = new Map<number, TracedBody[]>(frames.map((frame) => [sourceOf(frame), []]));
  invariant(transformModule(source, options, traced).ok, "what was transformed can be transformed again");
  return frames.flatMap((frame, at) => {
    const functionIndex = sourceOf(frame);
    const original = bodies.source[functionIndex - imports.length];
    // Functions that the transform has added are nobody's; and a slow one that has handed over is there twice.
    if (original === undefined || isReentry(frames[at - 1])) return [];
    const body = frame.isSlow
      ? bodies.slow[frame.functionIndex - slowImports]
      : bodies.fast[frame.functionIndex - imports.length];
    const within = frame.offset - (body?.start ?? 0);
    const isThis = (one: TracedBody): boolean =>
      one.isSlow === frame.isSlow && one.functionIndex === frame.functionIndex;
    const found = traced.get(functionIndex)?.find(isThis);
    // A body that was copied has only moved.
    return [
      { functionIndex, offset: found === undefined ? original.start + within : placeIn(found, within) },
    ];
  });
}

/** The source's offset of the last instruction at or before this one. */
function placeIn({ places, headBytes }: TracedBody, offset: number): number {
  let found = 0;
  for (let at = 0; at < places.length; at += 2) {
    if (places.at(at) > offset - headBytes) break;
    found = places.at(at + 1);
  }
  return found;
}
