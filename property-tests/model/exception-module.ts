import { exportOf, importOf, moduleOf, section, vector } from "../../guests/module/module-builder.ts";
import { encodeU32 } from "../../guests/module/encode-u32.ts";
import { GLOBALS, OUTSIDE, T, TAGS } from "./generated-world.ts";

/** A function calls another, which waits, and then throws. */
interface ExceptionCase {
  /** The exception that is thrown. */
  readonly tag: number;
  /** The one that the inner handler catches; -1: every one. */
  readonly caught: number;
  /** Whether the handler waits too, and whether it throws again what it caught. */
  readonly handlerWaits: boolean;
  readonly rethrows: boolean;
  /** Whether a segment is dropped before, and asked for at the end: a trap. */
  readonly drops: boolean;
}

const [X, Y, SUM, WIDE, DOUBLE] = [0, 1, 2, 3, 4];
const WAIT = [0x10, 0];
const THROWER = OUTSIDE.length + 1;

const add = (value: readonly number[]): readonly number[] => [0x20, SUM, ...value, 0x6a, 0x21, SUM];

/** The module's function `run` gives a sum of what it has caught and of locals that handlers read. */
export function exceptionModule(drawn: ExceptionCase): Uint8Array {
  const body = (locals: readonly number[], code: readonly number[]): readonly number[] =>
    encodeU32(locals.length + code.length + 1).concat(locals, code, [0x0b]);
  const payload = [[], [0x41, 42], [0x42, 7, 0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f]][drawn.tag] ?? [];
  const thrower = body([0], [...WAIT, ...payload, 0x08, drawn.tag]);
  const run = body([3, 3, T.i32, 1, T.i64, 1, T.f64], runCode(drawn));
  const types = OUTSIDE.map(({ params, results }) => [
    0x60,
    params.length,
    ...params,
    results.length,
    ...results,
  ]);
  const tagTypes = TAGS.map((params) => [0x60, params.length, ...params, 0]);
  return moduleOf(
    section(1, vector(...types, [0x60, 0, 1, T.i32], ...tagTypes)),
    section(2, vector(...OUTSIDE.map((_, index) => importOf("outside", `${index}`, 0, index)))),
    section(3, [2, types.length, 0]),
    section(5, [1, 0, 1]),
    section(13, vector(...TAGS.map((_, tag) => [0, types.length + 1 + tag]))),
    section(6, vector(...GLOBALS.map(emptyGlobal))),
    section(
      7,
      vector(
        exportOf("run", 0, OUTSIDE.length),
        exportOf("memory", 2, 0),
        ...GLOBALS.map((_, index) => exportOf(`${index}`, 3, index)),
      ),
    ),
    section(12, [1]),
    section(10, vector(run, thrower)),
    section(11, [1, 1, 2, 5, 6]),
  );
}

function runCode({ caught, handlerWaits, rethrows, drops }: ExceptionCase): readonly number[] {
  const drop = [[], [0x1a], [0x1a, 0x1a]][caught] ?? [];
  const handler = [
    ...(handlerWaits ? WAIT : []),
    ...add([0x20, X]),
    ...add([0x20, Y]),
    ...(rethrows ? [0x09, 0] : []),
  ];
  return [
    drops ? [0xfc, 9, 0] : [],
    [0x06, 0x40, 0x41, 11, 0x21, X],
    [0x06, 0x40, 0x41, 22, 0x21, Y, 0x10, THROWER, 0x41, 33, 0x21, X],
    caught === -1 ? [0x19] : [0x07, caught, ...drop],
    handler,
    [0x0b, 0x07, 0],
    add([0x41, 32]),
    [0x07, 1, 0x21, Y],
    add([0x20, Y]),
    [0x07, 2, 0x21, DOUBLE, 0x21, WIDE],
    add([0x20, WIDE, 0xa7]),
    add([0x20, DOUBLE, 0xfc, 2]),
    [0x0b],
    WAIT,
    [0x41, 0, 0x41, 0, 0x41, 1, 0xfc, 8, 0, 0],
    [0x20, SUM, 0x20, X, 0x41, 2, 0x6c, 0x6a],
  ].flat();
}

function emptyGlobal(type: number): readonly number[] {
  const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0);
  const codes: Readonly<Record<number, readonly number[]>> = {
    [T.i32]: [0x41, 0],
    [T.i64]: [0x42, 0],
    [T.f32]: [0x43, ...zeros(4)],
    [T.f64]: [0x44, ...zeros(8)],
    [T.v128]: [0xfd, 12, ...zeros(16)],
  };
  return [type, 1, ...(codes[type] ?? [0xd0, type]), 0x0b];
}
