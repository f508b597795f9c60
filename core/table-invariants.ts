import type { Epochal } from "./own.ts";
import { type Page, PLACES, type Table } from "./table.ts";

/** Each page has as many places as a page may have, counts the rows below it, and is not empty. */
export function tableCountsAreRight(table: Table<Epochal>): boolean {
  if (table.root === null) return table.levels === 0;
  return table.levels > 0 && countBelow(table.root, table.levels) > 0;
}

/** The rows below a page; -1 if it, or one below it, does not count them right. */
function countBelow(page: Page<Epochal>, levels: number): number {
  if (!PLACES.includes(page.items.length)) return -1;
  let count = 0;
  for (const item of page.items) {
    if (item === null) continue;
    const below = levels === 1 ? 1 : countBelow(item as Page<Epochal>, levels - 1);
    if (below <= 0) return -1;
    count += below;
  }
  return count === page.count ? count : -1;
}

/** No record is newer than the one above it: what a fold owns hangs below what it owns. */
export function stampsFall(state: Epochal): boolean {
  return Object.values(state).every((below) => stampFalls(below, state.epoch));
}

function stampFalls(value: unknown, above: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  const own = (value as Partial<Epochal>).epoch;
  if (own !== undefined && own > above) return false;
  return Object.values(value).every((below) => stampFalls(below, own ?? above));
}
