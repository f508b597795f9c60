/**
 * Calls that may come back suspended. When one does, the frame is saved, and the function returns. A slow version
 * that is being rewound calls the function whose frame is next, in the place of the one that the source calls: so
 * a frame that a tail call has put in another's place is found too.
 */
import type { EmitState } from "./emit-state.ts";
import { KERNEL } from "./emit-context.ts";
import { keptAt, saveFrame } from "./emit-frames.ts";
import { callKernel } from "./emit-stack-bound.ts";
import { loadTicks, storeTicks } from "./emit-ticks.ts";
import { I32, OP } from "./opcode.ts";
import type { Signature } from "./signatures.ts";

/** The call at this instruction, which is a point. `frames` takes what it keeps. */
export function emitPoint(state: EmitState, index: number, frames: Map<number, readonly number[]>): void {
  const { code, stack, out } = state;
  const op = code.op[index] as number;
  const { params, results } = calledSignature(state, index);
  const base = stack.length - params.length;
  const isRewound = state.version === "slow";
  if (isRewound || base > state.floor) state.park(state.floor);
  if (isRewound) {
    endSkip(state);
    emitRewoundCall(state, index, results, () => state.unpark(base, stack.length));
  } else {
    if (base > state.floor) state.unpark(base, stack.length);
    emitCall(state, index);
  }
  const point = code.point[index] as number;
  const kept = keptAt(state, point, base);
  frames.set(point, kept);
  state.tracePoint(point, kept, base);
  state.judgeSize();
  out.op(OP.globalGet, state.context.globals.state);
  out.bytes(OP.if, 0x40);
  saveFrame(state, point, kept);
  for (const type of state.plan.results) state.zero(type);
  out.bytes(OP.return, OP.end);
  state.slideUnder(base, results);
  if (op === OP.preempt && state.cachedLoop !== -1) loadTicks(state);
}

function calledSignature(
  state: EmitState,
  index: number,
): { params: readonly number[]; results: readonly number[] } {
  const { code } = state;
  const { shape } = state.context;
  const x = code.x[index] as number;
  switch (code.op[index]) {
    case OP.preempt:
      return shape.signatures.empty;
    case OP.call:
      return shape.functions[x] as Signature;
    default: {
      const { params, results } = shape.signatures.at(x) as Signature;
      return { params: [...params, I32], results };
    }
  }
}

/** The block ends that rewinding has left to come here. */
export function endSkip(state: EmitState): void {
  state.out.byte(OP.end);
  state.depth -= 1;
}

/** The call itself, whose operands stand on the stack. */
function emitCall(state: EmitState, index: number): void {
  const { code, out, target } = state;
  switch (code.op[index]) {
    case OP.preempt:
      storeTicks(state);
      out.i32Const(KERNEL.preempt);
      callKernel(state, out);
      return;
    case OP.call:
      out.op(OP.call, target.functionAt(code.x[index] as number));
      return;
    default:
      out.copy(state.context.shape.bytes, code.at[index] as number, code.to[index] as number);
  }
}

function emitRewoundCall(
  state: EmitState,
  index: number,
  results: readonly number[],
  operands: () => void,
): void {
  const { out, context } = state;
  const { signatures } = context.shape;
  const point = state.own("point");
  state.get(point);
  out.byte(OP.if);
  state.blockType([], results);
  out.i32Const(0);
  state.set(point);
  out.op(OP.call, state.target.added.topSlot);
  out.op(OP.callIndirect, signatures.numberOf(signatures.of([], results)));
  out.u32(context.slotTable);
  out.byte(OP.else);
  operands();
  emitCall(state, index);
  out.byte(OP.end);
}
