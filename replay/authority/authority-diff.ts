/** Authority that was gained and lost between two moments: by who holds it and to what, wherever in a table it lies. */
import { namesOfRights } from "../../core/object-rights.ts";
import { rightNamesOf } from "../../core/rights.ts";
import type { AuthorityView, HeldRow } from "./authority-view.ts";
import { holderName, programName } from "./holder.ts";
import { keyOf } from "./object-ref.ts";

/** What one holder may do more, or may no longer do, with one object. */
export interface AuthorityChange {
  readonly change: "gained" | "lost";
  /** `process:1`, `table:3`, `message of process:2`. */
  readonly holder: string;
  /** The program's name; empty for what is no process. */
  readonly program: string;
  readonly object: string;
  readonly rights: readonly string[];
  /** Rights that what is opened through it may have. */
  readonly inheriting: readonly string[];
}

/** All that a holder may do with an object, over all of its capabilities. */
interface Held {
  readonly holder: string;
  readonly program: string;
  readonly object: string;
  readonly kind: HeldRow["capability"]["object"];
  rights: number;
  inheriting: number;
}

/** What was lost and then what was gained; two recordings are compared by names, two moments of one by objects. */
export function authorityDiff(
  before: AuthorityView,
  after: AuthorityView,
  isOneRecording: boolean,
): readonly AuthorityChange[] {
  const old = heldIn(before, isOneRecording);
  const now = heldIn(after, isOneRecording);
  return [...beyond(old, now, "lost"), ...beyond(now, old, "gained")].sort(
    (one, other) =>
      compareTexts(one.holder, other.holder) ||
      compareTexts(one.object, other.object) ||
      compareTexts(other.change, one.change),
  );
}

const collator = new Intl.Collator("en", { numeric: true });
const compareTexts = (one: string, other: string): number => collator.compare(one, other);

function heldIn(view: AuthorityView, byObject: boolean): ReadonlyMap<string, Held> {
  const all = new Map<string, Held>();
  for (const row of view.rows) {
    const { object, rights, inheriting } = row.capability;
    if (object === "void") continue;
    const holder = holderName(row.holder);
    const name = view.names.nameOf(row.ref);
    const key = `${holder} ${object} ${byObject ? keyOf(row.ref) : name}`;
    const known = all.get(key);
    if (known !== undefined) {
      known.rights |= rights;
      known.inheriting |= inheriting;
      continue;
    }
    const program =
      "pid" in row.holder && row.holder.kind !== "message" ? programName(view.state, row.holder.pid) : "";
    all.set(key, { holder, program, object: name, kind: object, rights, inheriting });
  }
  return all;
}

/** What some hold beyond others. A capability that allows nothing is told when it comes and goes, too. */
function* beyond(
  some: ReadonlyMap<string, Held>,
  others: ReadonlyMap<string, Held>,
  change: AuthorityChange["change"],
): Generator<AuthorityChange> {
  for (const [key, { holder, program, object, kind, rights, inheriting }] of some) {
    const other = others.get(key);
    const more = rights & ~(other?.rights ?? 0);
    const moreInherited = inheriting & ~(other?.inheriting ?? 0);
    if (other !== undefined && more === 0 && moreInherited === 0) continue;
    yield {
      change,
      holder,
      program,
      object,
      rights: namesOfRights(kind, more),
      inheriting: rightNamesOf(moreInherited),
    };
  }
}
