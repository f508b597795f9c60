/**
 * The derivation tree as lines, one a capability: each hangs below what it was made of, so whoever sees a line sees what a revocation
 * of it would take. Trees may be deep and wide; both are cut unless all is asked for, and what is cut is counted.
 */
import type { AuthorityView, HeldRow } from "./authority-view.ts";
import type { Wanted } from "./object-names.ts";
import { keyOf } from "./object-ref.ts";

export interface TreeLine {
  /** Null for a line that says how many were left out here. */
  readonly row: HeldRow | null;
  /** How deep it hangs; 0 for a root. */
  readonly depth: number;
  /** For each level whether its branch ends here, the line's own last: of deep lines only the innermost `DRAWN_LEVELS`. */
  readonly ends: readonly boolean[];
  /** Capabilities left out here. */
  readonly omitted: number;
}

export interface TreeBounds {
  readonly depth: number;
  /** Capabilities directly below one. */
  readonly children: number;
  readonly lines: number;
}

export const usualBounds: TreeBounds = { depth: 16, children: 24, lines: 1000 };
export const noBounds: TreeBounds = { depth: Infinity, children: Infinity, lines: Infinity };

/** Levels drawn of a line: a tree of 10,000 levels has lines that can be read, too. */
const DRAWN_LEVELS = 32;

interface Pending {
  readonly row: HeldRow | null;
  readonly above: Pending | null;
  readonly depth: number;
  readonly isLast: boolean;
  readonly omitted: number;
}

/** The trees of all that is held, of one object, or below one capability. Lines are made as they are asked for. */
export function* derivationLines(
  view: AuthorityView,
  wanted: Wanted | null,
  bounds: TreeBounds = usualBounds,
): Generator<TreeLine> {
  const shown = shownRows(view, wanted);
  const todo = rootsOf(view, wanted, shown)
    .map((row): Pending => ({ row, above: null, depth: 0, isLast: true, omitted: 0 }))
    .reverse();
  let lines = 0;
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if ((lines += 1) > bounds.lines)
      return yield { row: null, depth: 0, ends: [], omitted: todo.length + Math.max(1, next.omitted) };
    const { row, depth, omitted } = next;
    yield { row, depth, ends: endsOf(next), omitted };
    if (row !== null) for (const branch of branches(view, next, row, { bounds, shown })) todo.push(branch);
  }
}

function endsOf(line: Pending): readonly boolean[] {
  const ends: boolean[] = [];
  for (
    let at: Pending | null = line;
    at !== null && at.depth > 0 && ends.length < DRAWN_LEVELS;
    at = at.above
  )
    ends.push(at.isLast);
  return ends.reverse();
}

interface Walk {
  readonly bounds: TreeBounds;
  readonly shown: ReadonlySet<number> | null;
}

/** What hangs directly below, the last first. */
function branches(
  view: AuthorityView,
  above: Pending,
  row: HeldRow,
  { bounds, shown }: Walk,
): readonly Pending[] {
  const below = view.belowOf(row).filter(({ address }) => shown === null || shown.has(address));
  if (below.length === 0) return [];
  const depth = above.depth + 1;
  const kept = depth > bounds.depth ? [] : below.slice(0, bounds.children);
  const omitted = below.length - kept.length;
  const found = kept.map(
    (each, index): Pending => ({
      row: each,
      above,
      depth,
      isLast: omitted === 0 && index === kept.length - 1,
      omitted: 0,
    }),
  );
  if (omitted > 0) found.push({ row: null, above, depth, isLast: true, omitted });
  return found.reverse();
}

function rootsOf(
  view: AuthorityView,
  wanted: Wanted | null,
  shown: ReadonlySet<number> | null,
): readonly HeldRow[] {
  if (wanted?.kind === "capability") {
    const row = view.byId(wanted.id);
    return row === null ? [] : [row];
  }
  return view.rows.filter(
    (row) =>
      row.capability.object !== "void" &&
      view.at(row.capability.above) === null &&
      (shown === null || shown.has(row.address)),
  );
}

/** The capabilities to an object, all that hangs below them, and what they hang below; null for all. */
function shownRows(view: AuthorityView, wanted: Wanted | null): ReadonlySet<number> | null {
  if (wanted === null || wanted.kind === "capability") return null;
  const key = keyOf(wanted);
  const shown = new Set<number>();
  const todo = [...view.heldTo(wanted)];
  for (let row = todo.pop(); row !== undefined; row = todo.pop()) {
    shown.add(row.address);
    for (const below of view.belowOf(row)) if (!shown.has(below.address)) todo.push(below);
    if (keyOf(row.ref) !== key) continue;
    for (let at = view.at(row.capability.above); at !== null; at = view.at(at.capability.above)) {
      if (shown.has(at.address)) break;
      shown.add(at.address);
    }
  }
  return shown;
}
