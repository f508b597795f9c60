import type { EmitContext, FunctionPlan, ModuleTarget, TracedPoint, Version } from "./emit-context.ts";
import type { FunctionCode } from "./function-code.ts";
import { IntList } from "./int-list.ts";
import type { LiveLocals } from "./live-locals.ts";
import { refuse } from "../module/module-refusal.ts";
import { I32, I64, OP } from "./opcode.ts";
import { WasmWriter } from "./wasm-writer.ts";

/** V8's limits for one function. */
const MAX_BODY_BYTES = 7_654_321;
const MAX_LOCALS = 50_000;

/** One version of one function while it is written: what stands on the operand stack, which blocks are open. */
export class EmitState {
  readonly context: EmitContext;
  readonly target: ModuleTarget;
  readonly code: FunctionCode;
  readonly live: LiveLocals;
  readonly plan: FunctionPlan;
  readonly version: Version;
  readonly out = new WasmWriter(4096);
  /** Types of the operands, from the function's first on. */
  readonly stack = new IntList(64);
  /** By block: how many labels stand around it, and how many operands below it. */
  readonly levels: Int32Array;
  readonly heights: Int32Array;
  readonly open = new IntList(64);
  /** How many labels a branch could name here. */
  depth = 1;
  /** Types of all locals, in the version's own numbers. */
  readonly locals: number[];
  /** The number of the source's local 0. */
  readonly firstLocal: number;
  /** How many of the locals are parameters. */
  readonly paramCount: number;
  /** Where instructions come from, if that is asked for: see TracedBody. */
  readonly places: IntList | null;
  readonly points = new Map<number, TracedPoint>();
  /** Bytes of the finished body before what `out` has. */
  headBytes = 0;
  /** The outermost open loop that keeps its ticks in a local, or -1. */
  cachedLoop = -1;
  readonly #named = new Map<string, number>();
  readonly #positions = new Map<number, number>();

  constructor(init: {
    readonly context: EmitContext;
    readonly code: FunctionCode;
    readonly live: LiveLocals;
    readonly plan: FunctionPlan;
    readonly version: Version;
    readonly params: readonly number[];
  }) {
    const { code, params, version } = init;
    this.context = init.context;
    this.target = version === "fast" ? init.context.fast : init.context.slow;
    this.code = code;
    this.live = init.live;
    this.plan = init.plan;
    this.places = init.context.traced?.has(init.plan.index) === true ? new IntList(256) : null;
    this.version = version;
    this.levels = new Int32Array(code.kinds.length);
    this.heights = new Int32Array(code.kinds.length);
    this.firstLocal = version === "reentry" ? params.length : 0;
    this.paramCount = version === "slow" ? 0 : params.length;
    this.locals = version === "reentry" ? [...params, ...code.locals] : [...code.locals];
  }

  get(local: number): void {
    this.out.op(OP.localGet, local);
  }

  set(local: number): void {
    this.out.op(OP.localSet, local);
  }

  /** A local of the transform's own, by name: an address, a count of ticks. */
  own(name: string, type: number = I32): number {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const local = this.#addLocal(type);
    this.#named.set(name, local);
    return local;
  }

  hasOwn(name: string): boolean {
    return this.#named.has(name);
  }

  /** The local in which the operand at this height waits while a point is below it. */
  position(height: number, type: number): number {
    const key = height * 256 + type;
    const known = this.#positions.get(key);
    if (known !== undefined) return known;
    const local = this.#addLocal(type);
    this.#positions.set(key, local);
    return local;
  }

  #addLocal(type: number): number {
    this.locals.push(type);
    if (this.locals.length > MAX_LOCALS)
      refuse(
        this.code.offset,
        `function ${this.plan.index} has too many locals and operands`,
        "Build it with -Os.",
      );
    return this.locals.length - 1;
  }

  /** The height below which operands belong to blocks outside of the innermost. */
  get floor(): number {
    return this.heights[this.open.last] as number;
  }

  /** Operands from `from` up to the top go into their locals. */
  park(from: number): void {
    for (let height = this.stack.length - 1; height >= from; height -= 1)
      this.set(this.position(height, this.stack.at(height)));
  }

  /** Parked operands from `from` up to `to` come back. */
  unpark(from: number, to: number): void {
    for (let height = from; height < to; height += 1) this.get(this.position(height, this.stack.at(height)));
  }

  /** Notes that what is written next comes from this instruction. */
  trace(index: number): void {
    const at = this.code.at[index] as number;
    if (this.places === null || at === 0) return;
    this.places.push(this.out.length);
    this.places.push(at);
  }

  /** Notes what the frame of a point keeps: locals, and operands up to this height. */
  tracePoint(point: number, kept: readonly number[], base: number): void {
    if (this.places === null) return;
    const offset = this.places.length === 0 ? 0 : this.places.last;
    const locals = kept.length - base;
    const named = kept.map((local, at) => [at < locals ? local : -1, this.locals[local] as number] as const);
    this.points.set(point, { offset, kept: named });
  }

  /** What was written from there on is gone. */
  forget(length: number): void {
    const { places } = this;
    while (places !== null && places.length > 0 && places.at(places.length - 2) >= length) places.length -= 2;
  }

  pushAll(types: readonly number[]): void {
    for (const type of types) this.stack.push(type);
  }

  /** After a block or call: values that were parked below its results come back below them. */
  slideUnder(base: number, results: readonly number[]): void {
    const floor = this.floor;
    this.stack.length = base;
    this.pushAll(results);
    if (base <= floor) return;
    this.park(base);
    this.unpark(floor, this.stack.length);
  }

  labelOf(block: number): number {
    return this.depth - 1 - (this.levels[block] as number);
  }

  zero(type: number): void {
    const { out } = this;
    if (type === I32) out.bytes(0x41, 0);
    else if (type === I64) out.bytes(0x42, 0);
    else if (type === 0x7d) out.bytes(0x43, 0, 0, 0, 0);
    else if (type === 0x7c) out.bytes(0x44, 0, 0, 0, 0, 0, 0, 0, 0);
    else if (type === 0x7b) out.bytes(0xfd, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    else out.bytes(OP.refNull, type);
  }

  blockType(params: readonly number[], results: readonly number[]): void {
    const { out } = this;
    const { signatures } = this.context.shape;
    if (params.length === 0 && results.length === 0) out.byte(0x40);
    else if (params.length === 0 && results.length === 1) out.byte(results[0] as number);
    else out.s33(signatures.numberOf(signatures.of(params, results)));
  }

  judgeSize(): void {
    if (this.out.length > MAX_BODY_BYTES)
      refuse(
        this.code.offset,
        `function ${this.plan.index} would have more than ${MAX_BODY_BYTES} bytes`,
        "Build it with -Os.",
      );
  }

  /** The body with its locals before it. */
  finish(prologue: WasmWriter | null): WasmWriter {
    this.judgeSize();
    const done = new WasmWriter(this.out.length + (prologue?.length ?? 0) + 256);
    const groups: (readonly [number, number])[] = [];
    for (let at = this.paramCount; at < this.locals.length; ) {
      const type = this.locals[at] as number;
      const first = at;
      while (at < this.locals.length && this.locals[at] === type) at += 1;
      groups.push([at - first, type]);
    }
    done.u32(groups.length);
    for (const [count, type] of groups) {
      done.u32(count);
      done.byte(type);
    }
    if (prologue !== null) done.all(prologue.written());
    this.headBytes = done.length;
    done.all(this.out.written());
    return done;
  }
}
