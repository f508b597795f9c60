import type { Epochal } from "./own.ts";
import { type Page, PAGE_BITS, type Table } from "./table.ts";

/** Takes every row with its key, in the order of the keys; several times as fast as `rowsOf` where there are many. */
export function eachRow<Row extends Epochal>(
  { root, levels }: Table<Row>,
  take: (key: number, row: Row) => void,
): void {
  if (root !== null) eachRowIn(root, (levels - 1) * PAGE_BITS, 0, take);
}

function eachRowIn<Row extends Epochal>(
  { items }: Page<Row>,
  shift: number,
  first: number,
  take: (key: number, row: Row) => void,
): void {
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index] as Row | Page<Row> | null;
    if (item === null) continue;
    const key = first + index * 2 ** shift;
    if (shift === 0) take(key, item as Row);
    else eachRowIn(item as Page<Row>, shift - PAGE_BITS, key, take);
  }
}
