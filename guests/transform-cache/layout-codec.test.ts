import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Layout } from "../transform/layout.ts";
import { transformModule } from "../transform/transform-module.ts";
import { decodeLayout, encodeLayout } from "./layout-codec.ts";

const u32 = fc.oneof(fc.nat(200), fc.nat(2 ** 32 - 1));
const s32 = fc.oneof(fc.integer({ min: -200, max: 200 }), fc.integer({ min: 1 - 2 ** 32, max: 2 ** 32 - 1 }));
const name = fc.oneof(
  fc.constantFrom("", "_start", "0", "1", "__proto__", "constructor", "\u0000", "\ufeffx"),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const list = <Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> => fc.array(item, { maxLength: 20 });

const few = <Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> => fc.array(item, { maxLength: 4 });

const layouts: fc.Arbitrary<Layout> = fc.record({
  version: u32,
  imports: list(fc.record({ module: name, name, slot: s32, params: list(u32), results: list(u32) })),
  leafCount: u32,
  frames: few(
    fc.record({
      bytes: few(u32),
      larger: few(fc.record({ point: u32, references: u32, before: few(u32) })),
    }),
  ),
  exports: list(fc.tuple(name, u32)).map((exports) => Object.fromEntries(exports)),
  start: fc.option(u32),
  slots: list(s32),
  slowFunctions: list(s32),
  reentries: list(u32),
  slowImports: u32,
  preemptSlot: u32,
  globals: list(fc.record({ index: u32, type: u32 })),
  drops: list(fc.record({ flag: name, drop: name })),
  tables: list(fc.record({ type: u32, min: u32, max: u32 })),
  writesTables: fc.boolean(),
  referenced: list(u32),
  memory: fc.record({ minPages: u32, maxPages: u32 }),
  stackBytes: fc.maxSafeNat(),
  canonicalNans: fc.boolean(),
});

/** Equal also in the order of their keys, and in what is an own property. */
const textOf = (layout: Layout | null): string => JSON.stringify(layout);

describe("a layout", () => {
  test("is what it was when its bytes are decoded", () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        expect(textOf(decodeLayout(encodeLayout(layout)))).toBe(textOf(layout));
      }),
      { numRuns: 200 },
    );
  });

  test("has one way to be written: other bytes are another layout, or none", () => {
    fc.assert(
      fc.property(layouts, fc.nat(), fc.integer({ min: 1, max: 255 }), (layout, place, change) => {
        const bytes = encodeLayout(layout);
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const decoded = decodeLayout(bytes);
        if (decoded === null) return;
        expect(textOf(decoded)).not.toBe(textOf(layout));
        expect(Buffer.compare(encodeLayout(decoded), bytes)).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  test("of a program is what it was", () => {
    const path = new URL("../../../property-tests/guests/prebuilt/std-files.wasm", import.meta.url);
    const result = transformModule(readFileSync(path));
    if (!result.ok) throw new Error(result.error.what);
    const decoded = decodeLayout(encodeLayout(result.value.layout));
    expect(textOf(decoded)).toBe(textOf(result.value.layout));
  });
});

describe("bytes that are no layout", () => {
  const sample = encodeLayout(fc.sample(layouts, { numRuns: 1, seed: 7 })[0] as Layout);

  test("are those that are cut off anywhere, or go on", () => {
    for (let length = 0; length < sample.length; length += 1)
      expect(decodeLayout(sample.slice(0, length))).toBeNull();
    expect(decodeLayout(Uint8Array.of(...sample, 0))).toBeNull();
  });

  test("are a list that says it is longer than the file", () => {
    expect(decodeLayout(Uint8Array.of(1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0))).toBeNull();
  });

  test("are whatever comes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = decodeLayout(bytes);
        if (decoded !== null) expect(Buffer.compare(encodeLayout(decoded), bytes)).toBe(0);
      }),
    );
  });
});
