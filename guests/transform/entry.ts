/**
 * How a version of a function is entered: the fast one at its beginning only, the slow one at any point, a
 * reentry at the head of one loop. It decides which items a sequence can be entered at, and how.
 */
export interface Entry {
  /** Whether the version may have to come into this block other than from before it. */
  readonly isTarget: (block: number) => boolean;
  /** The items of a sequence that its head jumps to. */
  readonly itemsOf: (block: number, isElse: boolean) => readonly number[];
  /** Writes the jump to one of the items, where the sequence begins. */
  readonly jump: (items: readonly number[]) => void;
  /** The code before a target block ends here. */
  readonly arrive: (block: number) => void;
  /** Writes the condition of a target `if`; without a jump it is what the local holds. */
  readonly condition: (block: number, local: number) => void;
  /** Code at the very head of a block, which may use no operands. */
  readonly hasHead: (block: number) => boolean;
  readonly head: (block: number) => void;
}

export const fastEntry: Entry = {
  isTarget: () => false,
  itemsOf: () => [],
  jump: () => {},
  arrive: () => {},
  condition: () => {},
  hasHead: () => false,
  head: () => {},
};
