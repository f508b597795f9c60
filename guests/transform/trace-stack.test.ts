import { describe, expect, test } from "@jest/globals";
import { encodeU32 } from "../module/encode-u32.ts";
import { exportOf, importOf, moduleOf, section, vector } from "../module/module-builder.ts";
import { SUSPEND } from "../suspendable/instance-host.ts";
import { SuspendableInstance } from "../suspendable/suspendable-instance.ts";
import { SuspendableProgram } from "../suspendable/suspendable-program.ts";
import { F32, F64, FUNCREF, I32, I64, V128 } from "./opcode.ts";
import { type TracedFrame, traceStack } from "./trace-stack.ts";
import { transformModule } from "./transform-module.ts";

const CALL = 0x10;
const DROP = 0x1a;
const get = (local: number): readonly number[] => [0x20, ...encodeU32(local)];
const set = (local: number): readonly number[] => [0x21, ...encodeU32(local)];

function signed(value: number): readonly number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  return (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40) ? [low] : [low | 0x80, ...signed(rest)];
}

const i32 = (value: number): readonly number[] => [0x41, ...signed(value)];
const i64 = (value: number): readonly number[] => [0x42, ...signed(value)];
const f32 = (value: number): readonly number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
const f64 = (value: number): readonly number[] => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
const v128 = (low: bigint, high: bigint): readonly number[] => [
  0xfd,
  12,
  ...new Uint8Array(BigUint64Array.of(low, high).buffer),
];

interface Body {
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly code: readonly (readonly number[])[];
}

/** A program whose function 0 is the outside; the others have these bodies, and the first of them is `_start`. */
function moduleWith(...bodies: readonly Body[]): Uint8Array {
  const encoded = bodies.map(({ locals, code }) => {
    const body = [
      ...vector(...locals.map(([count, type]) => [...encodeU32(count), type])),
      ...code.flat(),
      0x0b,
    ];
    return [...encodeU32(body.length), ...body];
  });
  return moduleOf(
    section(1, vector([0x60, 0, 0])),
    section(2, vector(importOf("outside", "ask", 0, 0))),
    section(3, vector(...bodies.map(() => [0]))),
    section(5, [1, 0, 1]),
    section(7, vector(exportOf("_start", 0, 1), exportOf("memory", 2, 0))),
    section(10, vector(...encoded)),
  );
}

/** The frames where the program asks the outside, or where so many ticks are used up. */
function tracedAt(source: Uint8Array, ticks: number): readonly TracedFrame[] {
  const made = transformModule(source);
  if (!made.ok) throw new Error(made.error.what);
  const process = new SuspendableInstance(new SuspendableProgram(made.value), { call: () => SUSPEND });
  process.run(ticks);
  return traceStack(source, made.value, { stack: process.stackImage(), options: {} });
}

const valuesIn = (frame: TracedFrame | undefined): readonly (readonly unknown[])[] =>
  (frame?.values ?? []).map(({ local, type, value }) => [local, type, value]);

describe("a stack that was written down", () => {
  const types = [I32, I64, F32, F64, V128, FUNCREF];

  test("holds locals of each type, and operands below the call", () => {
    const code = [
      [...i32(-5), ...set(0), ...i64(-6), ...set(1), ...f32(0.5), ...set(2), ...f64(-1e300), ...set(3)],
      [...v128(0x0123n, 0xfedcba9876543210n), ...set(4), 0xd0, FUNCREF, ...set(5)],
      [...i32(7), ...i64(-8), ...f32(-0.25), ...f64(9), ...v128(2n ** 64n - 1n, 1n), 0xd0, FUNCREF],
      [CALL, 0],
      types.map(() => DROP),
      ...types.map((_, local) => [...get(local), DROP]),
    ];
    const source = moduleWith({ locals: types.map((type) => [1, type] as const), code });
    const [frame, ...others] = tracedAt(source, 1e6);
    expect(others).toEqual([]);
    expect([frame?.functionIndex, [...source.subarray(frame?.offset, (frame?.offset ?? 0) + 2)]]).toEqual([
      1,
      [CALL, 0],
    ]);
    expect(valuesIn(frame)).toEqual([
      [0, "i32", -5],
      [1, "i64", -6n],
      [2, "f32", 0.5],
      [3, "f64", -1e300],
      [4, "v128", "0xfedcba98765432100000000000000123"],
      [5, "reference", null],
      [-1, "i32", 7],
      [-1, "i64", -8n],
      [-1, "f32", -0.25],
      [-1, "f64", 9],
      [-1, "v128", "0x0000000000000001ffffffffffffffff"],
      [-1, "reference", null],
    ]);
  });

  test("holds no local that nobody reads any more", () => {
    const code = [
      [...i32(1), ...set(0), ...i32(2), ...set(1), ...get(0), DROP],
      [CALL, 0],
      [...get(1), DROP],
    ];
    expect(valuesIn(tracedAt(moduleWith({ locals: [[2, I32]], code }), 1e6)[0])).toEqual([[1, "i32", 2]]);
  });

  test.each([255, 256, 600, 2000])(
    "has frames of %d locals of 64 bits, in as many pieces as they need",
    (count) => {
      const locals = Array.from({ length: count }, (_, local) => local);
      const large: Body = {
        locals: [[count, I64]],
        code: [
          ...locals.map((local) => [...i64(local * 37 - 5000), ...set(local)]),
          [CALL, 0],
          ...locals.map((local) => [...get(local), DROP]),
        ],
      };
      const caller: Body = { locals: [[1, I32]], code: [[...i32(11), ...set(0), CALL, 2, ...get(0), DROP]] };
      const frames = tracedAt(moduleWith(caller, large, large), 1e6);
      expect(frames.map(({ functionIndex }) => functionIndex)).toEqual([2, 1]);
      expect(valuesIn(frames[0])).toEqual(locals.map((local) => [local, "i64", BigInt(local * 37 - 5000)]));
      expect(valuesIn(frames[1])).toEqual([[0, "i32", 11]]);
    },
  );

  test("is of a function's beginning, or of a loop's, where its ticks are used up", () => {
    // Counts in a loop without end.
    const spin: Body = {
      locals: [[1, I32]],
      code: [[0x03, 0x40, ...get(0), ...i32(1), 0x6a, ...set(0), 0x0c, 0, 0x0b]],
    };
    const source = moduleWith({ locals: [], code: [[CALL, 2]] }, spin);
    const counts = [200, 400, 4000].map((ticks) => {
      const frames = tracedAt(source, ticks);
      expect(frames.map(({ functionIndex }) => functionIndex)).toEqual([2, 1]);
      const [[local, type, count] = []] = valuesIn(frames[0]);
      expect([local, type]).toEqual([0, "i32"]);
      return count as number;
    });
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts).toEqual([...counts].sort((one, other) => one - other));
    expect(new Set(counts).size).toBe(3);
  });

  test("has nothing in it before the program begins", () => {
    const made = transformModule(moduleWith({ locals: [], code: [] }));
    if (!made.ok) throw new Error(made.error.what);
    expect(
      traceStack(moduleWith({ locals: [], code: [] }), made.value, { stack: new Uint8Array(0), options: {} }),
    ).toEqual([]);
  });
});
