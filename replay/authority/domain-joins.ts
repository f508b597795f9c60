/** Which grants made one domain of trust of several: what an administrator is warned of, because no policy can hold them apart any more. */
import { peek } from "../../core/table.ts";
import type { AuthorityView, HeldRow } from "./authority-view.ts";
import { type TrustDomains, trustDomains } from "./trust-domains.ts";

export interface DomainJoin {
  /** The domains that were apart, by their pids. */
  readonly domains: TrustDomains;
  /** The capability without which they would be, of those held now that were made or moved since. */
  readonly by: HeldRow;
}

/** More are not looked for: each costs a look at all that is held for each time that what is new can be halved. */
export const MOST_JOINS = 32;

/** Processes in sets that are only ever joined. */
class Joined {
  #sets: TrustDomains;

  constructor(pids: readonly number[]) {
    this.#sets = pids.map((pid) => [pid]);
  }

  /** The sets that have members in one domain, for each domain that has several. */
  apart(domains: TrustDomains): readonly TrustDomains[] {
    return domains
      .map((domain) => {
        const members = new Set(domain);
        return this.#sets.filter((set) => set.some((pid) => members.has(pid)));
      })
      .filter((sets) => sets.length > 1);
  }

  join(domains: TrustDomains): void {
    for (const sets of this.apart(domains)) {
      const all = sets.flat().sort((one, other) => one - other);
      this.#sets = [...this.#sets.filter((set) => !sets.includes(set)), all];
    }
  }
}

/** Of two moments of one recording; who was not there before, or is no longer, was of no domain. In the order in which they joined. */
export function domainJoins(before: AuthorityView, after: AuthorityView): readonly DomainJoin[] {
  const lives = ({ state }: AuthorityView, pid: number): boolean =>
    peek(state.processes.rows, pid)?.exitCode === -1;
  const old = trustDomains(before);
  const joined = new Joined(old.flat().filter((pid) => lives(before, pid) && lives(after, pid)));
  joined.join(old);
  const wasThere = ({ address, capability: { id, rights } }: HeldRow): boolean => {
    const known = before.at(address)?.capability;
    return known?.id === id && known.rights === rights;
  };
  const kept = after.rows.filter(wasThere);
  const fresh = after.rows
    .filter((row) => row.capability.object !== "void" && !wasThere(row))
    .sort((one, other) => one.capability.id - other.capability.id);
  const domainsWith = (count: number): TrustDomains =>
    trustDomains(after, [...kept, ...fresh.slice(0, count)]);
  const whole = domainsWith(fresh.length);
  const joins: DomainJoin[] = [];
  joined.join(domainsWith(0));
  for (let from = 0; joins.length < MOST_JOINS && joined.apart(whole).length > 0; ) {
    const count = fewest(from + 1, fresh.length, (some) => joined.apart(domainsWith(some)).length > 0);
    const by = fresh[count - 1];
    if (by === undefined) break;
    const domains = domainsWith(count);
    for (const sets of joined.apart(domains)) joins.push({ domains: sets, by });
    joined.join(domains);
    from = count;
  }
  return joins;
}

/** The least number of a range for which something is so that is so for all above it, and for the last. */
function fewest(first: number, last: number, isSo: (count: number) => boolean): number {
  let low = first;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
