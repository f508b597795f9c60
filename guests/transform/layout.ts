/**
 * What a runtime must know of a transformed module: plain JSON, made once with the module's two halves, and kept
 * beside them. An image of a process is only valid with the layout (and the version) that it was made with.
 */
export interface Layout {
  /** Changes whenever the transform writes other code: images and caches of another version are void. */
  readonly version: number;
  readonly imports: readonly ImportLayout[];
  /** Exported functions: their numbers, and how many results they have. */
  readonly exports: Readonly<Record<string, number>>;
  /** The function that runs before any other, or null. */
  readonly start: number | null;
  /** Functions by slot, or -1 - k for the leaf that gives the results of type k. */
  readonly slots: readonly number[];
  /** How many types of results a frame may wait for: the slow module imports an answer for each. Their slots come first. */
  readonly leafCount: number;
  /** What frames hold, by slot from the first one on that is no leaf's. */
  readonly frames: readonly FrameLayout[];
  /** Of the slow module, its own functions by number from 0: the function of the source. */
  readonly slowFunctions: readonly number[];
  /** Those of them that begin at a loop: the slow version below has handed its frame over. */
  readonly reentries: readonly number[];
  /** How many functions the slow module imports: its own come behind. */
  readonly slowImports: number;
  /** The slot that stands for the kernel below a frame that was pre-empted. */
  readonly preemptSlot: number;
  /** Types of variable globals by their numbers, the transform's own left out. */
  readonly globals: readonly GlobalLayout[];
  /** Globals that say whether a segment is dropped, and the functions that drop it. */
  readonly drops: readonly DropLayout[];
  /** Tables of functions and others, and whether the program can change them. */
  readonly tables: readonly TableLayout[];
  readonly writesTables: boolean;
  /** Functions that tables, globals and frames may refer to. */
  readonly referenced: readonly number[];
  readonly memory: { readonly minPages: number; readonly maxPages: number };
  readonly stackBytes: number;
  readonly canonicalNans: boolean;
}

interface ImportLayout {
  readonly module: string;
  readonly name: string;
  /** The slot that gives its answer when a frame that waits for it is rewound. */
  readonly slot: number;
  readonly params: readonly number[];
  readonly results: readonly number[];
}

/** What the frames of one function hold, by point. Points are numbered from 1. */
export interface FrameLayout {
  /** Bytes of values in the piece that names the point. */
  readonly bytes: readonly number[];
  /** Points, in their order, whose frames have more than that piece, or hold references. */
  readonly larger: readonly LargerFrame[];
}

export interface LargerFrame {
  readonly point: number;
  readonly references: number;
  /** Bytes of values in each piece in front of the one that names the point, as they lie in the image. */
  readonly before: readonly number[];
}

export interface GlobalLayout {
  readonly index: number;
  readonly type: number;
}

interface DropLayout {
  readonly flag: string;
  readonly drop: string;
}

export interface TableLayout {
  /** funcref or externref. */
  readonly type: number;
  /** Entries, at least and at most. */
  readonly min: number;
  readonly max: number;
}

/** Raised with every change of what is written. */
export const TRANSFORM_VERSION = 2;

/** References that all frames together may hold. */
export const MAX_REFERENCES = 1 << 20;
