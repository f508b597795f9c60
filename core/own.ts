/**
 * Ownership, the one idea that lets one recipe run under two drivers.
 *
 * Every record that a recipe may write carries the `epoch` in which it was copied. A record belongs to the fold that is
 * running when its epoch equals its parent's, and the root's epoch is the fold's own. So `own(parent, key)` copies a child
 * only when the stamps differ, stamps the copy, and from then on writes go in place until the next epoch begins:
 *
 *   - the copy-on-write driver begins an epoch by giving the root a higher stamp. All that hangs below it is older, hence
 *     shared with the state before, hence copied on the first write and left as it was for whoever holds that state;
 *   - immer's drafts never begin an epoch: all stamps are equal, nothing is copied here, and the write lands on the draft.
 *
 * No driver is asked for, no set of owned objects is kept, and no recipe can tell which driver runs it. Stamps are
 * bookkeeping, not state: canonical bytes, hashes, diffs and comparisons leave `epoch` out.
 *
 * `Own<T>` opens one level for writing; what hangs below stays readonly until it is owned too. The brand makes a write
 * through anything else a compile error, because TypeScript would let a readonly record pass for a writable one.
 */
import { invariant } from "./assert.ts";

export interface Epochal {
  readonly epoch: number;
}

declare const owned: unique symbol;

export type Own<Record> = { -readonly [Key in keyof Record]: Record[Key] } & { readonly [owned]: true };

/** The stamp of a record that was just made: older than every fold's. */
export const FRESH = 0;

export type EpochalKeys<Parent> = {
  [Key in keyof Parent]: NonNullable<Parent[Key]> extends Epochal ? Key : never;
}[keyof Parent];

/** The child of an owned record, owned too: copied at most once in an epoch. The child must be there. */
export function own<Parent extends Epochal, Key extends EpochalKeys<Parent>>(
  parent: Own<Parent>,
  key: Key,
): Own<NonNullable<Parent[Key]>> {
  const holder = parent as unknown as Record<Key, Epochal | null> & Epochal;
  const child = holder[key];
  invariant(child !== null, "an owned record is there");
  if (child.epoch === holder.epoch) return child as unknown as Own<NonNullable<Parent[Key]>>;
  const copy = { ...child, epoch: holder.epoch };
  holder[key] = copy;
  return copy as unknown as Own<NonNullable<Parent[Key]>>;
}

/** A state whose next writes copy: whoever holds the old state keeps it as it is. */
export function beginEpoch<State extends Epochal>(state: State): Own<State> {
  return { ...state, epoch: state.epoch + 1 } as unknown as Own<State>;
}
