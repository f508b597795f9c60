import { allRightsOf } from "../../core/object-rights.ts";
import { allRights } from "../../core/rights.ts";
import { peek, rowsOf } from "../../core/table.ts";
import { tableCountsAreRight } from "../../core/table-invariants.ts";
import { MAX_SLOTS, NOWHERE, slotOf, space } from "./address.ts";
import type { CapabilitiesState, Capability } from "./capability-state.ts";
import { allSlots } from "./capability-selectors.ts";
import { derivationInvariants } from "./derivation-invariants.ts";
import { isKernelObject } from "./kernel-objects.ts";
import { rowAt, spaceTables } from "./slots.ts";
import { isLeased } from "./terms.ts";

type Statement = (capabilities: CapabilitiesState) => boolean;

/** All that somebody holds, wherever it lies; of slots that a revocation has emptied there is nothing to hold. */
export const allCapabilities = (capabilities: CapabilitiesState): readonly Capability[] =>
  [...allSlots(capabilities)].flatMap(([, row]) => (row.object === "void" ? [] : [row]));

/** No two capabilities are the same one. */
export const capabilityIdsAreUnique: Statement = (capabilities) => {
  const ids = allCapabilities(capabilities).map(({ id }) => id);
  return new Set(ids).size === ids.length;
};

/** A capability is younger than the one it was derived from. */
export const parentsAreOlder: Statement = (capabilities) =>
  allCapabilities(capabilities).every(({ id, parent }) => parent < id);

/** Nobody has a right that there is none of, for that kind of object. */
export const rightsAreOfTheKind: Statement = (capabilities) =>
  allCapabilities(capabilities).every(
    ({ object, rights, inheriting }) =>
      (rights & ~allRightsOf(object)) === 0 && (inheriting & ~allRights) === 0,
  );

/** Tables count their slots; all but those of processes are given back when they are empty. */
export const slotTablesCountRight: Statement = (capabilities) =>
  Object.values(space).every((where) => {
    const tables = spaceTables(capabilities, where);
    return (
      tableCountsAreRight(tables) &&
      [...rowsOf(tables)].every(
        ([, { slots }]) =>
          tableCountsAreRight(slots) &&
          (where === space.process || slots.root !== null) &&
          [...rowsOf(slots)].every(([slot]) => slot < MAX_SLOTS),
      )
    );
  });

/** Each object counts how many capabilities there are to it (law A12), and there is none to what is no more. */
export const holdersAreCounted: Statement = (capabilities) => {
  const counts = new Map<number, number>();
  for (const { object, target } of allCapabilities(capabilities))
    if (isKernelObject(object)) counts.set(target, (counts.get(target) ?? 0) + 1);
  const rows = [...rowsOf(capabilities.objects)];
  return (
    [...counts.keys()].every((target) => peek(capabilities.objects, target) !== null) &&
    rows.every(([id, { holders }]) => id < capabilities.nextObject && holders === (counts.get(id) ?? 0))
  );
};

/** A capability to a kernel object is of the kind that the object is. */
export const kindsAgree: Statement = (capabilities) =>
  allCapabilities(capabilities).every(
    ({ object, target }) => !isKernelObject(object) || peek(capabilities.objects, target)?.kind === object,
  );

/** What was spent of each budget is what its objects cost, and no more than there was (law R8). */
export const budgetsAreKept: Statement = (capabilities) => {
  const spent = new Map<number, number>();
  for (const [, { budget, bytes }] of rowsOf(capabilities.objects))
    spent.set(budget, (spent.get(budget) ?? 0) + bytes);
  return [...rowsOf(capabilities.budgets)].every(
    ([id, { limit, used }]) =>
      used === (spent.get(id) ?? 0) && used <= limit && peek(capabilities.objects, id)?.kind === "budget",
  );
};

/** What may be spent is counted, and leases that end by themselves know their place among those that do. */
export const leasesAreCounted: Statement = (capabilities) => {
  const slots = [...allSlots(capabilities)];
  const spent = slots.filter(([, row]) => row.object === "void" || isLeased(row)).length;
  const dated = slots.filter(([, { terms }]) => terms !== null && terms.place >= 0);
  return (
    spent === capabilities.spentCount &&
    dated.length === [...rowsOf(capabilities.leases)].length &&
    dated.every(([address, { terms }]) => peek(capabilities.leases, terms?.place ?? -1)?.key === address)
  );
};

/** What ends with another capability ends no later: as long as it is there, that is. */
export const leasesHaveTheirHolders: Statement = (capabilities) => {
  const held = allCapabilities(capabilities);
  const ids = new Set(held.map(({ id }) => id));
  return held.every(({ terms }) => terms === null || terms.holder === 0 || ids.has(terms.holder));
};

/** Each membrane knows all that came through it, and nothing else. */
export const membersAreOfTheirMembrane: Statement = (capabilities) => {
  const marked = [...allSlots(capabilities)].filter(
    ([, { terms }]) => peek(capabilities.membranes, terms?.membrane ?? 0) !== null,
  );
  let listed = 0;
  for (const [membrane, { firstMember }] of rowsOf(capabilities.membranes)) {
    let previous = NOWHERE;
    for (let at = firstMember; at !== NOWHERE; listed += 1) {
      const terms = rowAt(capabilities, at)?.terms ?? null;
      if (terms?.membrane !== membrane || terms.previousMember !== previous || listed > marked.length)
        return false;
      previous = at;
      at = terms.nextMember;
    }
  }
  return listed === marked.length;
};

/** A slot that a revocation has emptied is of a process, and leads nowhere. */
export const voidsAreEmpty: Statement = (capabilities) =>
  [...allSlots(capabilities)].every(
    ([address, { object, rights, terms, above, below }]) =>
      object !== "void" ||
      (rights === 0 && terms === null && above === NOWHERE && below === NOWHERE && slotOf(address) >= 0),
  );

export const capabilityInvariants: Readonly<Record<string, Statement>> = {
  capabilityIdsAreUnique,
  parentsAreOlder,
  rightsAreOfTheKind,
  slotTablesCountRight,
  holdersAreCounted,
  kindsAgree,
  budgetsAreKept,
  leasesAreCounted,
  leasesHaveTheirHolders,
  membersAreOfTheirMembrane,
  voidsAreEmpty,
  ...derivationInvariants,
};
