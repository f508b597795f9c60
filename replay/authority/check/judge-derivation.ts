/** Judges that one capability was made of another: no more rights, no looser terms, and by whoever could (laws A1, A2, A4). */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { at, type HeldRow, isIn, isOf, ownerAt, spaceAt } from "./held-slots.ts";
import type { HoldsSome } from "./judge-use.ts";
import { judgeMeans } from "./judge-means.ts";
import { weakBitsOf } from "./wasi-bits.ts";

type Derived = Extract<KernelEvent, { type: "capability/derived" }>;
type Place = "own" | "services" | "kept" | "machine" | "message" | "elsewhere";

/** Where each kind of derivation takes from and puts to. */
const ways: Readonly<
  Record<Derived["how"], { readonly from: readonly Place[]; readonly to: readonly Place[] }>
> = {
  copied: { from: ["own"], to: ["own"] },
  minted: { from: ["own"], to: ["own"] },
  weakened: { from: ["own"], to: ["own"] },
  leased: { from: ["own"], to: ["own"] },
  wrapped: { from: ["own"], to: ["own"] },
  // What goes back through a membrane is made of what it was before, wherever that lies.
  fetched: { from: ["own", "services", "kept", "machine", "message", "elsewhere"], to: ["own"] },
  unsealed: { from: ["own", "services", "kept", "machine", "message", "elsewhere"], to: ["own"] },
  stored: { from: ["own", "services", "kept", "machine", "message", "elsewhere"], to: ["kept"] },
  sealed: { from: ["own"], to: ["kept"] },
  bound: { from: ["own"], to: ["kept", "services", "elsewhere"] },
  // Who hears through a membrane gets what was given as it arrives.
  given: { from: ["own", "services", "kept", "machine", "message", "elsewhere"], to: ["message", "own"] },
  inherited: { from: ["elsewhere"], to: ["own", "services"] },
  endowed: { from: ["machine"], to: ["own", "kept"] },
};

function placeOf(address: number, pid: number): Place {
  if (isOf(address, pid)) return "own";
  if (isIn(address, at.services, pid)) return "services";
  if (spaceAt(address) === at.kept) return ownerAt(address) === 0 ? "machine" : "kept";
  return spaceAt(address) === at.messages ? "message" : "elsewhere";
}

/** What is known of others beside the capability that something is made of. */
export interface DerivationMeans {
  readonly holdsSome: HoldsSome;
  /** Which brand a box was sealed with; -1: not known. */
  readonly brandOf: (box: number) => number;
  /** Whether a capability was made of another one, in any number of steps. */
  readonly descends: (id: number, ancestor: number) => boolean;
}

/** Why a derivation of `source` may not have happened; null if it may. */
export function judgeDerivation(event: Derived, source: HeldRow, means: DerivationMeans): string | null {
  const { how, from, to, pid } = event;
  const way = ways[how];
  if (!way.from.includes(placeOf(from, pid)) || !way.to.includes(placeOf(to, pid)))
    return `nothing that process ${pid} does leads from address ${from} to ${to} (${how})`;
  if (event.object !== source.object || event.target !== source.target)
    return `it is of ${event.object} ${event.target}, and capability #${source.id} of ${source.object} ${source.target}`;
  if ((event.rights & ~source.rights) !== 0 || (event.inheriting & ~source.inheriting) !== 0)
    return `it has more rights than capability #${source.id}, which it is made of`;
  return judgeTerms(event, source) ?? judgeMeans(event, source, means);
}

/** Ways by which something may go back through the membrane that it came through. */
const crosses: ReadonlySet<Derived["how"]> = new Set(["given", "fetched", "unsealed", "stored"]);

function judgeTerms(event: Derived, source: HeldRow): string | null {
  if (source.uses >= 0)
    return `capability #${source.id} may be used only so often, and nothing is made of it`;
  if (source.object === "reply") return "a right to reply is given to nobody else";
  if (source.badge !== 0 && event.badge !== source.badge) return `it has another badge than #${source.id}`;
  const isBack = event.membrane === 0 && crosses.has(event.how);
  if (source.membrane !== 0 && event.membrane !== source.membrane && !isBack)
    return `#${source.id} came through membrane ${source.membrane}, and it did not`;
  const weak = weakBitsOf(source.object);
  if (event.weak && ((event.rights | event.inheriting) & ~weak) !== 0)
    return "it is weak, and lets one do more than look";
  if (source.isWeak && !event.weak) return `it is not weak, and #${source.id}, which it is made of, is`;
  const isLonger = source.until > 0 && (event.until === 0 || event.until > source.until);
  return isLonger ? `it lasts longer than #${source.id}, which it is made of` : null;
}
