/**
 * Ticks: one global, paid at the heads of loops and at the entry of functions that break cycles of calls, before
 * what they pay for. In a loop that holds no call, and in the loops inside of it, they are in a local; whatever
 * leaves such a nest writes them back.
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

/** Pays, and leaves whether the process is to be pre-empted. An entry costs half of what a large loop's body does. */
export function emitPayTicks(state: EmitState, loop: number): void {
  const { out, code } = state;
  const { ticks } = state.context.globals;
  const left = state.own("ticks");
  out.op(OP.globalGet, ticks);
  out.i32Const(loop === -1 ? MAX_WEIGHT / 2 : weightOf(code.ownCounts.at(loop)));
  out.byte(OP.i32Sub);
  out.op(OP.localTee, left);
  out.op(OP.globalSet, ticks);
  state.get(left);
  out.bytes(OP.i32Const, 0, OP.i32LtS);
}
