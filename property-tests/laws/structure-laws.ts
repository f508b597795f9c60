import fc from "fast-check";
import { beginEpoch, type Epochal, FRESH, own, type Own } from "../../core/own.ts";
import {
  edit,
  emptyTable,
  lowestFree,
  MAX_KEY,
  nextKey,
  peek,
  remove,
  removeFrom,
  rowsOf,
  set,
  sizeOf,
  type Table,
} from "../../core/table.ts";
import { tableCountsAreRight } from "../../core/table-invariants.ts";
import { ByteReader, MalformedBytes } from "../../core/byte-reader.ts";
import { ByteWriter } from "../../core/byte-writer.ts";
import { cutChunk, overlay } from "../../reducers/files/chunk.ts";
import {
  addName,
  type Directory,
  emptyDirectory,
  entryFrom,
  findEntry,
  nameCount,
  removeName,
  replaceEntry,
} from "../../reducers/files/directory.ts";
import { anyCharacter } from "../model/any-character.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

interface Row extends Epochal {
  readonly value: number;
}
interface Holder extends Epochal {
  readonly table: Table<Row>;
}

type TableStep =
  | { readonly do: "set" | "edit"; readonly key: number; readonly value: number }
  | { readonly do: "remove" | "cut"; readonly key: number }
  /** All keys from 0 up to, but not including, this one. */
  | { readonly do: "fill"; readonly key: number }
  | { readonly do: "snapshot" };

const key = fc.oneof(
  fc.nat(40),
  fc.nat(40),
  fc.nat(1100),
  fc.constantFrom(31, 32, 1023, 1024, 2 ** 20, MAX_KEY - 1),
);
const tableStep: fc.Arbitrary<TableStep> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom("set", "edit"), key, value: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("remove", "remove", "cut"), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fill" as const), key: fc.nat(70) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("snapshot" as const) }) },
);

/** The rows of a table as a reader sees them. */
const rowsIn = (table: Table<Row>): readonly (readonly [number, number])[] =>
  [...rowsOf(table)].map(([at, row]) => [at, row.value]);

function applyToTable(table: Own<Table<Row>>, model: Map<number, number>, step: TableStep): void {
  if (step.do === "snapshot") return;
  const isThere = model.has(step.key);
  switch (step.do) {
    case "set":
      set(table, step.key, { epoch: FRESH, value: step.value });
      model.set(step.key, step.value);
      return;
    case "edit":
      if (isThere) edit(table, step.key).value = step.value;
      if (isThere) model.set(step.key, step.value);
      return;
    case "remove":
      if (isThere) remove(table, step.key);
      model.delete(step.key);
      return;
    case "fill":
      for (let at = 0; at < step.key; at += 1) applyToTable(table, model, { do: "set", key: at, value: at });
      return;
    case "cut":
      removeFrom(table, step.key);
      for (const known of model.keys()) if (known >= step.key) model.delete(known);
  }
}

function tableIsMap(steps: readonly TableStep[]): void {
  let holder = beginEpoch<Holder>({ epoch: FRESH, table: emptyTable<Row>() });
  const model = new Map<number, number>();
  const kept: { readonly table: Table<Row>; readonly rows: readonly (readonly [number, number])[] }[] = [];
  for (const step of steps) {
    if (step.do === "snapshot") {
      kept.push({ table: holder.table, rows: rowsIn(holder.table) });
      holder = beginEpoch(holder as unknown as Holder);
    }
    applyToTable(own(holder, "table"), model, step);
    const { table } = holder;
    const sorted = [...model].sort(([left], [right]) => left - right);
    demandEqual(rowsIn(table), sorted, `the rows after ${step.do}`);
    demandEqual(sizeOf(table), model.size, "how many they are");
    demand(tableCountsAreRight(table), "each page counts what is below it, and none is empty");
    let free = 0;
    while (model.has(free)) free += 1;
    demandEqual(lowestFree(table), free, "the lowest free key");
    for (const from of [0, 5, 33, 1024]) {
      demandEqual(
        nextKey(table, from),
        sorted.find(([at]) => at >= from)?.[0] ?? -1,
        `the next key from ${from}`,
      );
    }
    if ("key" in step)
      demandEqual(peek(table, step.key)?.value, model.get(step.key), `the row under ${step.key}`);
  }
  for (const { table, rows } of kept) demandEqual(rowsIn(table), rows, "an older snapshot");
}

interface NameStep {
  readonly do: "add" | "remove" | "replace";
  readonly name: number;
}

const nameStep: fc.Arbitrary<NameStep> = fc.record({
  do: fc.constantFrom("add", "add", "add", "remove", "replace"),
  name: fc.nat(120),
});

function directoryIsOrderedMap(steps: readonly NameStep[], seed: number): void {
  const directory = beginEpoch<Directory>(emptyDirectory(true));
  const read = directory as unknown as Directory;
  let model: { readonly name: string; inode: number }[] = [];
  steps.forEach((step, index) => {
    const name = `name-${step.name}`;
    const known = model.find((entry) => entry.name === name);
    if (step.do === "add" && known === undefined) {
      addName(directory, { name, inode: index, kind: 4 }, seed);
      model.push({ name, inode: index });
    } else if (step.do === "remove" && known !== undefined) {
      removeName(directory, name, seed);
      model = model.filter((entry) => entry !== known);
    } else if (step.do === "replace" && known !== undefined) {
      replaceEntry(directory, name, index, 4, seed);
      known.inode = index;
    }
    demandEqual(
      findEntry(read, name, seed)?.inode,
      model.find((entry) => entry.name === name)?.inode,
      `the inode of ${name}`,
    );
    demandEqual(nameCount(read), model.length, "how many names there are");
  });
  const listed: unknown[] = [];
  for (let at = entryFrom(read, 0); at !== null; at = entryFrom(read, at.serial + 1)) {
    listed.push({ name: at.entry.name, inode: at.entry.inode });
  }
  demandEqual(listed, model, "the names in the order in which they were made");
  for (const { name, inode } of model)
    demandEqual(findEntry(read, name, seed)?.inode, inode, `the inode of ${name}, at the end`);
}

interface Placing {
  readonly start: number;
  readonly length: number;
  readonly cuts: boolean;
}

const CHUNK = 64;

/** Places pieces in a small chunk and in an array that says of each byte where in the stream it is. */
function overlayIsArray(placings: readonly Placing[]): void {
  let pieces: readonly number[] = [];
  let bytes: number[] = Array.from({ length: CHUNK }, () => -1);
  let head = 0;
  for (const { start, length: asked, cuts } of placings) {
    const length = Math.min(asked, CHUNK - start);
    if (cuts) {
      pieces = cutChunk(pieces, start);
      bytes = bytes.map((byte, at) => (at < start ? byte : -1));
    } else {
      pieces = overlay(pieces, start, head, length);
      const from = head;
      bytes = bytes.map((byte, at) => (at >= start && at < start + length ? from + at - start : byte));
      head += length;
    }
    const found: number[] = Array.from({ length: CHUNK }, () => -1);
    for (let index = 0; index < pieces.length; index += 3) {
      const [at = 0, position = 0, size = 0] = pieces.slice(index, index + 3);
      for (let step = 0; step < size; step += 1) found[at + step] = position + step;
    }
    demandEqual(found, bytes, "where each byte of the chunk is");
    const starts = pieces.filter((_, index) => index % 3 === 0);
    demandEqual(
      starts,
      [...starts].sort((left, right) => left - right),
      "pieces by their start",
    );
  }
}

function numbersComeBack(values: readonly number[], texts: readonly string[]): void {
  const writer = new ByteWriter(1);
  for (const value of values) writer.uint(value);
  for (const value of values) writer.sint(Math.floor(value / 2) * (value % 2 === 0 ? 1 : -1));
  for (const text of texts) writer.text(text);
  const bytes = writer.view().slice();
  const reader = new ByteReader(bytes);
  for (const value of values) demandEqual(reader.uint(), value, "a whole number");
  for (const value of values)
    demandEqual(reader.sint() + 0, Math.floor(value / 2) * (value % 2 === 0 ? 1 : -1) + 0, "a signed one");
  for (const text of texts) demandEqual(reader.text(1000), text, "a text");
  demandEqual(reader.offset, bytes.length, "the end");
  try {
    reader.byte();
    demand(false, "a byte behind the end is refused");
  } catch (error) {
    if (!(error instanceof MalformedBytes)) throw error;
  }
}

const whole = fc.oneof(
  fc.nat(300),
  fc.constantFrom(127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1),
  fc.maxSafeNat(),
);

export const structureLaws: readonly Law[] = [
  law({
    id: "S1",
    statement: "a paged table is a map by key, and its snapshots stay as they were",
    runs: 200,
    cases: fc.noBias(fc.array(tableStep, { maxLength: 60 })),
    holds: tableIsMap,
  }),
  law({
    id: "S2",
    statement: "a directory is an ordered map of names, however many come and go",
    runs: 60,
    cases: fc.record({ steps: fc.noBias(fc.array(nameStep, { maxLength: 250 })), seed: fc.nat(9) }),
    holds: ({ steps, seed }) => directoryIsOrderedMap(steps, seed),
  }),
  law({
    id: "S3",
    statement: "a chunk's pieces say of every byte where it is, whatever is laid over it or cut off",
    runs: 300,
    cases: fc.array(
      fc.record({ start: fc.nat(CHUNK - 1), length: fc.integer({ min: 1, max: CHUNK }), cuts: fc.boolean() }),
      {
        maxLength: 20,
      },
    ),
    holds: overlayIsArray,
  }),
  law({
    id: "S4",
    statement: "numbers and texts come back from their bytes",
    runs: 200,
    cases: fc.record({
      values: fc.array(whole, { maxLength: 12 }),
      texts: fc.array(fc.string({ unit: anyCharacter }), { maxLength: 4 }),
    }),
    holds: ({ values, texts }) => numbersComeBack(values, texts),
  }),
];
