/**
 * A state as people read it: records with their fields, tables as rows under their keys whatever pages they stand in, and no
 * bookkeeping. A path names a part: `processes/1/status`, `files/inodes/12/size`. Where a subsystem has one table called `rows`, the
 * rows stand beside its other fields.
 */
import type { Epochal } from "../core/own.ts";
import { peek, rowsOf, sizeOf, type Table } from "../core/table.ts";

type Child = readonly [key: string, value: unknown];

type Fields = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isTable = (value: unknown): value is Table<Epochal> =>
  isRecord(value) && "levels" in value && "root" in value && "epoch" in value;

/** The field whose rows stand beside the record's other fields. */
export const ROWS = "rows";

/** The fields of a record in the order of their names: a state that was read from a keyframe knows no other. */
export const fieldsOf = (record: Fields): readonly string[] =>
  Object.keys(record)
    .filter((key) => key !== "epoch")
    .sort((left, right) => (left < right ? -1 : 1));

/** The parts of a state's part, in order; none of a number, a text or a list. */
export function* childrenOf(value: unknown): Generator<Child> {
  if (isTable(value)) {
    for (const [key, row] of rowsOf(value)) yield [String(key), row];
    return;
  }
  if (!isRecord(value)) return;
  for (const key of fieldsOf(value)) {
    const child = value[key];
    if (key === ROWS && isTable(child)) yield* childrenOf(child);
    else yield [key, child];
  }
}

/** How many parts there are, without looking at them. */
export function childCount(value: unknown): number {
  if (isTable(value)) return sizeOf(value);
  if (!isRecord(value)) return 0;
  const rows = value[ROWS];
  const fields = Object.keys(value).length - ("epoch" in value ? 1 : 0);
  return isTable(rows) ? fields - 1 + sizeOf(rows) : fields;
}

/** The part under a key; undefined if there is none. */
export function childOf(value: unknown, key: string): unknown {
  if (isTable(value)) return /^\d{1,10}$/.test(key) ? (peekRow(value, Number(key)) ?? undefined) : undefined;
  if (Array.isArray(value)) return /^\d{1,10}$/.test(key) ? value[Number(key)] : undefined;
  if (!isRecord(value) || key === "epoch") return undefined;
  if (Object.hasOwn(value, key)) return value[key];
  return isTable(value[ROWS]) ? childOf(value[ROWS], key) : undefined;
}

const peekRow = (table: Table<Epochal>, key: number): Epochal | null =>
  key <= MAX_ROW ? peek(table, key) : null;
const MAX_ROW = 2 ** 31 - 1;

/** A part with its tables flattened, as plain data to print or to send. */
export function plainOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const plain: Record<string, unknown> = {};
  for (const [key, child] of childrenOf(value)) plain[key] = plainOf(child);
  return plain;
}
