/** A claim of why an event could happen, as whoever explains it hands it to the verifier: nothing in it is believed. */
export interface ChainLink {
  /** The capability that was used. */
  readonly id: number;
  /** The event that it was used for. */
  readonly seq: number;
  readonly pid: number;
  /** Other capabilities that were needed beside it: a table, a brand, the other directory of a rename. */
  readonly beside: readonly number[];
}

export type Chain =
  /** From the capability that an event names to one that boot granted. */
  | { readonly kind: "capability"; readonly seq: number; readonly links: readonly ChainLink[] }
  /** No authority was needed. */
  | { readonly kind: "none"; readonly seq: number };

/** More links than a chain has that anybody can follow. */
export const MAX_LINKS = 100_000;
