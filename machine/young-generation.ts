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

/** After so many events both threads have as much as they may: less would be promoted, and be garbage there, for long. */
const GROWN_EVENTS = 1_000_000;

/**
 * Keeps the young generation of this thread, the main one, which can be given no limit, from growing any more once it is large
 * enough; returns whether it is. (The flag is the whole process's, but V8 reads it only where it doubles.)
 */
export function holdYoungGeneration(recordedEvents: number): boolean {
  if (recordedEvents < GROWN_EVENTS) return false;
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  if ((space?.space_size ?? 0) < 2 * SEMI_SPACE_MEGABYTES * 2 ** 20) return false;
  setFlagsFromString("--semi-space-growth-factor=1");
  return true;
}
