/** What is true of the derivation tree after every event. */
import { NOWHERE } from "./address.ts";
import { allSlots } from "./capability-selectors.ts";
import type { CapabilitiesState } from "./capability-state.ts";
import { rowAt } from "./slots.ts";

type Statement = (capabilities: CapabilitiesState) => boolean;

/** Neighbours name each other, and what hangs below something names it (law A7). */
export const linksAgree: Statement = (capabilities) =>
  [...allSlots(capabilities)].every(([address, { above, below, next, previous }]) => {
    if (above === NOWHERE && (next !== NOWHERE || previous !== NOWHERE)) return false;
    if (above !== NOWHERE && rowAt(capabilities, above) === null) return false;
    if (next !== NOWHERE && rowAt(capabilities, next)?.previous !== address) return false;
    if (next !== NOWHERE && rowAt(capabilities, next)?.above !== above) return false;
    if (previous !== NOWHERE && rowAt(capabilities, previous)?.next !== address) return false;
    if (above !== NOWHERE && previous === NOWHERE && rowAt(capabilities, above)?.below !== address)
      return false;
    const first = below === NOWHERE ? null : rowAt(capabilities, below);
    return below === NOWHERE || (first !== null && first.above === address && first.previous === NOWHERE);
  });

/** Nothing was derived from itself (law A6): going up, everything comes to a root. */
export const derivationEnds: Statement = (capabilities) => {
  const isKnown = new Set<number>();
  for (const [start] of allSlots(capabilities)) {
    const way = new Set<number>();
    for (let at = start; at !== NOWHERE && !isKnown.has(at); ) {
      if (way.has(at)) return false;
      way.add(at);
      at = rowAt(capabilities, at)?.above ?? NOWHERE;
    }
    for (const address of way) isKnown.add(address);
  }
  return true;
};

/** What hangs below something is of the same object, but for what was opened through a directory, and replies (law A8). */
export const derivedIsOfTheSame: Statement = (capabilities) =>
  [...allSlots(capabilities)].every(([, { above, object, target }]) => {
    if (above === NOWHERE || object === "file" || object === "reply") return true;
    const source = rowAt(capabilities, above);
    return source !== null && source.object === object && source.target === target;
  });

export const derivationInvariants: Readonly<Record<string, Statement>> = {
  linksAgree,
  derivationEnds,
  derivedIsOfTheSame,
};
