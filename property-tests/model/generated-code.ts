/** One function's code out of a list of choices: expressions that leave one value, and statements that leave none. */
import { WasmWriter } from "../../guests/transform/wasm-writer.ts";
import type { DrawnChoices } from "./drawn-choices.ts";
import { GeneratedStatements } from "./generated-statements.ts";
import { type FunctionType, GLOBALS, T, TABLE_SIZE, type TypeList } from "./generated-world.ts";

/** Blocks in blocks, and expressions in expressions, of at most this depth. */
const MAX_DEPTH = 6;
/** Bytes at which a body comes to its end. */
const LONG_BODY = 1500;

export interface Label {
  /** What a branch to it carries. */
  readonly types: readonly number[];
  readonly isLoop: boolean;
  /** A `try` whose handler this is inside of. */
  isHandler: boolean;
}

export class GeneratedCode {
  readonly out = new WasmWriter(512);
  readonly choices: DrawnChoices;
  readonly types: TypeList;
  readonly functions: readonly FunctionType[];
  readonly type: FunctionType;
  readonly locals: number[];
  readonly labels: Label[] = [];
  depth = 0;
  readonly #statements: GeneratedStatements;

  constructor(
    choices: DrawnChoices,
    types: TypeList,
    { functions, type }: { readonly functions: readonly FunctionType[]; readonly type: FunctionType },
  ) {
    this.choices = choices;
    this.types = types;
    this.functions = functions;
    this.type = type;
    this.locals = [...type.params];
    for (const each of [T.i32, T.i32, T.i64, T.f32, T.f64, T.v128, T.funcref, T.externref])
      this.locals.push(each);
    this.#statements = new GeneratedStatements(this);
  }

  body(): WasmWriter {
    this.labels.push({ types: this.type.results, isLoop: false, isHandler: false });
    this.work();
    for (let count = 2 + this.choices.below(5); count > 0; count -= 1) this.statement();
    for (const type of this.type.results) this.expression(type);
    const own = this.locals.slice(this.type.params.length);
    const body = new WasmWriter(this.out.length + 64);
    body.u32(own.length);
    for (const type of own) body.bytes(1, type);
    body.all(this.out.written());
    body.byte(0x0b);
    return body;
  }

  /** Nothing deep any more. */
  get isTired(): boolean {
    return this.depth >= MAX_DEPTH || this.out.length > LONG_BODY || !this.choices.areLeft;
  }

  statement(): void {
    this.#statements.write();
  }

  addLocal(type: number): number {
    this.locals.push(type);
    return this.locals.length - 1;
  }

  localOf(type: number): number {
    const some = this.locals.flatMap((one, index) => (one === type ? [index] : []));
    return this.choices.one(some);
  }

  /** Uses up work, and ends the module when there is none. */
  work(): void {
    this.out.bytes(0x23, 0, 0x41, 1, 0x6b, 0x24, 0, 0x23, 0, 0x41, 0, 0x48, 0x04, 0x40, 0x00, 0x0b);
  }

  blockType(params: readonly number[], results: readonly number[]): void {
    if (params.length === 0 && results.length === 0) this.out.byte(0x40);
    else if (params.length === 0 && results.length === 1) this.out.byte(results[0] as number);
    else this.out.u32(this.types.numberOf(params, results));
  }

  /** Leaves one value of the type. */
  expression(type: number): void {
    this.depth += 1;
    const choice = this.isTired ? this.choices.below(3) : this.choices.below(14);
    if (choice === 0) this.constant(type);
    else if (choice <= 2) this.out.op(0x20, this.localOf(type));
    else if (choice === 3)
      this.out.op(0x23, this.choices.one(GLOBALS.flatMap((one, index) => (one === type ? [index] : []))));
    else if (choice <= 6) this.#call(type);
    else if (choice === 7) this.#statements.valueOfBlock(type);
    else if (choice === 8) this.#select(type);
    else this.#operation(type);
    this.depth -= 1;
  }

  expressions(types: readonly number[]): void {
    for (const type of types) this.expression(type);
  }

  constant(type: number): void {
    const value = this.choices.below(64);
    if (type === T.i32) this.out.bytes(0x41, value);
    else if (type === T.i64) this.out.bytes(0x42, value);
    else if (type === T.f32) this.out.bytes(0x41, value, 0xb2);
    else if (type === T.f64) this.out.bytes(0x42, value, 0xb9);
    else if (type === T.v128) this.out.bytes(0x41, value, 0xfd, 15);
    else if (type === T.funcref && value < 50) this.out.bytes(0xd2, value % this.functions.length);
    else this.out.bytes(0xd0, type);
  }

  /** A call whose results have this type among them; the others go into locals. */
  #call(type: number): void {
    const able = this.functions.flatMap((one, index) => (one.results.includes(type) ? [index] : []));
    if (able.length === 0) return this.constant(type);
    const index = this.choices.one(able);
    const { params, results } = this.functions[index] as FunctionType;
    this.expressions(params);
    this.callTo(index);
    const kept = this.addLocal(type);
    let isKept = false;
    for (const result of [...results].reverse()) {
      if (result === type && !isKept) {
        this.out.op(0x21, kept);
        isKept = true;
      } else this.out.op(0x21, this.localOf(result));
    }
    this.out.op(0x20, kept);
  }

  /** Directly, or through the table, where it may be another by now. */
  callTo(index: number, isTail = false): void {
    const { params, results } = this.functions[index] as FunctionType;
    const isDirect = this.choices.below(3) > 0 || index >= TABLE_SIZE - 2;
    if (isDirect) return this.out.op(isTail ? 0x12 : 0x10, index);
    this.out.bytes(0x41, index, isTail ? 0x13 : 0x11);
    this.out.u32(this.types.numberOf(params, results));
    this.out.byte(0);
  }

  #select(type: number): void {
    this.expression(type);
    this.expression(type);
    this.expression(T.i32);
    this.out.bytes(0x1c, 1, type);
  }

  #operation(type: number): void {
    const { out } = this;
    if (type === T.i32) return this.#integer();
    if (type === T.i64) {
      if (this.choices.below(3) === 0) {
        this.expression(T.i32);
        return out.byte(0xac);
      }
      this.expressions([T.i64, T.i64]);
      return out.byte(this.choices.one([0x7c, 0x7d, 0x7e, 0x85]));
    }
    if (type === T.f32 || type === T.f64) {
      this.expressions([type, type]);
      return out.byte(type === T.f32 ? this.choices.one([0x92, 0x93]) : this.choices.one([0xa0, 0xa1]));
    }
    if (type === T.v128) {
      this.expressions([T.v128, T.v128]);
      return out.bytes(0xfd, 0xae, 1); // i32x4.add
    }
    if (type === T.funcref) {
      this.expression(T.i32);
      return out.bytes(0x41, TABLE_SIZE - 1, 0x71, 0x25, 0);
    }
    this.constant(type);
  }

  #integer(): void {
    const { out } = this;
    const unary: readonly (readonly [number, readonly number[]])[] = [
      [T.i64, [0xa7]],
      [T.f32, [0xfc, 0]],
      [T.f64, [0xfc, 2]],
      [T.v128, [0xfd, 27, 1]],
      [T.funcref, [0xd1]],
      [T.externref, [0xd1]],
      [T.i32, [0xc0]],
      [T.i32, [0x41, 63, 0x71, 0x28, 0, 8]], // a load
      [T.i32, [0x1a, 0x3f, 0]], // memory.size
      [T.i32, [0x1a, 0xfc, 16, 0]], // table.size
      [T.i32, [0x45, 0x40, 0]], // memory.grow by 0 or 1
    ];
    if (this.choices.below(2) === 0) {
      const [operand, code] = this.choices.one(unary);
      this.expression(operand);
      return out.bytes(...code);
    }
    this.expressions([T.i32, T.i32]);
    out.byte(this.choices.one([0x6a, 0x6b, 0x6c, 0x73, 0x48, 0x46, 0x71]));
  }
}
