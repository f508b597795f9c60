/**
 * Blocks, and the ways into them. Where a sequence holds items (points, blocks with points) that a version may
 * have to reach, it begins with a jump: for each item a block that ends just before it.
 */
import type { EmitState } from "./emit-state.ts";
import { loadTicks } from "./emit-ticks.ts";
import type { Entry } from "./entry.ts";
import { I32, OP } from "./opcode.ts";

/** Opens the block of this instruction. */
export function enterBlock(state: EmitState, block: number, entry: Entry): void {
  const { code, out, stack } = state;
  const kind = code.kinds.at(block);
  const { params, results } = code.blockSignatures[block] as {
    params: readonly number[];
    results: readonly number[];
  };
  const hasCondition = kind === OP.if;
  const top = stack.length;
  const base = top - (hasCondition ? 1 : 0) - params.length;
  const isTarget = entry.isTarget(block);
  const isParked = isTarget || (code.hasPoints(block) && base > state.floor);
  if (isParked) state.park(state.floor);
  if (isTarget) entry.arrive(block);
  if (startsCachedNest(state, block)) loadTicks(state);
  if (isParked) {
    state.unpark(base, base + params.length);
    if (hasCondition && isTarget) entry.condition(block, state.position(top - 1, I32));
    else if (hasCondition) state.get(state.position(top - 1, I32));
  }
  if (startsCachedNest(state, block)) state.cachedLoop = block + 3;
  out.byte(kind);
  state.blockType(params, results);
  state.levels[block] = state.depth;
  state.depth += 1;
  stack.length = base + params.length;
  state.heights[block] = base;
  state.open.push(block);
  beginSequence(state, block, false, entry);
}

/** The first of the four blocks that a loop has become, if its ticks are in a local and no outer one's are. */
function startsCachedNest(state: EmitState, block: number): boolean {
  const { code } = state;
  const loop = block + 3;
  if (state.cachedLoop !== -1 || code.kinds.at(block) !== OP.block || loop >= code.kinds.length) return false;
  return code.ownCounts.at(loop) >= 0 && code.cached.at(loop) === 1;
}

/** What stands before the first instruction of a block, or of its `else`. */
export function beginSequence(state: EmitState, block: number, isElse: boolean, entry: Entry): void {
  const params = state.stack.length - state.floor;
  const needsHead = entry.hasHead(block);
  const items = entry.itemsOf(block, isElse);
  if (!needsHead && items.length === 0) return;
  if (params > 0) state.park(state.floor);
  if (needsHead) entry.head(block);
  if (items.length > 0) entry.jump(items);
  if (params > 0) state.unpark(state.floor, state.stack.length);
}

export function emitElse(state: EmitState, block: number, entry: Entry): void {
  const { params } = state.code.blockSignatures[block] as { params: readonly number[] };
  state.out.byte(OP.else);
  state.stack.length = state.heights[block] as number;
  state.pushAll(params);
  beginSequence(state, block, true, entry);
}

/** Closes the innermost block; its opcode (`end`, or `delegate` with its label) is written here. */
export function closeBlock(state: EmitState, delegateTo: number): void {
  const { code, out } = state;
  const block = state.open.pop();
  state.depth -= 1;
  if (delegateTo === -1) out.byte(OP.end);
  else out.op(OP.delegate, state.labelOf(delegateTo));
  if (state.cachedLoop === block + 3) state.cachedLoop = -1;
  const { results } = code.blockSignatures[block] as { results: readonly number[] };
  const base = state.heights[block] as number;
  if (state.open.length === 0) {
    state.stack.length = base;
    state.pushAll(results);
    return;
  }
  if (code.hasPoints(block)) state.slideUnder(base, results);
  else {
    state.stack.length = base;
    state.pushAll(results);
  }
}
