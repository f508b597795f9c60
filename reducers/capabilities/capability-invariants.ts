import { allRights } from "../../core/rights.ts";
import { rowsOf } from "../../core/table.ts";
import { tableCountsAreRight } from "../../core/table-invariants.ts";
import { type CapabilitiesState, type Capability, MAX_SLOTS } from "./capability-state.ts";

type Statement = (capabilities: CapabilitiesState) => boolean;

export const allCapabilities = (capabilities: CapabilitiesState): readonly Capability[] =>
  [...rowsOf(capabilities.tables)].flatMap(([, { slots }]) => [...rowsOf(slots)].map(([, held]) => held));

/** No two capabilities are the same one. */
export const capabilityIdsAreUnique: Statement = (capabilities) => {
  const ids = allCapabilities(capabilities).map(({ id }) => id);
  return new Set(ids).size === ids.length;
};

/** A capability is younger than the one it was derived from. */
export const parentsAreOlder: Statement = (capabilities) =>
  allCapabilities(capabilities).every(({ id, parent }) => parent < id);

export const rightsAreOfPreviewOne: Statement = (capabilities) =>
  allCapabilities(capabilities).every(
    ({ rights, inheriting }) => (rights & ~allRights) === 0 && (inheriting & ~allRights) === 0,
  );

export const slotTablesCountRight: Statement = (capabilities) =>
  tableCountsAreRight(capabilities.tables) &&
  [...rowsOf(capabilities.tables)].every(
    ([, { slots }]) => tableCountsAreRight(slots) && [...rowsOf(slots)].every(([slot]) => slot < MAX_SLOTS),
  );

export const capabilityInvariants: Readonly<Record<string, Statement>> = {
  capabilityIdsAreUnique,
  parentsAreOlder,
  rightsAreOfPreviewOne,
  slotTablesCountRight,
};
