import type { Own } from "./own.ts";

/**
 * A recipe: it writes the slice that it owns and returns nothing. It never refuses, never reads time, chance, locale or
 * another slice, and keeps no reference to the event or to what hangs below it.
 */
export type Reducer<State, Event> = (state: Own<State>, event: Event) => void;
