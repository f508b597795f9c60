/**
 * Reads one function's body into a FunctionCode, and gives it on the way what the later passes need: ticks at the
 * heads of loops and at the entry of functions that break cycles of calls, no code that cannot be reached, and no
 * exception handler with a point in it (see lower-try.ts).
 *
 * A loop that holds a call, or is in a large function, pays at its head and calls the kernel there. One that holds none would be slower for
 * the call alone, so it becomes
 *
 *     block exit
 *       loop again                    entered once per pre-emption
 *         block empty
 *           loop                      the source's; its head: if no ticks are left, leave to `empty`; else pay
 *             ...
 *           end
 *           br exit
 *         end empty
 *         call the kernel             the only point of a loop without calls, and it stands outside of the loop
 *         br again
 *       end
 *     end exit
 */
import { IMMEDIATE, immediates } from "../module/immediates.ts";
import { numberAt, numberEnd } from "../module/number-end.ts";
import { refuse } from "../module/module-refusal.ts";
import { blockSignature } from "./block-signature.ts";
import type { CallGraph } from "./call-graph.ts";
import type { FunctionCode } from "./function-code.ts";
import { instructionEnd } from "./instruction-end.ts";
import { IntList } from "./int-list.ts";
import { TryLowering } from "./lower-try.ts";
import type { ModuleShape } from "./module-shape.ts";
import { OP } from "./opcode.ts";
import type { Signature } from "./signatures.ts";
import type { Survey } from "./survey-bodies.ts";

/** A br_table that jumps to a point has an entry for each, and V8 takes 65,520. */
const MAX_POINTS = 60_000;

/** In a function with more instructions, an interpreter say, the blocks around each loop cost more than a call in it. */
const LARGE_FUNCTION = 4000;

export class FunctionReader {
  readonly #shape: ModuleShape;
  readonly #survey: Survey;
  readonly #graph: CallGraph;
  readonly #code: FunctionCode;
  /** By depth in the source: the block that a branch to it leaves or repeats. */
  readonly #labels = new IntList(64);
  /** Loops of the source that are open. */
  readonly #loops = new IntList(16);
  /** The next loop, by the numbers of the survey. */
  #nextLoop = 0;
  #isLarge = false;
  /** Blocks that opened in code that cannot be reached, itself included; 0 in code that can. */
  #dead = 0;
  #tries: TryLowering | null = null;

  constructor(
    source: { readonly shape: ModuleShape; readonly survey: Survey },
    graph: CallGraph,
    code: FunctionCode,
  ) {
    this.#shape = source.shape;
    this.#survey = source.survey;
    this.#graph = graph;
    this.#code = code;
  }

  read(body: number, hasTry: boolean): FunctionCode {
    const { bytes, bodies, imports, functions, signatures } = this.#shape;
    const range = bodies[body] as { start: number; end: number };
    const index = imports.length + body;
    const signature = functions[index] as Signature;
    const code = this.#code;
    code.start(signature.params);
    code.offset = range.start;
    let at = this.#readLocals(range.start);
    this.#labels.clear();
    this.#loops.clear();
    this.#isLarge = this.#survey.instructionCounts.at(body) > LARGE_FUNCTION;
    this.#nextLoop = this.#survey.loopStarts.at(body);
    this.#dead = 0;
    this.#tries = hasTry ? new TryLowering(this.#shape, this.#graph, code) : null;
    this.#tries?.plan(at, range.end, index);
    this.#labels.push(code.openBlock(OP.block, signatures.of([], signature.results)));
    if ((this.#graph.stackCosts[index] as number) > 0) this.#addTicks(-1);
    while (at < range.end) at = this.#step(bytes, at, { ...range, index });
    if (code.pointCount > MAX_POINTS) refuseLarge(range.start, index, code.pointCount);
    return code;
  }

  #readLocals(start: number): number {
    const { bytes } = this.#shape;
    let at = numberEnd(bytes, start, 5);
    for (let group = numberAt(bytes, start); group > 0; group -= 1) {
      const count = numberAt(bytes, at);
      at = numberEnd(bytes, at, 5);
      for (let local = 0; local < count; local += 1) this.#code.locals.push(bytes[at] as number);
      at += 1;
    }
    return at;
  }

  /** Ticks with the call to the kernel where they are paid: at a function's entry, in loops that hold calls. */
  #addTicks(loop: number): void {
    const code = this.#code;
    code.add(OP.payTicks, loop);
    code.openBlock(OP.if, this.#shape.signatures.empty);
    code.addPoint(OP.preempt, loop);
    code.closeBlock();
  }

  /** One instruction: the offset behind it. */
  #step(bytes: Uint8Array, place: number, body: { start: number; end: number; index: number }): number {
    const opcode = bytes[place] as number;
    const at = place + 1;
    if (this.#dead === 0 && this.#loops.length > 0) {
      const loop = this.#loops.last;
      this.#code.ownCounts.set(loop, this.#code.ownCounts.at(loop) + 1);
    }
    const end = instructionEnd(bytes, place, body);
    if (opcode === OP.end) this.#readEnd();
    else if (immediates[opcode] === IMMEDIATE.block) this.#readBlock(opcode, at);
    else if (opcode === OP.delegate) this.#readDelegate(numberAt(bytes, at));
    else if (opcode === OP.else || opcode === OP.catch || opcode === OP.catchAll) this.#readPart(opcode, at);
    else if (this.#dead === 0) this.#addInstruction(opcode, place, end);
    return end;
  }

  #addInstruction(opcode: number, place: number, end: number): void {
    const { bytes } = this.#shape;
    const code = this.#code;
    const operand = immediates[opcode] === IMMEDIATE.index ? numberAt(bytes, place + 1) : 0;
    switch (opcode) {
      case OP.br:
      case OP.brIf:
        code.add(opcode, this.#labelAt(operand));
        if (opcode === OP.br) this.#dead = 1;
        return;
      case OP.brTable:
        return this.#addBranchTable(place + 1);
      case OP.call:
        if (this.#graph.suspendable[operand] === 1) code.addPoint(opcode, operand, place, end);
        else code.add(opcode, operand, place, end);
        return;
      case OP.callIndirect:
      case OP.returnCallIndirect:
        return this.#addIndirect(opcode, place, end);
      case OP.rethrow:
        this.#tries?.rethrow(this.#labelAt(operand));
        this.#dead = 1;
        return;
      case OP.unreachable:
      case OP.return:
      case OP.returnCall:
      case OP.throw:
        code.add(opcode, operand, place, end);
        this.#dead = 1;
        return;
      case 0xfc:
      case 0xfd: {
        const second = numberAt(bytes, place + 1);
        const segment = numberAt(bytes, numberEnd(bytes, place + 1, 5));
        code.add((opcode === 0xfc ? OP.bulk : OP.vector) + second, segment, place, end);
        return;
      }
      case OP.selectTyped:
        code.add(opcode, bytes[place + 2] as number, place, end);
        return;
      case OP.refNull:
        code.add(opcode, bytes[place + 1] as number, place, end);
        return;
      default:
        code.add(opcode, operand, place, end);
    }
  }

  #addIndirect(opcode: number, place: number, end: number): void {
    const type = numberAt(this.#shape.bytes, place + 1);
    if (opcode === OP.returnCallIndirect) {
      this.#code.add(opcode, type, place, end);
      this.#dead = 1;
      return;
    }
    const signature = this.#shape.signatures.at(type) as Signature;
    if (this.#graph.suspendsIndirect(signature)) this.#code.addPoint(opcode, type, place, end);
    else this.#code.add(opcode, type, place, end);
  }

  #addBranchTable(at: number): void {
    const { bytes } = this.#shape;
    const code = this.#code;
    code.add(OP.brTable, code.targets.length);
    const count = numberAt(bytes, at);
    code.targets.push(count + 1);
    let next = numberEnd(bytes, at, 5);
    for (let target = 0; target <= count; target += 1) {
      code.targets.push(this.#labelAt(numberAt(bytes, next)));
      next = numberEnd(bytes, next, 5);
    }
    this.#dead = 1;
  }

  #labelAt(depth: number): number {
    return this.#labels.at(this.#labels.length - 1 - depth);
  }

  #readBlock(opcode: number, at: number): void {
    const holdsCall = opcode === OP.loop && this.#survey.loopsWithCalls.at(this.#nextLoop++) === 1;
    if (this.#dead > 0) {
      this.#dead += 1;
      return;
    }
    const signature = blockSignature(this.#shape, at);
    if (opcode === OP.loop) this.#openLoop(signature, holdsCall || this.#isLarge);
    else if (opcode === OP.try && this.#tries !== null)
      this.#labels.push(this.#tries.open(at - 1, signature));
    else this.#labels.push(this.#code.openBlock(opcode, signature));
  }

  #openLoop(signature: Signature, paysInPlace: boolean): void {
    const code = this.#code;
    const { signatures } = this.#shape;
    if (!paysInPlace) {
      code.openBlock(OP.block, signature);
      code.openBlock(OP.loop, signature);
      code.openBlock(OP.block, signatures.of(signature.params, signature.params));
    }
    const loop = code.openBlock(OP.loop, signature);
    code.ownCounts.set(loop, 1);
    this.#loops.push(loop);
    this.#labels.push(loop);
    if (paysInPlace) return this.#addTicks(loop);
    code.cached.set(loop, 1);
    code.add(OP.loopTicks, loop);
  }

  #closeLoop(loop: number): void {
    const code = this.#code;
    this.#loops.pop();
    code.closeBlock();
    if (code.cached.at(loop) === 0) return;
    code.add(OP.br, loop - 3);
    code.closeBlock();
    code.addPoint(OP.preempt, loop);
    code.add(OP.br, loop - 2);
    code.closeBlock();
    code.add(OP.unreachable, 0);
    code.closeBlock();
  }

  #readEnd(): void {
    if (this.#dead > 1) {
      this.#dead -= 1;
      return;
    }
    const label = this.#labels.pop();
    this.#dead = 0;
    if (this.#code.ownCounts.at(label) >= 0) this.#closeLoop(label);
    else if (this.#tries?.isLowered(label) === true) this.#tries.close(label);
    else this.#code.closeBlock();
  }

  #readDelegate(depth: number): void {
    if (this.#dead > 1) {
      this.#dead -= 1;
      return;
    }
    this.#dead = 0;
    this.#labels.pop();
    const target = this.#labelAt(depth);
    this.#code.closeBlock(OP.delegate, this.#tries?.handlerOf(target) ?? target);
  }

  /** `else`, `catch` or `catch_all`: the next part of the innermost block. */
  #readPart(opcode: number, at: number): void {
    if (this.#dead > 1) return;
    const isReachable = this.#dead === 0;
    this.#dead = 0;
    if (opcode === OP.else) this.#code.addElse();
    else
      this.#tries?.handler(
        this.#labels.last,
        opcode === OP.catch ? numberAt(this.#shape.bytes, at) : -1,
        isReachable,
      );
  }
}

const refuseLarge = (offset: number, index: number, count: number): never =>
  refuse(
    offset,
    `function ${index} has ${count} calls and loops, and ${MAX_POINTS} can be`,
    "Build it so that its functions are smaller: -Os instead of -O3, less inlining.",
  );
