/**
 * What differs between two states. As states of one timeline share what did not change, the walk goes down unequal pointers only,
 * and costs what differs, not what there is. Rows that came or went are one difference each, with the whole row.
 */
import type { Epochal } from "../core/own.ts";
import { invariant } from "../core/assert.ts";
import type { Page, Table } from "../core/table.ts";
import { fieldsOf, isRecord, isTable, plainOf, ROWS } from "./state-tree.ts";

/** `before` is null for what came, `after` for what went. Both are plain data, tables flattened by their keys. */
export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Two parts that stand in the same place, still to be compared. */
interface Pair {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Pages to be compared: their level, and the key of the first row below. */
interface PagePair {
  readonly path: string;
  readonly level: number;
  readonly firstKey: number;
  readonly before: Page<Epochal> | null;
  readonly after: Page<Epochal> | null;
}

const FAN_OUT = 32;

/** The differences in the order of the fields and keys, made as they are asked for. */
export function* differencesOf(before: object, after: object): Generator<Difference> {
  const todo: (Pair | PagePair)[] = [{ path: "", before, after }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (next.before === next.after) continue;
    const found: (Pair | PagePair)[] = [];
    if ("level" in next) comparePages(next, found);
    else if (isTable(next.before) && isTable(next.after)) compareTables(next, found);
    else if (isRecord(next.before) && isRecord(next.after)) compareFields(next, found);
    else if (isDifferent(next.before, next.after)) {
      yield { path: next.path, before: plainOf(next.before), after: plainOf(next.after) };
    }
    for (let index = found.length - 1; index >= 0; index -= 1) todo.push(found[index] as Pair | PagePair);
  }
}

/** All differences of two states. */
export const diffStates = (before: object, after: object): readonly Difference[] => [
  ...differencesOf(before, after),
];

const join = (path: string, key: string | number): string => (path === "" ? String(key) : `${path}/${key}`);

function compareFields({ path, before, after }: Pair, found: (Pair | PagePair)[]): void {
  const left = before as Readonly<Record<string, unknown>>;
  const right = after as Readonly<Record<string, unknown>>;
  for (const key of fieldsOf({ ...left, ...right })) {
    const isRows = key === ROWS && isTable(left[key]) && isTable(right[key]);
    found.push({
      path: isRows ? path : join(path, key),
      before: left[key] ?? null,
      after: right[key] ?? null,
    });
  }
}

function compareTables({ path, before, after }: Pair, found: (Pair | PagePair)[]): void {
  const left = before as Table<Epochal>;
  const right = after as Table<Epochal>;
  const level = Math.max(left.levels, right.levels) - 1;
  if (level < 0) return;
  found.push({ path, level, firstKey: 0, before: raise(left, level), after: raise(right, level) });
}

/** A table's root as if the table had so many levels above its own. */
function raise(table: Table<Epochal>, level: number): Page<Epochal> | null {
  let page = table.root;
  if (page === null) return null;
  for (let own = table.levels - 1; own < level; own += 1) {
    page = { epoch: 0, count: page.count, items: [page] };
  }
  return page;
}

function comparePages({ path, level, firstKey, before, after }: PagePair, found: (Pair | PagePair)[]): void {
  invariant(level < 8, "a table of 31-bit keys has at most 7 levels");
  const capacity = FAN_OUT ** level;
  for (let index = 0; index < FAN_OUT; index += 1) {
    const left = before?.items[index] ?? null;
    const right = after?.items[index] ?? null;
    if (left === right) continue;
    const key = firstKey + index * capacity;
    if (level === 0) found.push({ path: join(path, key), before: left, after: right });
    else {
      const pages = { before: left as Page<Epochal> | null, after: right as Page<Epochal> | null };
      found.push({ path, level: level - 1, firstKey: key, ...pages });
    }
  }
}

/** Whether two parts differ that are not both records: numbers, texts, lists, or one of them is not there. */
function isDifferent(before: unknown, after: unknown): boolean {
  if (Array.isArray(before) && Array.isArray(after)) return JSON.stringify(before) !== JSON.stringify(after);
  return before !== after;
}

/** Whether a difference says nothing that another does not say too: how a directory finds its names. */
export const isFollowing = ({ path }: Difference): boolean =>
  /^files\/inodes\/\d+\/entries\/(?:buckets|bits|split|nextSerial)(?:\/|$)/.test(path);

/** The longest a value may be in a line. */
const MAX_VALUE_LENGTH = 200;

function formatValue(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= MAX_VALUE_LENGTH
    ? text
    : `${text.slice(0, MAX_VALUE_LENGTH)}... (${text.length} characters)`;
}

/** Whether a field of a row says little in a line: it is empty, or a time. */
const isDull = (key: string, value: unknown): boolean =>
  /(?:Seconds|Nanos)$/.test(key) ||
  [0, "", null, false].includes(value as null) ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

function formatRow(row: Readonly<Record<string, unknown>>): string {
  return formatValue(Object.fromEntries(Object.entries(row).filter(([key, value]) => !isDull(key, value))));
}

/** A difference as a line: what changed, came (+) or went (-). */
export function formatDifference({ path, before, after }: Difference): string {
  if (isRecord(after) && before === null) return `+ ${path}  ${formatRow(after)}`;
  if (isRecord(before) && after === null) return `- ${path}  ${formatRow(before)}`;
  return `  ${path}  ${formatValue(before)} -> ${formatValue(after)}`;
}
