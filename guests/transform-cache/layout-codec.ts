/**
 * A Layout as bytes. There is one way to write each, and bytes that are not written so are none: what is decoded is
 * encoded again and compared. Lists are as long as the bytes that are left at most, so nothing is made that is larger
 * than what was read.
 */
import { ByteReader, MalformedBytes } from "../../core/byte-reader.ts";
import { ByteWriter } from "../../core/byte-writer.ts";
import type { Layout } from "../transform/layout.ts";

/** Three numbers of three bytes for each of a million functions, which is what V8 takes, and as much for names. */
export const MAX_LAYOUT_BYTES = 16 << 20;

const MAX_U32 = 2 ** 32 - 1;

/** A valid layout only: its numbers are whole, its names well-formed. */
export function encodeLayout(layout: Layout): Uint8Array {
  const writer = new ByteWriter();
  const list = <Item>(items: readonly Item[], write: (item: Item) => void): void => {
    writer.uint(items.length);
    items.forEach(write);
  };
  const uint = (value: number): void => writer.uint(value);
  const sint = (value: number): void => writer.sint(value);
  const flag = (value: boolean): void => writer.byte(value ? 1 : 0);
  uint(layout.version);
  list(layout.imports, ({ module, name, slot, params, results }) => {
    writer.text(module);
    writer.text(name);
    sint(slot);
    list(params, uint);
    list(results, uint);
  });
  uint(layout.leafCount);
  list(layout.frames, ({ bytes, larger }) => {
    list(bytes, uint);
    list(larger, ({ point, references, before }) => {
      uint(point);
      uint(references);
      list(before, uint);
    });
  });
  list(Object.entries(layout.exports), ([name, index]) => {
    writer.text(name);
    uint(index);
  });
  sint(layout.start ?? -1);
  list(layout.slots, sint);
  list(layout.slowFunctions, sint);
  list(layout.reentries, uint);
  uint(layout.slowImports);
  uint(layout.preemptSlot);
  list(layout.globals, ({ index, type }) => {
    uint(index);
    uint(type);
  });
  list(layout.drops, ({ flag: name, drop }) => {
    writer.text(name);
    writer.text(drop);
  });
  list(layout.tables, ({ type, min, max }) => {
    uint(type);
    uint(min);
    uint(max);
  });
  flag(layout.writesTables);
  list(layout.referenced, uint);
  uint(layout.memory.minPages);
  uint(layout.memory.maxPages);
  uint(layout.stackBytes);
  flag(layout.canonicalNans);
  return writer.view().slice();
}

class LayoutReader extends ByteReader {
  list<Item>(read: () => Item): Item[] {
    const count = this.uint();
    if (count > this.end - this.offset) this.refuse("a list that is no longer than the bytes that are left");
    const items: Item[] = [];
    for (let index = 0; index < count; index += 1) items.push(read());
    return items;
  }

  name(): string {
    return this.text(this.end - this.offset);
  }

  u32 = (): number => {
    const value = this.uint();
    return value > MAX_U32 ? this.refuse("a number of 32 bits") : value;
  };

  s32 = (): number => {
    const value = this.sint();
    return Math.abs(value) > MAX_U32 ? this.refuse("a number of 32 bits and its sign") : value;
  };
}

/** The layout that was encoded to these bytes, or null. */
export function decodeLayout(bytes: Uint8Array): Layout | null {
  if (bytes.length > MAX_LAYOUT_BYTES) return null;
  try {
    const layout = readLayout(new LayoutReader(bytes));
    return Buffer.compare(encodeLayout(layout), bytes) === 0 ? layout : null;
  } catch (error) {
    if (error instanceof MalformedBytes) return null;
    throw error;
  }
}

/** An object is made in the order in which it is written down, so this is the order of the bytes. */
function readLayout(reader: LayoutReader): Layout {
  const { u32, s32 } = reader;
  return {
    version: u32(),
    imports: reader.list(() => ({
      module: reader.name(),
      name: reader.name(),
      slot: s32(),
      params: reader.list(u32),
      results: reader.list(u32),
    })),
    leafCount: u32(),
    frames: reader.list(() => ({
      bytes: reader.list(u32),
      larger: reader.list(() => ({ point: u32(), references: u32(), before: reader.list(u32) })),
    })),
    exports: Object.fromEntries(reader.list(() => [reader.name(), u32()] as const)),
    start: startOf(s32()),
    slots: reader.list(s32),
    slowFunctions: reader.list(s32),
    reentries: reader.list(u32),
    slowImports: u32(),
    preemptSlot: u32(),
    globals: reader.list(() => ({ index: u32(), type: u32() })),
    drops: reader.list(() => ({ flag: reader.name(), drop: reader.name() })),
    tables: reader.list(() => ({ type: u32(), min: u32(), max: u32() })),
    writesTables: reader.byte() === 1,
    referenced: reader.list(u32),
    memory: { minPages: u32(), maxPages: u32() },
    stackBytes: reader.uint(),
    canonicalNans: reader.byte() === 1,
  };
}

const startOf = (index: number): number | null => (index < 0 ? null : index);
