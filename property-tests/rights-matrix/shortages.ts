import { everything, type Held } from "./matrix-scene.ts";
import { choicesOf, type Need, type RightsRow } from "./rights-row.ts";
import { ALL_SPEC_RIGHTS, bitsOf } from "./spec-rights.ts";

/** What is held when one need of one descriptor is not fulfilled, and all other rights are there. */
export interface Shortage {
  /** The descriptor's place in the row. */
  readonly at: number;
  readonly need: Need;
  readonly held: readonly Held[];
}

/** All rights but those that would fulfil a need. */
const without = (need: Need): number => ALL_SPEC_RIGHTS & ~bitsOf(choicesOf(need));

/** A row's shortages, one for each need. */
export const shortagesOf = (row: RightsRow): readonly Shortage[] =>
  row.through.flatMap(({ rights, inheriting }, at) => {
    const short = (held: Held): readonly Held[] =>
      row.through.map((_, index) => (index === at ? held : everything));
    return [
      ...rights.map((need) => ({ at, need, held: short({ ...everything, rights: without(need) }) })),
      ...inheriting.map((need) => ({ at, need, held: short({ ...everything, inheriting: without(need) }) })),
    ];
  });
