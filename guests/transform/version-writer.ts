/** Writes all versions of one function after another. */
import { numberLocals } from "./canonical-nans.ts";
import { emitBody } from "./emit-function.ts";
import type { EmitContext, FunctionPlan, Handover, Version } from "./emit-context.ts";
import { frameLayout, writeRewind } from "./emit-frames.ts";
import { assumeStack, takeStack } from "./emit-stack-bound.ts";
import { EmitState } from "./emit-state.ts";
import { fastEntry } from "./entry.ts";
import type { FunctionCode } from "./function-code.ts";
import { LiveLocals } from "./live-locals.ts";
import { LoopEntry } from "./loop-entry.ts";
import { OP } from "./opcode.ts";
import { RewindEntry } from "./rewind-entry.ts";
import type { Signature } from "./signatures.ts";
import type { Survey } from "./survey-bodies.ts";
import { WasmWriter } from "./wasm-writer.ts";
import type { SlowModule } from "./write-slow-module.ts";

/** A loop is worth a version of its own if it has this part of the function's instructions, inner loops left out. */
const HEAVY_PART = 0.2;

/** More than any number of bytes that there is. */
const MAX_COST = 2 ** 30;

interface FunctionFacts {
  readonly index: number;
  readonly hasTry: boolean;
  readonly instructionCount: number;
}

/** A body with more operands at once than what its locals tell allows for. */
export interface TallBody {
  readonly body: number;
  readonly height: number;
}

/** Operands that stackCost has room for, beside as many as there are locals: V8's stack is larger than it says. */
const USUAL_HEIGHT = 64;

export class VersionWriter {
  readonly tall: TallBody[] = [];
  readonly #context: EmitContext;
  readonly #survey: Survey;
  readonly #slow: SlowModule;

  constructor(context: EmitContext, survey: Survey, slow: SlowModule) {
    this.#context = context;
    this.#survey = survey;
    this.#slow = slow;
  }

  /** The fast version's body. Slow versions go to the slow module. */
  write(code: FunctionCode, facts: FunctionFacts): WasmWriter {
    const { shape, graph } = this.#context;
    const signature = shape.functions[facts.index] as Signature;
    const live = new LiveLocals(code, facts.index);
    const hasPoints = code.pointCount > 0;
    const own = hasPoints
      ? this.#slow.declareSlot(shape.signatures.of([], signature.results), facts.index)
      : { slot: -1, functionIndex: -1 };
    const plan: FunctionPlan = {
      index: facts.index,
      slot: own.slot,
      stackCost: Math.min(MAX_COST, graph.stackCosts[facts.index] as number),
      hasTry: facts.hasTry && hasPoints,
      results: signature.results,
      numberLocals: this.#context.canonicalNans ? numberLocals(code) : new Uint8Array(code.locals.length),
      handovers: hasPoints ? this.#handovers(code, facts) : new Map(),
    };
    const stateOf = (version: Version, params: readonly number[]): EmitState =>
      new EmitState({ context: this.#context, code, live, plan, version, params });
    if (hasPoints) {
      const drafts = [...plan.handovers.values()];
      const slow = stateOf("slow", []);
      this.#slow.setBody(own.functionIndex, this.#writeSlow(slow, own.slot));
      this.#note(slow, own.functionIndex);
      // A loop with too many live values is not handed over after all.
      for (const { functionIndex } of drafts) this.#slow.setBody(functionIndex, unreachableBody());
      for (const [loop, handover] of plan.handovers) this.#writeReentry(code, stateOf, { loop, handover });
    }
    const fast = stateOf("fast", signature.params);
    const body = this.#writeFast(fast);
    this.#note(fast, facts.index);
    return body;
  }

  #note({ version, plan, places, headBytes, points }: EmitState, functionIndex: number): void {
    if (places === null) return;
    const isSlow = version !== "fast";
    this.#context.traced?.get(plan.index)?.push({ isSlow, functionIndex, places, headBytes, points });
  }

  #handovers(code: FunctionCode, { index, instructionCount }: FunctionFacts): Map<number, Handover> {
    const { signatures } = this.#context.shape;
    const handovers = new Map<number, Handover>();
    for (let block = 0; block < code.kinds.length; block += 1) {
      if (code.ownCounts.at(block) < HEAVY_PART * instructionCount || code.ownCounts.at(block) < 0) continue;
      const functionIndex = this.#slow.declare(signatures.empty, index);
      handovers.set(block, { functionIndex, locals: [], operands: [] });
    }
    return handovers;
  }

  #writeFast(state: EmitState): WasmWriter {
    const prologue = new WasmWriter(64);
    takeStack(state, prologue);
    emitBody(state, fastEntry);
    this.#judgeHeight(state);
    return state.finish(prologue);
  }

  #judgeHeight({ stack, plan }: EmitState): void {
    const body = plan.index - this.#context.shape.imports.length;
    if (stack.peak > USUAL_HEIGHT + this.#survey.localCounts.at(body))
      this.tall.push({ body, height: stack.peak });
  }

  #writeSlow(state: EmitState, slot: number): WasmWriter {
    const frames = emitBody(state, new RewindEntry(state));
    this.#slow.setFrames(slot, frameLayout(state, frames));
    const prologue = new WasmWriter(1024);
    writeRewind(state, prologue, frames);
    takeStack(state, prologue);
    return state.finish(prologue);
  }

  #writeReentry(
    code: FunctionCode,
    stateOf: (version: Version, params: readonly number[]) => EmitState,
    { loop, handover }: { readonly loop: number; readonly handover: Handover },
  ): void {
    const { signatures } = this.#context.shape;
    const params = [
      ...handover.locals.map((local) => code.locals[local] as number),
      ...handover.operands.map(([, type]) => type),
    ];
    const state = stateOf("reentry", params);
    this.#slow.redeclare(handover.functionIndex, signatures.of(params, state.plan.results));
    emitBody(state, new LoopEntry(state, loop));
    this.#slow.setBody(handover.functionIndex, this.#finishReentry(state, handover));
    this.#note(state, handover.functionIndex);
  }

  #finishReentry(state: EmitState, handover: Handover): WasmWriter {
    const prologue = new WasmWriter(256);
    let param = 0;
    const move = (local: number): void => {
      prologue.op(OP.localGet, param++);
      prologue.op(OP.localSet, local);
    };
    for (const local of handover.locals) move(state.firstLocal + local);
    for (const [height, type] of handover.operands) move(state.position(height, type));
    if (state.hasOwn("point")) {
      prologue.i32Const(1);
      prologue.op(OP.localSet, state.own("point"));
    }
    assumeStack(state, prologue);
    return state.finish(prologue);
  }
}

function unreachableBody(): WasmWriter {
  const body = new WasmWriter(4);
  body.bytes(0, OP.unreachable, OP.end);
  return body;
}
