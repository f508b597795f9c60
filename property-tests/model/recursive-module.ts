import { encodeU32 } from "../../guests/module/encode-u32.ts";
import { exportOf, importOf, moduleOf, section, vector } from "../../guests/module/module-builder.ts";
import { GLOBALS, OUTSIDE, T } from "./generated-world.ts";

/**
 * A module that calls itself without end, by two functions in turns, with frames large enough that a stack image
 * has many parts. Global 1 counts the calls.
 */
export function recursiveModule(): Uint8Array {
  const body = (...code: readonly number[]): readonly number[] =>
    encodeU32(code.length + 1).concat(code, [0x0b]);
  const count = [0x23, 1, 0x41, 1, 0x6a, 0x24, 1];
  // Every call keeps 30 locals: the count at its entry.
  const locals = Array.from({ length: 30 }, (_, local) => local);
  const keep = locals.flatMap((local) => [0x23, 1, 0x21, local]);
  const use = locals.flatMap((local) => [0x23, 1, 0x20, local, 0x6a, 0x24, 1]);
  const odd = body(1, 30, T.i32, ...count, ...keep, 0x23, 1, 0x10, 1, 0x1a, 0x10, 6, ...use);
  const even = body(0, ...count, 0x10, 5);
  const run = body(0, 0x10, 5, 0x41, 0);
  const types = OUTSIDE.map(({ params, results }) => [
    0x60,
    params.length,
    ...params,
    results.length,
    ...results,
  ]);
  const global = (type: number): readonly number[] => {
    const zero = { [T.i32]: [0x41, 0], [T.i64]: [0x42, 0], [T.f32]: [0x43, 0, 0, 0, 0] }[type];
    const wide = type === T.f64 ? [0x44, 0, 0, 0, 0, 0, 0, 0, 0] : [0xd0, type];
    const vectorZero = [0xfd, 12, ...Array.from({ length: 16 }, () => 0)];
    return [type, 1, ...(zero ?? (type === T.v128 ? vectorZero : wide)), 0x0b];
  };
  return moduleOf(
    section(1, vector(...types, [0x60, 0, 1, T.i32])),
    section(2, vector(...OUTSIDE.map((_, index) => importOf("outside", `${index}`, 0, index)))),
    section(3, [3, 4, 0, 0]),
    section(5, [1, 0, 1]),
    section(6, vector(...GLOBALS.map(global))),
    section(7, vector(exportOf("run", 0, 4), exportOf("memory", 2, 0))),
    section(10, vector(run, odd, even)),
  );
}
