/** What a run of the bench was asked for. */
export interface Scale {
  /** Rounds of each comparison; every contender has its turn in each. */
  readonly rounds: number;
  /** Small inputs, to see that it works: figures mean little then. */
  readonly isQuick: boolean;
  /** An empty folder of this run, taken away at its end. */
  readonly folder: string;
}

interface Bound {
  readonly kind: "least" | "most";
  readonly value: number;
}

/** One line of the table: a number per round, most often a ratio to a named peer in the same round. */
export interface Figure {
  readonly what: string;
  readonly against: string;
  readonly unit: string;
  readonly samples: readonly number[];
  /** What the issue asks for; null for a line that only informs. */
  readonly floor: Bound | null;
}

/** How a cost grows: nanoseconds for each size. */
export interface Growth {
  readonly what: string;
  readonly by: string;
  readonly nanos: ReadonlyMap<number, number>;
}

export interface Measured {
  readonly figures: readonly Figure[];
  readonly growths?: readonly Growth[];
  /** Whole sentences that belong below the table. */
  readonly notes?: readonly string[];
}

export const least = (value: number): Bound => ({ kind: "least", value });
export const most = (value: number): Bound => ({ kind: "most", value });

export const sorted = (samples: readonly number[]): number[] => [...samples].sort((a, b) => a - b);

/** The value below which that share of the samples lies, by the nearest rank. */
export function quantile(samples: readonly number[], share: number): number {
  const inOrder = sorted(samples);
  const index = Math.min(inOrder.length - 1, Math.max(0, Math.ceil(share * inOrder.length) - 1));
  return inOrder[index] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  const inOrder = sorted(samples);
  const middle = Math.floor(inOrder.length / 2);
  const upper = inOrder[middle] ?? Number.NaN;
  return inOrder.length % 2 === 1 ? upper : ((inOrder[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function isHeld({ floor, samples }: Figure): boolean | null {
  if (floor === null) return null;
  const value = median(samples);
  return floor.kind === "least" ? value >= floor.value : value <= floor.value;
}
