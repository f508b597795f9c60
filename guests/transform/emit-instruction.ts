import { canonicalize } from "./canonical-nans.ts";
import type { EmitState } from "./emit-state.ts";
import { FUNCREF, I32, OP } from "./opcode.ts";
import { operandCounts, resultTypes } from "./operand-types.ts";
import type { Signature } from "./signatures.ts";
import { tableInitKey } from "./survey-bodies.ts";

/** Writes an instruction that neither leaves nor is a point, and keeps account of the operand stack. */
export function emitInstruction(state: EmitState, index: number): void {
  const { code, stack, out } = state;
  const op = code.op[index] as number;
  const x = code.x[index] as number;
  switch (op) {
    case OP.localGet:
      stack.push(code.locals[x] as number);
      return out.op(OP.localGet, state.firstLocal + x);
    case OP.localSet:
      stack.length -= 1;
      return out.op(OP.localSet, state.firstLocal + x);
    case OP.localTee:
      return out.op(OP.localTee, state.firstLocal + x);
    case OP.constant:
      stack.push(I32);
      return out.i32Const(x);
    case OP.equal:
      stack.length -= 1;
      return out.byte(OP.i32Eq);
    case OP.call: {
      const { params, results } = state.context.shape.functions[x] as Signature;
      stack.length -= params.length;
      state.pushAll(results);
      return out.op(OP.call, state.target.functionAt(x));
    }
    case OP.refFunc:
      stack.push(FUNCREF);
      return out.op(OP.refFunc, state.target.functionAt(x));
    case OP.memoryInit:
    case OP.dataDrop:
    case OP.tableInit:
    case OP.elemDrop:
      return emitSegment(state, index);
    default:
      accountFor(state, op, x);
      out.copy(state.context.shape.bytes, code.at[index] as number, code.to[index] as number);
      if (state.context.canonicalNans) canonicalize(state, index);
  }
}

function accountFor(state: EmitState, op: number, x: number): void {
  const { stack } = state;
  const { shape } = state.context;
  const operands = operandCounts[op] as number;
  if (operands !== 255) {
    stack.length -= operands;
    if (resultTypes[op] !== 0) stack.push(resultTypes[op] as number);
    return;
  }
  switch (op) {
    case OP.select:
    case OP.selectTyped:
      stack.length -= 2;
      return;
    case OP.globalGet:
      return stack.push(shape.globals[x]?.type as number);
    case OP.globalSet:
      stack.length -= 1;
      return;
    case OP.tableGet:
      stack.length -= 1;
      return stack.push(shape.tables[x]?.type as number);
    case OP.tableSet:
      stack.length -= 2;
      return;
    case OP.refNull:
      return stack.push(x);
    case OP.callIndirect: {
      const { params, results } = shape.signatures.at(x) as Signature;
      stack.length -= params.length + 1;
      return state.pushAll(results);
    }
    default: // unreachable
  }
}

/** Segments belong to the fast module's instance: the slow one asks it, and both note what is dropped. */
function emitSegment(state: EmitState, index: number): void {
  const { code, out, target, stack } = state;
  const { bytes } = state.context.shape;
  const op = code.op[index] as number;
  const segment = code.x[index] as number;
  stack.length -= operandCounts[op] as number;
  const { added } = target;
  const isInit = op === OP.memoryInit || op === OP.tableInit;
  if (isInit && state.version === "fast") {
    out.copy(bytes, code.at[index] as number, code.to[index] as number);
    return;
  }
  if (op === OP.memoryInit) out.op(OP.call, added.memoryInit.get(segment) as number);
  else if (op === OP.dataDrop) out.op(OP.call, added.dataDrop.get(segment) as number);
  else if (op === OP.elemDrop) out.op(OP.call, added.elementDrop.get(segment) as number);
  else out.op(OP.call, added.tableInit.get(tableInitKey(bytes, code.at[index] as number)) as number);
}
