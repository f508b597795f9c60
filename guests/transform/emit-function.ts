/** Writes one version of one function: a walk over its instructions, which are in order of the source. */
import { closeBlock, beginSequence, emitElse, enterBlock } from "./emit-blocks.ts";
import { emitInstruction } from "./emit-instruction.ts";
import { emitPoint } from "./emit-points.ts";
import { giveStackBack, writeStackInside } from "./emit-stack-bound.ts";
import type { EmitState } from "./emit-state.ts";
import { emitLoopTicks, emitPayTicks, storeTicks, storeTicksFor } from "./emit-ticks.ts";
import type { Entry } from "./entry.ts";
import { I32, OP } from "./opcode.ts";
import type { Signature } from "./signatures.ts";

/** Writes the body into `state.out`. Returns what each point keeps. */
export function emitBody(state: EmitState, entry: Entry): Map<number, readonly number[]> {
  const { code, out, plan } = state;
  const frames = new Map<number, readonly number[]>();
  const isWrapped = plan.stackCost > 0;
  if (isWrapped) {
    out.byte(OP.block);
    state.blockType([], plan.results);
    state.levels[0] = state.depth;
    state.depth += 1;
  }
  state.open.push(0);
  beginSequence(state, 0, false, entry);
  for (let index = 1; index < code.length; index += 1) {
    state.trace(index);
    if (code.point[index] !== 0) emitPoint(state, index, frames);
    else emitOne(state, index, entry);
  }
  if (isWrapped) {
    giveStackBack(state);
    out.byte(OP.end);
  }
  return frames;
}

function emitOne(state: EmitState, index: number, entry: Entry): void {
  const { code } = state;
  const x = code.x[index] as number;
  const op = code.op[index] as number;
  switch (op) {
    case OP.block:
    case OP.loop:
    case OP.if:
    case OP.try:
      return enterBlock(state, x, entry);
    case OP.else:
      return emitElse(state, x, entry);
    case OP.catch:
    case OP.catchAll:
      return emitCatch(state, op, x);
    case OP.end:
      return closeBlock(state, -1);
    case OP.delegate:
      return closeBlock(state, x);
    case OP.loopTicks:
      return emitLoopTicks(state, x);
    case OP.payTicks:
      emitPayTicks(state, x);
      return state.stack.push(I32);
    case OP.br:
    case OP.brIf:
    case OP.brTable:
    case OP.return:
    case OP.throw:
    case OP.rethrow:
    case OP.returnCall:
    case OP.returnCallIndirect:
      return emitLeave(state, index);
    default:
      emitInstruction(state, index);
  }
}

function emitCatch(state: EmitState, op: number, tag: number): void {
  const { out, stack } = state;
  stack.length = state.heights[state.open.last] as number;
  if (op === OP.catchAll) out.byte(OP.catchAll);
  else {
    out.op(OP.catch, tag);
    state.pushAll((state.context.shape.tags[tag] as Signature).params);
  }
  writeStackInside(state, out);
}

/** What goes elsewhere: out of a block, out of the function, to a handler. */
function emitLeave(state: EmitState, index: number): void {
  const { code, out, target } = state;
  const x = code.x[index] as number;
  const op = code.op[index] as number;
  switch (op) {
    case OP.br:
      storeTicksFor(state, x);
      return out.op(OP.br, state.labelOf(x));
    case OP.brIf:
      return emitBranchIf(state, x);
    case OP.brTable:
      return emitBranchTable(state, x);
    case OP.return:
      storeTicks(state);
      if (state.plan.stackCost > 0) out.op(OP.br, state.labelOf(0));
      else out.byte(OP.return);
      return;
    case OP.rethrow:
      storeTicks(state);
      return out.op(OP.rethrow, state.labelOf(x));
    case OP.throw:
      storeTicks(state);
      return out.op(OP.throw, x);
    case OP.returnCall:
      storeTicks(state);
      giveStackBack(state);
      return out.op(OP.returnCall, target.functionAt(x));
    default:
      storeTicks(state);
      giveStackBack(state);
      out.copy(state.context.shape.bytes, code.at[index] as number, code.to[index] as number);
  }
}

function emitBranchIf(state: EmitState, target: number): void {
  const { out, code } = state;
  state.stack.length -= 1;
  const leaves = target < state.cachedLoop;
  const isLoop = code.kinds.at(target) === OP.loop;
  const signature = code.blockSignatures[target] as Signature;
  const values = isLoop ? signature.params : signature.results;
  if (!leaves || values.length > 0) {
    storeTicksFor(state, target);
    out.op(OP.brIf, state.labelOf(target));
    return;
  }
  // Write back on the way out only: a loop's exit is often a br_if in its body.
  out.bytes(OP.if, 0x40);
  state.depth += 1;
  storeTicks(state);
  out.op(OP.br, state.labelOf(target));
  out.byte(OP.end);
  state.depth -= 1;
}

function emitBranchTable(state: EmitState, place: number): void {
  const { out, code } = state;
  const count = code.targets.at(place);
  for (let target = place + 1; target <= place + count; target += 1) {
    if (code.targets.at(target) >= state.cachedLoop) continue;
    storeTicks(state);
    break;
  }
  out.byte(OP.brTable);
  out.u32(count - 1);
  for (let target = place + 1; target <= place + count; target += 1)
    out.u32(state.labelOf(code.targets.at(target)));
}
