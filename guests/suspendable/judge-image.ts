import type { GlobalLayout, Layout, TableLayout } from "../transform/layout.ts";
import { EXTERNREF, F32, FUNCREF, I32, V128 } from "../transform/opcode.ts";
import { areValues, judgeStack } from "./judge-stack.ts";
import { PAGE_BYTES } from "./page-hash.ts";
import type { ProcessImage } from "./process-image.ts";
import { ENDLESS, LEAST_LEFT } from "./tick-budget.ts";

const WASM_PAGE_BYTES = 65_536;

/** So that what a process was granted, which is what it has used and has left, is exact for as long as it may run. */
const MOST_USED = 2 ** 52;

/**
 * Why an image is of no process of this program; null if it may be. Each of its fields is looked at as if somebody had made it who
 * wants to do harm: what passes can be restored, and runs like any process of the program.
 */
export const judgeImage = (image: ProcessImage, layout: Layout): string | null =>
  judgeRest(image, layout) ??
  judgeCall(image, layout) ??
  judgeMemory(image, layout) ??
  judgeReferences(image, layout) ??
  judgeGlobals(image, layout) ??
  judgeTables(image, layout) ??
  judgeStack(image, layout);

/** What it rests in, and its ticks. */
function judgeRest(image: ProcessImage, layout: Layout): string | null {
  const { version, status, entry, call, ticksLeft, ticksUsed } = image;
  if (version !== layout.version)
    return `it is of version ${version} of the transform, not ${layout.version}`;
  if (!isWhole(entry, -1, layout.start === null ? 0 : 1)) return "it runs what the program has not";
  if ((call !== null) !== (status === "waiting")) return "it does not rest as it says";
  const isFresh = status === "ready";
  if (isFresh !== (image.stack.length === 0) || isFresh !== (entry === -1))
    return "it does not rest as it says";
  if (isFresh && image.answer !== undefined) return "it has an answer before it asks";
  if (!isWhole(ticksUsed, 0, MOST_USED)) return `it has used ${ticksUsed} ticks`;
  return isWhole(ticksLeft, LEAST_LEFT, ENDLESS) ? null : `it has ${ticksLeft} ticks left`;
}

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;

function judgeCall({ call }: ProcessImage, { imports }: Layout): string | null {
  if (call === null) return null;
  const called = imports[call.index];
  if (called === undefined) return "it calls what the program has not";
  return areValues(call.args, called.params)
    ? null
    : `it calls ${called.name} with other arguments than that has`;
}

function judgeMemory({ memoryPages, pages, dropped }: ProcessImage, layout: Layout): string | null {
  const { minPages, maxPages } = layout.memory;
  if (!isWhole(memoryPages, minPages, maxPages)) return `its memory has ${memoryPages} pages`;
  const count = (memoryPages * WASM_PAGE_BYTES) / PAGE_BYTES;
  const isSound = pages.every(
    ({ index, bytes }) => isWhole(index, 0, count - 1) && bytes.length === PAGE_BYTES,
  );
  if (!isSound) return "it has pages that are not of its memory";
  const drops = new Set(layout.drops.map(({ drop }) => drop));
  // Each of them at most once.
  return dropped.every((name) => drops.delete(name)) ? null : "it has dropped what the program has not";
}

function judgeReferences(
  { references, globalReferences, tables }: ProcessImage,
  { referenced }: Layout,
): string | null {
  const functions = new Set([-1, ...referenced]);
  const isThere = (number: number): boolean => functions.has(number);
  const areThere =
    references.every(isThere) &&
    globalReferences.every(([, number]) => isThere(number)) &&
    (tables ?? []).every((table) => table.every(isThere));
  return areThere ? null : "it refers to a function that is not there";
}

const isFunction = ({ type }: GlobalLayout): boolean => type === FUNCREF;
const isNumeric = ({ type }: GlobalLayout): boolean => type !== FUNCREF && type !== EXTERNREF;

/** It has each of the program's globals, in their order, with a value of the global's type. */
function judgeGlobals({ globals, globalReferences }: ProcessImage, layout: Layout): string | null {
  const numeric = layout.globals.filter(isNumeric);
  if (!areOf(globals, numeric) || !areOf(globalReferences, layout.globals.filter(isFunction)))
    return "its globals are not the program's";
  const other = globals.find(([, low, high], place) => !isOfType(low, high, numeric[place]?.type ?? 0));
  return other === undefined ? null : `its global ${other[0]} holds what is not of its type`;
}

const areOf = (
  values: ProcessImage["globals" | "globalReferences"],
  globals: readonly GlobalLayout[],
): boolean =>
  values.length === globals.length && globals.every(({ index }, place) => values[place]?.[0] === index);

/** Integers have a sign, and so have the bits of what is none: see InstanceState. */
function isOfType(low: bigint, high: bigint, type: number): boolean {
  const bits = type === I32 || type === F32 ? 32 : 64;
  return low === BigInt.asIntN(bits, low) && high === (type === V128 ? BigInt.asIntN(64, high) : 0n);
}

function judgeTables({ tables }: ProcessImage, { tables: known, writesTables }: Layout): string | null {
  if (tables === null) return writesTables ? "its tables are missing" : null;
  if (!writesTables || tables.length !== known.length) return "its tables are not the program's";
  const place = tables.findIndex((table, index) => !isTable(table, known[index] as TableLayout));
  if (place === -1) return null;
  return `its table ${place} is none of the program's: it has ${tables[place]?.length} entries`;
}

const isTable = (table: Int32Array, { type, min, max }: TableLayout): boolean =>
  table.length >= min && table.length <= max && (type === FUNCREF || table.every((number) => number === -1));
