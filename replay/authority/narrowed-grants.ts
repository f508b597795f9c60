/**
 * What of its boot grants a process can do without, by what it used. This is what a re-run has to prove: a program that is told of
 * fewer rights may act otherwise (`fd_fdstat_get` tells it), and what a right was asked for in vain is not in the log.
 */
import { right, writeRights } from "../../core/rights.ts";
import { type HeldInStretch, unusedInheriting, unusedRights } from "./held-in-stretch.ts";
import type { UsedAuthority } from "./used-authority.ts";

export interface NarrowedGrant {
  readonly held: HeldInStretch;
  /** `none`: nothing of it was needed; `read-only`: nothing that changes a file; `all`: as it was. */
  readonly needs: "none" | "read-only" | "all";
}

/** Of each capability that boot granted, how much of it must be granted again. */
export function narrowedGrants({ capabilities }: UsedAuthority): readonly NarrowedGrant[] {
  const writers = usedToWrite(capabilities);
  return capabilities
    .filter(({ parent }) => parent < 0)
    .map((held) => ({ held, needs: needsOf(held, writers.has(held.id)) }));
}

function needsOf(held: HeldInStretch, writes: boolean): NarrowedGrant["needs"] {
  const isIdle = unusedRights(held) === held.rights && unusedInheriting(held) === held.inheriting;
  // A stream that a program has asked about is not the same as none.
  if (isIdle && (held.isDirectory || !held.isNamed)) return "none";
  return held.isDirectory && !writes ? "read-only" : "all";
}

/** All through which something was changed: by itself, or by what was opened through it. */
function usedToWrite(capabilities: readonly HeldInStretch[]): ReadonlySet<number> {
  const parents = new Map(capabilities.map(({ id, parent }) => [id, parent]));
  const writers = new Set<number>();
  for (const { id, used, usedInheriting } of capabilities) {
    if ((used & writeRights) === 0 && (usedInheriting & right.fdWrite) === 0) continue;
    for (
      let at: number | undefined = id;
      at !== undefined && at >= 0 && !writers.has(at);
      at = parents.get(at)
    )
      writers.add(at);
  }
  return writers;
}
