/** What goes with capabilities that are held under terms: leases that end, and who came through which membrane. */
import { addDue, removeDue } from "../../core/heap.ts";
import { FRESH, own, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, editIf } from "../../core/table.ts";
import { NOWHERE } from "./address.ts";
import type { Derived } from "./capability-event.ts";
import type { CapabilitiesState, Capability, Terms } from "./capability-state.ts";
import { ownRow } from "./slots.ts";

const leasesIn = ownerOf<CapabilitiesState>()("leases");
const membranesIn = ownerOf<CapabilitiesState>()("membranes");

/** The terms that a derivation says; null for none. */
export function termsOf(event: Derived): Terms | null {
  const { until, uses, holder, weak, membrane, inside } = event;
  if (until === 0 && uses === 0 && holder === 0 && !weak && membrane === 0) return null;
  return newTerms({
    until,
    uses: uses === 0 ? -1 : uses,
    holder,
    isWeak: weak,
    membrane,
    isInside: inside,
  });
}

/** Terms that say no more than what is told. */
export const newTerms = (told: Partial<Terms>): Terms => ({
  epoch: FRESH,
  until: 0,
  uses: -1,
  place: -1,
  holder: 0,
  isWeak: false,
  membrane: 0,
  isInside: false,
  nextMember: NOWHERE,
  previousMember: NOWHERE,
  ...told,
});

/** The terms of what is opened through a capability: as its own, but for how often that may be used; null for none. */
export function inheritedTerms(terms: Terms | null): Terms | null {
  if (terms === null) return null;
  const { until, holder, isWeak, membrane, isInside } = terms;
  if (until === 0 && holder === 0 && !isWeak && membrane === 0) return null;
  return newTerms({ until, holder, isWeak, membrane, isInside });
}

/** Whether a capability ends by itself. */
export const isLeased = ({ terms }: Capability): boolean =>
  terms !== null && (terms.until > 0 || terms.uses >= 0);

const ownTerms = (capabilities: Own<CapabilitiesState>, address: number): Own<Terms> =>
  own(ownRow(capabilities, address), "terms");

/** Hears where among the leases a capability stands now, unless it is about to go. */
const placedIn =
  (capabilities: Own<CapabilitiesState>) =>
  (address: number, place: number): void => {
    if (place >= 0) ownTerms(capabilities, address).place = place;
  };

/** A capability with terms lies at an address: it is counted among the leases and the members. */
export function beginTerms(capabilities: Own<CapabilitiesState>, address: number, terms: Terms): void {
  if (terms.until > 0)
    addDue(leasesIn(capabilities), { key: address, until: terms.until }, placedIn(capabilities));
  if (terms.until > 0 || terms.uses >= 0) capabilities.spentCount += 1;
  if (terms.membrane !== 0) joinMembrane(capabilities, address, terms.membrane);
}

/** Of a membrane that is no more, which nobody can revoke, nobody need know who came through it. */
function joinMembrane(capabilities: Own<CapabilitiesState>, address: number, id: number): void {
  const membrane = editIf(membranesIn(capabilities), id);
  if (membrane === null) return;
  const member = ownTerms(capabilities, address);
  member.nextMember = membrane.firstMember;
  member.previousMember = NOWHERE;
  if (membrane.firstMember !== NOWHERE) ownTerms(capabilities, membrane.firstMember).previousMember = address;
  membrane.firstMember = address;
}

/** A capability with terms is about to go from its address. */
export function endTerms(capabilities: Own<CapabilitiesState>, terms: Terms): void {
  if (terms.place >= 0) removeDue(leasesIn(capabilities), terms.place, placedIn(capabilities));
  if (terms.until > 0 || terms.uses >= 0) capabilities.spentCount -= 1;
  if (terms.membrane === 0) return;
  const { nextMember, previousMember } = terms;
  const membrane = editIf(membranesIn(capabilities), terms.membrane);
  if (membrane === null) return;
  if (previousMember !== NOWHERE) ownTerms(capabilities, previousMember).nextMember = nextMember;
  else membrane.firstMember = nextMember;
  if (nextMember !== NOWHERE) ownTerms(capabilities, nextMember).previousMember = previousMember;
}

/** A capability with terms lies at another address now. */
export function moveTerms(capabilities: Own<CapabilitiesState>, terms: Terms, to: number): void {
  if (terms.place >= 0) edit(leasesIn(capabilities), terms.place).key = to;
  if (terms.membrane === 0) return;
  const { nextMember, previousMember } = terms;
  const membrane = editIf(membranesIn(capabilities), terms.membrane);
  if (membrane === null) return;
  if (previousMember !== NOWHERE) ownTerms(capabilities, previousMember).nextMember = to;
  else membrane.firstMember = to;
  if (nextMember !== NOWHERE) ownTerms(capabilities, nextMember).previousMember = to;
}

/** One use less; the last one makes the lease due at once. */
export function countUse(capabilities: Own<CapabilitiesState>, address: number): void {
  const terms = ownTerms(capabilities, address);
  terms.uses -= 1;
  if (terms.uses > 0) return;
  if (terms.place >= 0) removeDue(leasesIn(capabilities), terms.place, placedIn(capabilities));
  addDue(leasesIn(capabilities), { key: address, until: 0 }, placedIn(capabilities));
}
