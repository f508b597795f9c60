import { seededRandom } from "../../core/random.ts";

/**
 * What a program is given: an empty directory of the host; a copy of a tree; a tree that changes are written through to; or an
 * empty one, a copy and a read-only one side by side.
 */
const shapes = ["fresh", "copy", "through", "several"] as const;

/** What one recording is made of. All of it follows from the campaign's seed and the recording's number. */
export interface Recipe {
  readonly number: number;
  readonly shape: (typeof shapes)[number];
  /** The program draws its calls from it, and the machine its random bytes. */
  readonly seed: number;
  /** How many calls the program draws. */
  readonly calls: number;
}

const USUAL_CALLS = 600;
const MANY_CALLS = 3000;
/** One recording in so many is long enough for keyframes far apart. */
const LONG_ONE_IN = 12;

export function recipeOf(campaignSeed: number, number: number): Recipe {
  const random = seededRandom(campaignSeed + number * 2 ** 32);
  const isLong = random.below(LONG_ONE_IN) === 0;
  return {
    number,
    shape: shapes[number % shapes.length] ?? "fresh",
    seed: random.below(2 ** 31),
    calls: 20 + random.below(isLong ? MANY_CALLS : USUAL_CALLS),
  };
}

/**
 * Whether what the host says of its files can differ each time: what is written through has the times of when it was written.
 * Such a log is compared with those times left out.
 */
export const hasHostTimes = (recipe: Recipe): boolean => recipe.shape !== "copy";
