import type { Handover } from "./emit-context.ts";
import { endSkip } from "./emit-points.ts";
import type { EmitState } from "./emit-state.ts";
import { storeTicks } from "./emit-ticks.ts";
import type { Entry } from "./entry.ts";
import { OP } from "./opcode.ts";

/** V8's limit for a function. */
const MAX_PARAMS = 1000;
/** A chain of comparisons is shorter than a br_table when few items hold many points. */
const MAX_COMPARED_ITEMS = 8;

/** The slow version: a local says which point to go to (0: none, it just runs on). */
export class RewindEntry implements Entry {
  readonly #state: EmitState;

  constructor(state: EmitState) {
    this.#state = state;
  }

  isTarget = (block: number): boolean => this.#state.code.hasPoints(block);

  itemsOf = (block: number, isElse: boolean): readonly number[] => {
    const { code } = this.#state;
    const items: number[] = [];
    let item = code.firstItems.at(code.sequenceOf(block, isElse));
    for (; item !== -1; item = code.nextItem[item] as number) items.push(item);
    return items;
  };

  #firstPoint(item: number): number {
    const { code } = this.#state;
    const point = code.point[item] as number;
    return point === 0 ? code.firstPoints.at(code.x[item] as number) : point;
  }

  #lastPoint(item: number): number {
    const { code } = this.#state;
    const point = code.point[item] as number;
    return point === 0 ? code.lastPoints.at(code.x[item] as number) : point;
  }

  jump = (items: readonly number[]): void => {
    const state = this.#state;
    const { out } = state;
    const first = this.#firstPoint(items[0] as number);
    const last = this.#lastPoint(items.at(-1) as number);
    const point = state.own("point");
    for (let item = 0; item < items.length; item += 1) out.bytes(OP.block, 0x40);
    state.depth += items.length;
    if (items.length === 1) {
      state.get(point);
      out.bytes(OP.brIf, 0);
      return;
    }
    if (items.length <= MAX_COMPARED_ITEMS && last - first > 16 * items.length) {
      this.#compare(items, point);
      return;
    }
    out.bytes(OP.block, 0x40);
    state.get(point);
    out.i32Const(first);
    out.bytes(OP.i32Sub, OP.brTable);
    out.u32(last - first + 1);
    items.forEach((item, label) => {
      const end = this.#lastPoint(item);
      for (let entry = this.#firstPoint(item); entry <= end; entry += 1) out.u32(label + 1);
    });
    out.bytes(0, OP.end);
    state.judgeSize();
  };

  #compare(items: readonly number[], point: number): void {
    const { out } = this.#state;
    this.#state.get(point);
    out.bytes(OP.if, 0x40);
    items.forEach((item, label) => {
      this.#state.get(point);
      out.i32Const(this.#lastPoint(item));
      out.byte(OP.i32LeU);
      out.op(OP.brIf, label + 1);
    });
    out.byte(OP.end);
  }

  arrive = (): void => endSkip(this.#state);

  condition = (block: number, local: number): void => {
    const state = this.#state;
    const { out, code } = state;
    const point = state.own("point");
    const [first, middle, last] = [
      code.firstPoints.at(block),
      code.middlePoints.at(block),
      code.lastPoints.at(block),
    ];
    if (last === middle) {
      state.get(local);
      state.get(point);
      out.byte(OP.i32Or);
    } else if (middle < first) {
      // Any value but 0 is a true condition.
      state.get(local);
      out.bytes(OP.i32Const, 0, OP.i32Ne);
      state.get(point);
      out.bytes(OP.i32Eqz, OP.i32And);
    } else {
      state.get(point);
      out.i32Const(middle);
      out.byte(OP.i32LeU);
      state.get(local);
      state.get(point);
      out.byte(OP.select);
    }
  };

  hasHead = (block: number): boolean => this.#state.plan.handovers.has(block);

  /** A frame that is no longer being rewound goes on in the version that begins here, and returns what it returns. */
  head = (block: number): void => {
    const state = this.#state;
    const { out, stack, live } = state;
    const handover = state.plan.handovers.get(block) as Handover;
    const locals: number[] = [];
    live.atLoop(block, (local) => locals.push(local));
    const operands: (readonly [number, number])[] = [];
    for (let height = 0; height < stack.length; height += 1) operands.push([height, stack.at(height)]);
    if (locals.length + operands.length > MAX_PARAMS) {
      state.plan.handovers.delete(block);
      return;
    }
    handover.locals = locals;
    handover.operands = operands;
    state.get(state.own("point"));
    out.bytes(OP.i32Eqz, OP.if, 0x40);
    storeTicks(state);
    for (const local of locals) state.get(local);
    for (const [height, type] of operands) state.get(state.position(height, type));
    out.op(OP.call, handover.functionIndex);
    out.bytes(OP.return, OP.end);
  };
}
