/**
 * The derivation tree: what was made of what, so that whoever handed something on can take it back from all whom it has reached. Each
 * row names, by address, what it hangs below, the first that hangs below it, and its neighbours there; the newest comes first. What is
 * closed leaves those below it to what it hung below itself, as seL4 has it. Costs: constant, but for closing and moving, which cost as
 * much as there are rows directly below.
 */
import { FRESH, type Own } from "../../core/own.ts";
import { NOWHERE } from "./address.ts";
import type { CapabilitiesState, Capability } from "./capability-state.ts";
import { ownRow, putRow, rowThatIs, takeRow } from "./slots.ts";

type Links = Pick<Capability, "above" | "below" | "next" | "previous">;

export const noLinks: Links = { above: NOWHERE, below: NOWHERE, next: NOWHERE, previous: NOWHERE };

const plain = (capabilities: Own<CapabilitiesState>): CapabilitiesState =>
  capabilities as unknown as CapabilitiesState;

/** Puts a new row, which has no links yet, at an address and below another one. */
export function plant(
  capabilities: Own<CapabilitiesState>,
  address: number,
  row: Own<Capability>,
  above: number,
): void {
  if (above !== NOWHERE) {
    const parent = ownRow(capabilities, above);
    row.above = above;
    row.next = parent.below;
    if (parent.below !== NOWHERE) ownRow(capabilities, parent.below).previous = address;
    parent.below = address;
  }
  putRow(capabilities, address, row as unknown as Capability);
}

/** Takes a row out, which is about to go or to become something else: those below it hang below what it hung below, in its place. */
function unlink(
  capabilities: Own<CapabilitiesState>,
  { above, below, next, previous }: Readonly<Links>,
): void {
  if (below === NOWHERE) return join(capabilities, { above, previous, next });
  if (above === NOWHERE) return release(capabilities, below);
  let last = below;
  for (let child = below; child !== NOWHERE; ) {
    const row = ownRow(capabilities, child);
    row.above = above;
    last = child;
    child = row.next;
  }
  ownRow(capabilities, below).previous = previous;
  if (previous === NOWHERE) ownRow(capabilities, above).below = below;
  else ownRow(capabilities, previous).next = below;
  ownRow(capabilities, last).next = next;
  if (next !== NOWHERE) ownRow(capabilities, next).previous = last;
}

/**
 * Takes one row after the other from the tree, as `unlink` does. Whole trees go from their leaves up, each row before its next
 * neighbour and the last of them before what they hang below: where the next to go is the one that names a row, it is left as it is.
 */
export class Felling {
  /** The last row whose neighbour still names it; and whether the next to go still names rows below that are gone. */
  #neighbour: number = NOWHERE;
  #isBare = false;

  unlink(
    capabilities: Own<CapabilitiesState>,
    address: number,
    row: Readonly<Links>,
    nextToGo: number,
  ): void {
    const { above, next } = row;
    const below = this.#isBare ? NOWHERE : row.below;
    const previous = row.previous === this.#neighbour ? NOWHERE : row.previous;
    this.#neighbour = NOWHERE;
    this.#isBare = false;
    const isFirst = below === NOWHERE && previous === NOWHERE && nextToGo !== NOWHERE;
    if (isFirst && next === nextToGo) this.#neighbour = address;
    else if (isFirst && next === NOWHERE && above === nextToGo) this.#isBare = true;
    else unlink(capabilities, { above, below, next, previous });
  }
}

/** Closes the gap that a row leaves among its neighbours. */
function join(
  capabilities: Own<CapabilitiesState>,
  { above, previous, next }: Pick<Links, "above" | "previous" | "next">,
): void {
  if (previous !== NOWHERE) ownRow(capabilities, previous).next = next;
  else if (above !== NOWHERE) ownRow(capabilities, above).below = next;
  if (next !== NOWHERE) ownRow(capabilities, next).previous = previous;
}

/** Those below what was a root are roots. */
function release(capabilities: Own<CapabilitiesState>, first: number): void {
  for (let child = first; child !== NOWHERE; ) {
    const row = ownRow(capabilities, child);
    child = row.next;
    row.above = NOWHERE;
    row.next = NOWHERE;
    row.previous = NOWHERE;
  }
}

/** Moves a row to an empty address, with its place in the tree. */
export function transplant(capabilities: Own<CapabilitiesState>, from: number, to: number): void {
  const row = { ...rowThatIs(plain(capabilities), from), epoch: FRESH };
  takeRow(capabilities, from);
  if (row.terms !== null) row.terms = { ...row.terms, epoch: FRESH };
  putRow(capabilities, to, row);
  if (row.previous !== NOWHERE) ownRow(capabilities, row.previous).next = to;
  else if (row.above !== NOWHERE) ownRow(capabilities, row.above).below = to;
  if (row.next !== NOWHERE) ownRow(capabilities, row.next).previous = to;
  for (let child = row.below; child !== NOWHERE; ) {
    const below = ownRow(capabilities, child);
    below.above = to;
    child = below.next;
  }
}
