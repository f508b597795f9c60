/**
 * The bound on the depth of calls. V8 ends a guest where its own stack is full, which depends on how well it has
 * compiled what. So each function that breaks cycles of calls (see cycle-breakers.ts) takes what is needed up to the
 * next such one from a number of bytes of the transform's own, and gives it back when it returns. Where an exception is caught the number is
 * what it was when the function was entered.
 */
import { KERNEL } from "./emit-context.ts";
import type { EmitState } from "./emit-state.ts";
import { OP } from "./opcode.ts";
import type { WasmWriter } from "./wasm-writer.ts";

/** What a frame needs beside its values: return address, frame pointer, instance, spilled registers. */
const FRAME_BYTES = 128;
/** Each value may stand in a slot for its local, and in one more while it is computed; and there are others. */
const VALUE_BYTES = 16;
const MORE_VALUES = 8;

/** What one frame may need, by how many locals its function has. */
export const stackCost = (localCount: number): number =>
  FRAME_BYTES + VALUE_BYTES * (localCount + MORE_VALUES);

const boundsStack = (state: EmitState): boolean => state.plan.stackCost > 0 || state.plan.hasTry;

/** At the entry: takes the bytes, and ends the guest if there are none. */
export function takeStack(state: EmitState, out: WasmWriter): void {
  if (!boundsStack(state)) return;
  const { stackLeft } = state.context.globals;
  const before = state.own("stack");
  out.op(OP.globalGet, stackLeft);
  out.op(OP.localSet, before);
  if (state.plan.stackCost === 0) return;
  writeStackInside(state, out);
  if (state.version !== "fast") return;
  out.op(OP.localGet, before);
  out.i32Const(state.plan.stackCost);
  out.bytes(OP.i32LtS, OP.if, 0x40);
  out.i32Const(KERNEL.overflow);
  callKernel(state, out);
  out.bytes(OP.unreachable, OP.end);
}

/** A version that begins in the middle: the one that hands over has taken the bytes. */
export function assumeStack(state: EmitState, out: WasmWriter): void {
  if (!boundsStack(state)) return;
  out.op(OP.globalGet, state.context.globals.stackLeft);
  out.i32Const(state.plan.stackCost);
  out.byte(OP.i32Add);
  out.op(OP.localSet, state.own("stack"));
}

/** In a handler: calls that an exception ended have given nothing back. */
export function writeStackInside(state: EmitState, out: WasmWriter): void {
  if (!boundsStack(state)) return;
  out.op(OP.localGet, state.own("stack"));
  out.i32Const(state.plan.stackCost);
  out.byte(OP.i32Sub);
  out.op(OP.globalSet, state.context.globals.stackLeft);
}

/** At the exit, and before a tail call. */
export function giveStackBack(state: EmitState): void {
  if (state.plan.stackCost === 0) return;
  state.get(state.own("stack"));
  state.out.op(OP.globalSet, state.context.globals.stackLeft);
}

/** Calls the function of the kernel whose place stands on the operand stack. */
export function callKernel(state: EmitState, out: WasmWriter): void {
  const { shape, kernelTable } = state.context;
  out.op(OP.callIndirect, shape.signatures.numberOf(shape.signatures.empty));
  out.u32(kernelTable);
}
