import { describe, expect, test } from "@jest/globals";
import { exportOf, importOf, moduleOf, section, vector } from "../module/module-builder.ts";
import { transformModule } from "../transform/transform-module.ts";
import { SUSPEND } from "./instance-host.ts";
import { judgeImage } from "./judge-image.ts";
import type { ProcessImage } from "./process-image.ts";
import { SuspendableInstance } from "./suspendable-instance.ts";
import { SuspendableProgram } from "./suspendable-program.ts";

const I32 = 0x7f;
const FUNCREF = 0x70;

/** A program with a global of i32 and one of a function, a table that it writes, and a call in its `_start`. */
const bytes = moduleOf(
  section(1, vector([0x60, 0, 0])),
  section(2, vector(importOf("outside", "ask", 0, 0))),
  section(3, [2, 0, 0]),
  section(4, [1, FUNCREF, 0, 2]),
  section(5, [1, 0, 1]),
  section(6, vector([I32, 1, 0x41, 5, 0x0b], [FUNCREF, 1, 0xd2, 2, 0x0b])),
  section(7, vector(exportOf("_start", 0, 1), exportOf("memory", 2, 0))),
  section(9, vector([0, 0x41, 0, 0x0b, 1, 2])),
  section(
    10,
    vector(
      [16, 0, 0x41, 1, 0x24, 0, 0x41, 0, 0xd0, FUNCREF, 0x26, 0, 0x10, 0, 0x01, 0x01, 0x0b],
      [2, 0, 0x0b],
    ),
  ),
);

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

/** The stack with one of its words changed, counted from the end. */
function withWord(back: number, value: number): Uint8Array {
  const stack = image.stack.slice();
  new DataView(stack.buffer).setUint32(stack.length - back, value, true);
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
    ["that waits for nothing", { call: null }, "rest as it says"],
    ["that waits and says otherwise", { status: "preempted" }, "rest as it says"],
    ["that is ready and has a stack", { status: "ready", call: null }, "rest as it says"],
    ["with a reference to no function", { references: [99] }, "refers to a function"],
    ["with a function in its table that it has not", { tables: [Int32Array.of(77)] }, "refers to a function"],
    ["with a global that it has not", { globals: [[7, 0n, 0n]] }, "it has a global"],
    ["with a number for a function", { globals: [[1, 0n, 0n]] }, "it has a global"],
    ["with a function for a number", { globalReferences: [[0, -1]] }, "it has a global"],
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
  ];

  test.each(changes)("%s", (_, change, why) => {
    expect(judgeImage({ ...image, ...change }, layout)).toContain(why);
  });

  test("that waits and has no stack", () => {
    expect(judgeImage({ ...image, stack: new Uint8Array(0) }, layout)).toContain("rest as it says");
  });
});
