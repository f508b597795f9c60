/** What a capability allows and under which terms, in names. */
import { hasWasiRights, namesOfRights } from "../../core/object-rights.ts";
import { rightNamesOf } from "../../core/rights.ts";
import type { Capability, Terms } from "../../reducers/capabilities/capability-state.ts";

export const rightsNames = ({ object, rights }: Pick<Capability, "object" | "rights">): readonly string[] =>
  namesOfRights(object, rights);

/** The rights that what is opened through it may have: of files alone. */
export const inheritingNames = ({ object, inheriting }: Capability): readonly string[] =>
  hasWasiRights(object) ? rightNamesOf(inheriting) : [];

/** Under which terms something is held; null for none. */
export interface HeldTerms {
  /** Kernel time in microseconds at which it ends; null for never. */
  readonly until: number | null;
  /** How often it may still be used; null for without end. */
  readonly uses: number | null;
  /** Whether it ends with what it was made of. */
  readonly endsWithHolder: boolean;
  readonly weak: boolean;
  /** The membrane that it came through; null for none. */
  readonly membrane: number | null;
  readonly inside: boolean;
}

export const heldTerms = (terms: Terms | null): HeldTerms | null =>
  terms === null
    ? null
    : {
        until: terms.until === 0 ? null : terms.until,
        uses: terms.uses < 0 ? null : terms.uses,
        endsWithHolder: terms.holder !== 0,
        weak: terms.isWeak,
        membrane: terms.membrane === 0 ? null : terms.membrane,
        inside: terms.isInside,
      };

const MICROS = 1e6;

/** As `until 1.500000 s, 2 uses left, weak, through membrane:4 (inside)`. */
export function termsText(terms: HeldTerms | null): string {
  if (terms === null) return "";
  const { until, uses, endsWithHolder, weak, membrane, inside } = terms;
  const words: string[] = [];
  if (until !== null) words.push(`until ${(until / MICROS).toFixed(6)} s`);
  if (uses !== null) words.push(`${uses} ${uses === 1 ? "use" : "uses"} left`);
  if (endsWithHolder) words.push("ends with its source");
  if (weak) words.push("weak");
  if (membrane !== null) words.push(`through membrane:${membrane}${inside ? " (inside)" : ""}`);
  return words.join(", ");
}
