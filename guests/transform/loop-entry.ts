import { endSkip } from "./emit-points.ts";
import type { EmitState } from "./emit-state.ts";
import type { Entry } from "./entry.ts";
import type { FunctionCode } from "./function-code.ts";
import { OP } from "./opcode.ts";

/** How the way leads through one sequence. */
type Passage =
  /** What stands before the next block of the way is reached only from there: it is not written at all. */
  | { readonly kind: "cut"; readonly length: number; readonly params: number }
  /** It is jumped over the first time. */
  | { readonly kind: "jump" }
  /** Nothing stands before it. */
  | { readonly kind: "direct" };

/**
 * A version that begins at the head of one loop, in the blocks that stand around it. Its parameters are what is
 * live there. Nothing remains of the code before the loop unless another loop leads back to it.
 */
export class LoopEntry implements Entry {
  readonly #state: EmitState;
  readonly #loop: number;
  /** By block on the way: the next one. */
  readonly #way = new Map<number, number>();
  readonly #passages = new Map<number, Passage>();

  constructor(state: EmitState, loop: number) {
    this.#state = state;
    this.#loop = loop;
    const { parents } = state.code;
    for (let block = loop; block !== 0; block = parents.at(block)) this.#way.set(parents.at(block), block);
  }

  isTarget = (block: number): boolean => block === this.#loop || (block !== 0 && this.#way.has(block));

  itemsOf = (block: number, isElse: boolean): readonly number[] => {
    const next = this.#way.get(block);
    const state = this.#state;
    const { code } = state;
    if (next === undefined || isInElse(code, block, next) !== isElse) return [];
    const item = code.starts.at(next);
    const start = isElse ? code.elses.at(block) : code.starts.at(block);
    if (!this.#isInLoop(block)) {
      this.#passages.set(next, {
        kind: "cut",
        length: state.out.length,
        params: state.stack.length - state.floor,
      });
      return [];
    }
    this.#passages.set(next, { kind: item === start + 1 ? "direct" : "jump" });
    return item === start + 1 ? [] : [item];
  };

  #isInLoop(block: number): boolean {
    const { kinds, parents } = this.#state.code;
    for (let around = block; around > 0; around = parents.at(around))
      if (kinds.at(around) === OP.loop) return true;
    return false;
  }

  jump = (): void => {
    const state = this.#state;
    state.out.bytes(OP.block, 0x40);
    state.depth += 1;
    state.get(state.own("point"));
    state.out.bytes(OP.brIf, 0);
  };

  arrive = (block: number): void => {
    const state = this.#state;
    const passage = this.#passages.get(block);
    if (passage?.kind === "jump") endSkip(state);
    if (passage?.kind === "cut") {
      state.out.cut(passage.length);
      state.forget(passage.length);
      for (let operand = 0; operand < passage.params; operand += 1) state.out.byte(OP.drop);
    }
    if (block !== this.#loop || !state.hasOwn("point")) return;
    state.out.i32Const(0);
    state.set(state.own("point"));
  };

  condition = (block: number, local: number): void => {
    const state = this.#state;
    const { out, code } = state;
    const isElse = isInElse(code, block, this.#way.get(block) ?? 0);
    if (this.#passages.get(block)?.kind === "cut") {
      out.i32Const(isElse ? 0 : 1);
      return;
    }
    const point = state.own("point");
    state.get(local);
    if (isElse) out.bytes(OP.i32Const, 0, OP.i32Ne);
    state.get(point);
    if (isElse) out.bytes(OP.i32Eqz, OP.i32And);
    else out.byte(OP.i32Or);
  };

  hasHead = (): boolean => false;
  head = (): void => {};
}

const isInElse = (code: FunctionCode, block: number, inner: number): boolean =>
  code.elses.at(block) !== -1 && code.starts.at(inner) > code.elses.at(block);
