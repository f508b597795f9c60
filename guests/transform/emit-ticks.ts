/**
 * Ticks: one global, paid at the heads of loops and at the entry of recursive functions, before what they pay
 * for. In a loop that holds no call, and in the loops inside of it, they are in a local; whatever leaves such a
 * nest writes them back.
 */
import type { EmitState } from "./emit-state.ts";
import { OP } from "./opcode.ts";

/** A heavier weight would let an interpreter's big loop be pre-empted a hundred times too often. */
const MAX_WEIGHT = 16;

const weightOf = (instructions: number): number => Math.max(1, Math.min(MAX_WEIGHT, instructions));

/** Into the local, where a nest of loops begins that keeps its ticks in one. */
export function loadTicks(state: EmitState): void {
  state.out.op(OP.globalGet, state.context.globals.ticks);
  state.set(state.own("ticks"));
}

/** Back to where everybody sees them. */
export function storeTicks(state: EmitState): void {
  if (state.cachedLoop === -1) return;
  state.get(state.own("ticks"));
  state.out.op(OP.globalSet, state.context.globals.ticks);
}

/** The same before a branch: only one that leaves the nest writes back. Outer blocks have lower numbers. */
export function storeTicksFor(state: EmitState, target: number): void {
  if (target < state.cachedLoop) storeTicks(state);
}

/** The head of a loop: leaves to the block around it when no tick is left, else pays. */
export function emitLoopTicks(state: EmitState, loop: number): void {
  const { out, code } = state;
  const { ticks } = state.context.globals;
  const isCached = state.cachedLoop !== -1;
  const [read, write] = isCached ? [OP.localGet, OP.localSet] : [OP.globalGet, OP.globalSet];
  const place = isCached ? state.own("ticks") : ticks;
  out.op(read, place);
  out.bytes(OP.i32Const, 0, OP.i32LeS);
  out.op(OP.brIf, state.labelOf(loop - 1));
  out.op(read, place);
  out.i32Const(weightOf(code.ownCounts.at(loop)));
  out.byte(OP.i32Sub);
  out.op(write, place);
}

export function emitEntryCheck(state: EmitState): void {
  state.out.op(OP.globalGet, state.context.globals.ticks);
  state.out.bytes(OP.i32Const, 0, OP.i32LeS);
}

/** An entry costs as much as the body of the largest loop. */
export function emitEntryPay(state: EmitState): void {
  const { ticks } = state.context.globals;
  state.out.op(OP.globalGet, ticks);
  state.out.i32Const(MAX_WEIGHT / 2);
  state.out.byte(OP.i32Sub);
  state.out.op(OP.globalSet, ticks);
}
