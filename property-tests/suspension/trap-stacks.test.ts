import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { guestPath } from "../../bench/child-process.ts";
import { runPlainProgram } from "../../bench/shim-program.ts";
import { runSuspendedProgram, type Turns } from "../../bench/suspended-program.ts";
import { parseWasmFrames } from "../../guests/module/wasm-frames.ts";
import { SuspendableProgram } from "../../guests/suspendable/suspendable-program.ts";
import { type FramePlace, traceFrames } from "../../guests/transform/trace-frames.ts";
import { transformModule } from "../../guests/transform/transform-module.ts";
import { SLOW_MODULE_NAME } from "../../guests/transform/write-slow-module.ts";

const LONGEST_MILLIS = 60_000;

function thrownBy(work: () => unknown): object {
  try {
    work();
  } catch (error) {
    return error as object;
  }
  throw new Error("it did not trap");
}

const turns: readonly (readonly [string, Turns])[] = [
  ["never", { quantum: Number.POSITIVE_INFINITY, waits: false, restores: 0 }],
  ["at every call", { quantum: Number.POSITIVE_INFINITY, waits: true, restores: 0 }],
  ["at ticks, into new instances", { quantum: 500, waits: true, restores: 2 }],
];

test.each(["divide", "memory", "indirect"])(
  "the stack of a trap (%s) in a C program is the source's, however it was suspended",
  (kind) => {
    const program = { path: guestPath("trap"), args: [kind] };
    const source = new Uint8Array(readFileSync(program.path));
    const expected = parseWasmFrames(thrownBy(() => runPlainProgram(program))).map(
      ({ functionIndex, offset }): FramePlace => ({ functionIndex, offset }),
    );
    expect(expected.length).toBeGreaterThan(2);
    const transformed = transformModule(source);
    if (!transformed.ok) throw new Error(transformed.error.what);
    const compiled = new SuspendableProgram(transformed.value);
    for (const [, turn] of turns) {
      const error = thrownBy(() => runSuspendedProgram(compiled, program, turn));
      const frames = parseWasmFrames(error).map(({ module, functionIndex, offset }) => ({
        isSlow: module.startsWith(SLOW_MODULE_NAME),
        functionIndex,
        offset,
      }));
      expect(traceFrames(source, transformed.value, { frames, options: {} })).toEqual(expected);
    }
  },
  LONGEST_MILLIS,
);
