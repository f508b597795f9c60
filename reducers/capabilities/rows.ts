/** Rows of capabilities as they come and go: each is in the tree, and counted by its object. */
import { FRESH, type Own } from "../../core/own.ts";
import type { CapabilitiesState, Capability } from "./capability-state.ts";
import { noLinks, plant, uproot } from "./derivation-tree.ts";
import { countHolder } from "./kernel-objects.ts";
import { rowThatIs } from "./slots.ts";
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
    ...noLinks,
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
export function drop(capabilities: Own<CapabilitiesState>, address: number): void {
  const { object, target, terms } = rowThatIs(capabilities as unknown as CapabilitiesState, address);
  if (terms !== null) endTerms(capabilities, terms);
  if (object === "void") capabilities.spentCount -= 1;
  uproot(capabilities, address);
  countHolder(capabilities, object, target, -1);
}
