import type { Layout } from "../transform/layout.ts";
import { EXTERNREF, FUNCREF } from "../transform/opcode.ts";
import type { ProcessImage } from "./process-image.ts";

/** Bytes of a piece of a frame: its values, and point, slot and size behind them. See emit-frames.ts. */
const LEAST_PIECE_BYTES = 12;
const MOST_PIECE_BYTES = 2048;

/** Why an image is of no process of this program; null if it may be. */
export function judgeImage(image: ProcessImage, layout: Layout): string | null {
  const { version, status, entry, call, references, globalReferences } = image;
  if (version !== layout.version)
    return `it is of version ${version} of the transform, not ${layout.version}`;
  if (image.memoryPages < layout.memory.minPages || image.memoryPages > layout.memory.maxPages)
    return `its memory has ${image.memoryPages} pages`;
  if (entry < -1 || entry > (layout.start === null ? 0 : 1)) return "it runs what the program has not";
  if (call !== null && layout.imports[call.index] === undefined) return "it calls what the program has not";
  if ((call !== null) !== (status === "waiting") || (status === "ready") !== (image.stack.length === 0))
    return "it does not rest as it says";
  const functions = new Set([-1, ...layout.referenced]);
  const referred = [
    ...references,
    ...globalReferences.map(([, number]) => number),
    ...(image.tables ?? []).flatMap((table) => [...table]),
  ];
  if (referred.some((number) => !functions.has(number))) return "it refers to a function that is not there";
  if (!hasGlobals(image.globals, layout, isNumeric) || !hasGlobals(globalReferences, layout, isFunction))
    return "it has a global that the program has not";
  const drops = new Set(layout.drops.map(({ drop }) => drop));
  if (!image.dropped.every((name) => drops.has(name))) return "it has dropped what the program has not";
  if (!hasTables(image, layout)) return "its tables are not the program's";
  return isStack(image.stack, layout) ? null : "its stack is none";
}

const isFunction = (type: number): boolean => type === FUNCREF;
const isNumeric = (type: number): boolean => type !== FUNCREF && type !== EXTERNREF;

/** Whether each value is of a global that the program has, of a type that can hold it. */
function hasGlobals(
  values: readonly (readonly [number, ...unknown[]])[],
  { globals }: Layout,
  holds: (type: number) => boolean,
): boolean {
  const indices = new Set(globals.filter(({ type }) => holds(type)).map(({ index }) => index));
  return values.every(([index]) => indices.has(index));
}

const hasTables = ({ tables }: ProcessImage, layout: Layout): boolean =>
  tables === null ? !layout.writesTables : layout.writesTables && tables.length === layout.tables.length;

/** Whether a stack image is of whole pieces, each of which names a slot. */
function isStack(stack: Uint8Array, { slots }: Layout): boolean {
  if (stack.length % 4 !== 0) return false;
  const words = new DataView(stack.buffer, stack.byteOffset, stack.length);
  for (let end = stack.length; end > 0; ) {
    if (end < LEAST_PIECE_BYTES) return false;
    const size = words.getUint32(end - 4, true);
    if (size % 4 !== 0 || size < LEAST_PIECE_BYTES || size > MOST_PIECE_BYTES || size > end) return false;
    if (words.getUint32(end - 8, true) >= slots.length) return false;
    end -= size;
  }
  return true;
}
