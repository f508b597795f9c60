/** What generated modules have in common: their outside, globals, tags and tables. */
export const T = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
} as const;

export interface FunctionType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

/** Functions of the outside: all of them may suspend. */
export const OUTSIDE: readonly FunctionType[] = [
  { params: [], results: [] },
  { params: [T.i32], results: [T.i32] },
  { params: [T.i64, T.i32], results: [T.i64] },
  { params: [T.i32], results: [T.i32, T.i64] },
];

/** What exceptions carry. */
export const TAGS: readonly (readonly number[])[] = [[], [T.i32], [T.i64, T.f64]];
/** Mutable globals. Global 0 is what is left of the work that the module may do. */
export const GLOBALS: readonly number[] = [T.i32, T.i32, T.i64, T.f32, T.f64, T.v128, T.funcref, T.externref];
export const TABLE_SIZE = 8;

/** The types of a module, by number, as they come to be used. */
export class TypeList {
  readonly list: FunctionType[] = [];

  numberOf(params: readonly number[], results: readonly number[]): number {
    const known = this.list.findIndex(
      (one) => one.params.join() === params.join() && one.results.join() === results.join(),
    );
    if (known >= 0) return known;
    this.list.push({ params, results });
    return this.list.length - 1;
  }
}
