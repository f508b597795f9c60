/**
 * How large V8's young generation becomes in the threads of a running machine. V8 doubles it whenever as much has survived its
 * collections as it holds, up to 48 MiB in each thread: a machine that runs for an hour would hold far more than one that runs
 * for a minute, for nothing. A smaller one than this is not good either: what is promoted too early is garbage of the old
 * generation, which is collected late.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

const SEMI_SPACE_MEGABYTES = 4;

/** For a worker's resource limits: two semi-spaces, and as much for large objects. */
export const YOUNG_GENERATION_MEGABYTES = SEMI_SPACE_MEGABYTES * 3;

/** Threads that are started from now on have all of it at once. */
export function startYoungGenerationsLarge(): void {
  setFlagsFromString(`--min-semi-space-size=${SEMI_SPACE_MEGABYTES}`);
}

/**
 * Keeps the young generation of this thread, the main one, which can be given no limit, from growing any more once it is large
 * enough; returns whether it is. (The flag is the whole process's: other threads have their size from the start.)
 */
export function holdYoungGeneration(): boolean {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  if ((space?.space_size ?? 0) < SEMI_SPACE_MEGABYTES * 2 ** 20) return false;
  setFlagsFromString("--semi-space-growth-factor=1");
  return true;
}
