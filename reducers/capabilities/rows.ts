/** Rows of capabilities as they come and go: each is in the tree, and counted by its object. */
import { FRESH, type Own } from "../../core/own.ts";
import { NOWHERE } from "./address.ts";
import type { CapabilitiesState, Capability } from "./capability-state.ts";
import { Felling, plant } from "./derivation-tree.ts";
import { countHolder } from "./kernel-objects.ts";
import { ownRow, rowThatIs, takeRow } from "./slots.ts";
import { endTerms } from "./terms.ts";

type Allowed = Pick<Capability, "object" | "target" | "rights" | "inheriting">;

/** A capability that nobody has derived anything from yet. */
export const newRow = (id: number, { object, target, rights, inheriting }: Allowed): Own<Capability> =>
  ({
    epoch: FRESH,
    id,
    object,
    target,
    rights,
    inheriting,
    parent: -1,
    badge: 0,
    label: "",
    terms: null,
    // Named one by one: to spread them takes longer than all else.
    above: NOWHERE,
    below: NOWHERE,
    next: NOWHERE,
    previous: NOWHERE,
  }) as Own<Capability>;

/** Puts a new capability at an address, below another one, and counts it. */
export function add(
  capabilities: Own<CapabilitiesState>,
  address: number,
  row: Own<Capability>,
  above: number,
): void {
  plant(capabilities, address, row, above);
  countHolder(capabilities, row.object, row.target, 1);
}

/** Empties a slot, whatever it holds. */
export function drop(
  capabilities: Own<CapabilitiesState>,
  address: number,
  felling = new Felling(),
  nextToGo = NOWHERE,
): void {
  const row = rowThatIs(capabilities as unknown as CapabilitiesState, address);
  const { object, target, terms } = row;
  if (terms !== null) endTerms(capabilities, terms);
  if (object === "void") capabilities.spentCount -= 1;
  takeRow(capabilities, address);
  felling.unlink(capabilities, address, row, nextToGo);
  countHolder(capabilities, object, target, -1);
}

/** Takes what a slot holds and leaves it in use: a void lies there, with the id of what it was. It is the same row, as that is faster. */
export function hollow(
  capabilities: Own<CapabilitiesState>,
  address: number,
  seq: number,
  felling: Felling,
  nextToGo: number,
): void {
  const row = ownRow(capabilities, address);
  const { object, target, terms } = row;
  if (terms !== null) endTerms(capabilities, terms);
  if (object !== "void") capabilities.spentCount += 1;
  felling.unlink(capabilities, address, row, nextToGo);
  countHolder(capabilities, object, target, -1);
  row.object = "void";
  row.target = seq;
  row.rights = 0;
  row.inheriting = 0;
  row.parent = -1;
  row.badge = 0;
  row.label = "";
  row.terms = null;
  row.above = NOWHERE;
  row.below = NOWHERE;
  row.next = NOWHERE;
  row.previous = NOWHERE;
}
