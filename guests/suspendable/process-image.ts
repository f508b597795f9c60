/**
 * A process at rest, written down: plain data that survives structuredClone. An image holds the pages that have
 * changed since the image before it (or since the process was new); the rest of it is always whole. Images of one
 * process, oldest first, are one whole image: see combineImages.
 */
export interface ProcessImage {
  /** TRANSFORM_VERSION of the code that the frames belong to. */
  readonly version: number;
  /** Which of the functions that a process runs one after another it is in: -1 before the first, see Entry. */
  readonly entry: number;
  readonly status: "ready" | "preempted" | "waiting";
  /** Frames, innermost first; empty before the first instruction. */
  readonly stack: Uint8Array;
  /** Function references that frames hold: functions by their numbers, -1 for null. */
  readonly references: readonly number[];
  /** The call that waits for its answer. */
  readonly call: PendingCall | null;
  /** What the call was answered that the process has not heard of yet. */
  readonly answer: Values;
  /** May be below 0: what was paid for is more than was there. */
  readonly ticksLeft: number;
  readonly ticksUsed: number;
  /** In pages of 64 KiB. */
  readonly memoryPages: number;
  readonly pages: readonly PageImage[];
  /** Pages that were other at the last image and are again what a new process has there. */
  readonly freshPages: readonly number[];
  /** By the global's number: its bits, the low 64 first. */
  readonly globals: readonly (readonly [number, bigint, bigint])[];
  /** References in globals: functions by their numbers, -1 for null. */
  readonly globalReferences: readonly (readonly [number, number])[];
  /** Names of the segments that are dropped: see Layout. */
  readonly dropped: readonly string[];
  /** By table: functions by their numbers, -1 for null. Null if the program cannot change tables. */
  readonly tables: readonly Int32Array[] | null;
}

/** What a function gives. */
export type Values = number | bigint | readonly (number | bigint)[] | undefined;

export interface PendingCall {
  /** The number of the imported function. */
  readonly index: number;
  readonly args: readonly (number | bigint)[];
}

export interface PageImage {
  /** In pages of 4 KiB. */
  readonly index: number;
  /** SHA-256 of the bytes. */
  readonly address: Uint8Array;
  readonly bytes: Uint8Array;
}

/** The whole image that a chain of them stands for. */
export function combineImages(images: readonly ProcessImage[]): ProcessImage {
  const pages = new Map<number, PageImage>();
  for (const image of images) {
    for (const page of image.pages) pages.set(page.index, page);
    for (const index of image.freshPages) pages.delete(index);
  }
  const last = images.at(-1);
  if (last === undefined) throw new RangeError("a chain of images has at least one");
  return {
    ...last,
    pages: [...pages.values()].sort((one, other) => one.index - other.index),
    freshPages: [],
  };
}
