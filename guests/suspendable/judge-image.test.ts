import { describe, expect, test } from "@jest/globals";
import { exportOf, importOf, moduleOf, section, vector } from "../module/module-builder.ts";
import { transformModule } from "../transform/transform-module.ts";
import { SUSPEND } from "./instance-host.ts";
import { judgeImage } from "./judge-image.ts";
import type { ProcessImage } from "./process-image.ts";
import { SuspendableInstance } from "./suspendable-instance.ts";
import { SuspendableProgram } from "./suspendable-program.ts";

const I32 = 0x7f;
const I64 = 0x7e;
const F32 = 0x7d;
const F64 = 0x7c;
const V128 = 0x7b;
const FUNCREF = 0x70;
const NEGATIVE = Array<number>(16).fill(0xff);

/**
 * A program with a global of each type, a table that it writes, and in its `_start` a call of two arguments, over which it keeps a
 * reference.
 */
const bytes = moduleOf(
  section(1, vector([0x60, 0, 0], [0x60, 2, I32, I64, 1, I32])),
  section(2, vector(importOf("outside", "ask", 0, 1))),
  section(3, [2, 0, 0]),
  section(4, [1, FUNCREF, 1, 2, 5]),
  section(5, [1, 0, 1]),
  section(
    6,
    vector(
      [I32, 1, 0x41, 5, 0x0b],
      [FUNCREF, 1, 0xd2, 2, 0x0b],
      [I64, 1, 0x42, 0x7f, 0x0b],
      [F32, 1, 0x43, 0, 0, 0x80, 0xbf, 0x0b],
      [F64, 1, 0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0xbf, 0x0b],
      [V128, 1, 0xfd, 0x0c, ...NEGATIVE, 0x0b],
    ),
  ),
  section(7, vector(exportOf("_start", 0, 1), exportOf("memory", 2, 0))),
  section(9, vector([0, 0x41, 0, 0x0b, 1, 2])),
  section(10, vector(sized([1, 1, FUNCREF, ...startBody(), 0x0b]), sized([0, 0x0b]))),
);

/** Keeps function 2, sets global 0 to -5 and entry 0 of the table to null, and asks. */
function startBody(): readonly number[] {
  const keep = [0xd2, 2, 0x21, 0];
  const change = [0x41, 0x7b, 0x24, 0, 0x41, 0, 0xd0, FUNCREF, 0x26, 0];
  return [...keep, ...change, 0x41, 7, 0x42, 0x7e, 0x10, 0, 0x1a, 0x20, 0, 0xd1, 0x1a];
}

function sized(body: readonly number[]): readonly number[] {
  return [body.length, ...body];
}

function made() {
  const result = transformModule(bytes, { maxPages: 3 });
  if (!result.ok) throw new Error(result.error.what);
  const program = new SuspendableProgram(result.value);
  const process = new SuspendableInstance(program, { call: () => SUSPEND });
  const fresh = process.image();
  process.run(Number.POSITIVE_INFINITY);
  return { layout: result.value.layout, program, fresh, image: process.image() };
}

const { layout, program, fresh, image } = made();

test("the images of a process are of its program, before it runs and while it waits", () => {
  expect([judgeImage(fresh, layout), judgeImage(image, layout)]).toEqual([null, null]);
  expect([fresh.status, image.status, image.tables?.map(({ length }) => length)]).toEqual([
    "ready",
    "waiting",
    [2],
  ]);
  expect(() => SuspendableInstance.restore(program, image, { host: { call: () => SUSPEND } })).not.toThrow();
});

const pageAt = (index: number): ProcessImage["pages"][number] => ({
  index,
  bytes: new Uint8Array(4096),
  address: new Uint8Array(32),
});

const withGlobal = (number: number, low: bigint, high = 0n): ProcessImage["globals"] =>
  image.globals.map((global) => (global[0] === number ? [number, low, high] : global));

/** The stack with one of its words changed, counted from the end. */
function withWord(back: number, value: number): Uint8Array {
  const stack = image.stack.slice();
  new DataView(stack.buffer).setUint32(stack.length - back, value, true);
  return stack;
}

/** The stack with another slot in its innermost piece. */
function withLeaf(slot: number): Uint8Array {
  const stack = image.stack.slice();
  new DataView(stack.buffer).setUint32(4, slot, true);
  return stack;
}

describe("an image is of no process of the program", () => {
  const changes: readonly (readonly [string, Partial<ProcessImage>, string])[] = [
    ["of another transform", { version: layout.version + 1 }, "version"],
    ["of no memory", { memoryPages: 0 }, "its memory has 0 pages"],
    ["of too much memory", { memoryPages: 4 }, "its memory has 4 pages"],
    ["before its beginning", { entry: -2 }, "it runs what"],
    ["behind its end", { entry: 1 }, "it runs what"],
    ["in a call that it has not", { call: { index: 1, args: [] } }, "it calls what"],
    ["in a call of no arguments", { call: { index: 0, args: [] } }, "other arguments"],
    ["in a call of too many", { call: { index: 0, args: [7, -2n, 0] } }, "other arguments"],
    ["in a call of other types", { call: { index: 0, args: [-2n, 7] } }, "other arguments"],
    ["in a call of a number beyond 32 bits", { call: { index: 0, args: [2 ** 31, 7n] } }, "other arguments"],
    ["in a call of a number beyond 64", { call: { index: 0, args: [7, 2n ** 63n] } }, "other arguments"],
    ["that waits and has its answer", { answer: 0 }, "an answer that it has"],
    ["answered by nothing", { call: null, status: "preempted" }, "it has no answer"],
    ["answered by another type", { call: null, status: "preempted", answer: 5n }, "of another type"],
    ["answered beyond 32 bits", { call: null, status: "preempted", answer: 2 ** 31 }, "of another type"],
    ["that has run without end", { ticksUsed: 2 ** 52 + 1 }, "it has used"],
    ["that has used half a tick", { ticksUsed: 0.5 }, "it has used"],
    ["that has more ticks than there are", { ticksLeft: 2 ** 51 + 1 }, "ticks left"],
    ["that owes more than can be owed", { ticksLeft: -(2 ** 31) - 1 }, "ticks left"],
    ["with a page behind its memory", { pages: [pageAt(16)] }, "pages that are not"],
    ["with a page before it", { pages: [pageAt(-1)] }, "pages that are not"],
    ["with half a page", { pages: [{ ...pageAt(0), bytes: new Uint8Array(2048) }] }, "pages that are not"],
    ["without its references", { references: [] }, "1 references, and it has 0"],
    ["with one reference more", { references: [2, 2] }, "1 references, and it has 2"],
    [
      "with more references than there can be",
      { references: Array<number>((1 << 20) + 1).fill(-1) },
      "its frames hold 1048577 references",
    ],
    ["that waits for nothing", { call: null }, "rest as it says"],
    ["that waits and says otherwise", { status: "preempted" }, "rest as it says"],
    ["that is ready and has a stack", { status: "ready", call: null }, "rest as it says"],
    ["with a reference to no function", { references: [99] }, "refers to a function"],
    ["with a function in its table that it has not", { tables: [Int32Array.of(77)] }, "refers to a function"],
    [
      "with a function in a table that is another's",
      { tables: [Int32Array.of(2, 1)] },
      "refers to a function",
    ],
    ["with a global that it has not", { globals: [[7, 0n, 0n], ...image.globals.slice(1)] }, "its globals"],
    ["with a number for a function", { globals: [[1, 0n, 0n], ...image.globals.slice(1)] }, "its globals"],
    ["with a function for a number", { globalReferences: [[0, -1]] }, "its globals"],
    ["without its globals", { globals: [] }, "its globals"],
    ["without its function", { globalReferences: [] }, "its globals"],
    ["with a global twice", { globals: [...image.globals, [0, 0n, 0n]] }, "its globals"],
    ["with an i32 of 33 bits", { globals: withGlobal(0, 2n ** 31n) }, "its global 0"],
    ["with an i32 that has an upper half", { globals: withGlobal(0, 0n, 1n) }, "its global 0"],
    ["with an i64 of 65 bits", { globals: withGlobal(2, 2n ** 63n) }, "its global 2"],
    ["with an f32 of 33 bits", { globals: withGlobal(3, 2n ** 31n) }, "its global 3"],
    ["with an f64 of 65 bits", { globals: withGlobal(4, -(2n ** 63n) - 1n) }, "its global 4"],
    ["with an f64 that has an upper half", { globals: withGlobal(4, 0n, -1n) }, "its global 4"],
    ["with a vector of 129 bits", { globals: withGlobal(5, 0n, 2n ** 63n) }, "its global 5"],
    ["with a table that is too short", { tables: [Int32Array.of(-1)] }, "its table 0"],
    ["with a table that is too long", { tables: [new Int32Array(6).fill(-1)] }, "its table 0"],
    ["without its tables", { tables: null }, "its tables"],
    ["with one table more", { tables: [Int32Array.of(-1), Int32Array.of(-1)] }, "its tables"],
    ["that has dropped what it has not", { dropped: ["region"] }, "it has dropped"],
    [
      "with half a word on its stack",
      { stack: image.stack.slice(0, image.stack.length - 2) },
      "its stack is none",
    ],
    ["with a piece of no size", { stack: withWord(4, 0) }, "its stack is none"],
    [
      "with a piece that is larger than all",
      { stack: withWord(4, image.stack.length + 4) },
      "its stack is none",
    ],
    ["with a piece that is no multiple of a word", { stack: withWord(4, 13) }, "its stack is none"],
    ["with a slot that is not there", { stack: withWord(8, layout.slots.length) }, "its stack is none"],
    ["with no more than a part of a piece", { stack: new Uint8Array(8) }, "its stack is none"],
    ["at a point that the function has not", { stack: withWord(12, 99) }, "its stack is none"],
    ["at no point", { stack: withWord(12, 0) }, "its stack is none"],
    [
      "with a leaf outside",
      { stack: Buffer.concat([image.stack, image.stack.slice(0, 12)]) },
      "its stack is none",
    ],
    ["with a frame and no leaf", { stack: image.stack.slice(12) }, "its stack is none"],
    ["with a leaf and no frame", { stack: image.stack.slice(0, 12) }, "hold 0 references"],
    ["with a leaf of another type", { stack: withLeaf(layout.preemptSlot) }, "waits for something else"],
  ];

  test.each(changes)("%s", (_, change, why) => {
    expect(judgeImage({ ...image, ...change }, layout)).toContain(why);
  });

  test("that waits and has no stack", () => {
    expect(judgeImage({ ...image, stack: new Uint8Array(0) }, layout)).toContain("rest as it says");
  });
});
