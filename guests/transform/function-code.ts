/**
 * One function between reading and writing: instructions in flat arrays, blocks by number, never a tree that
 * somebody would have to recurse over. One object serves all functions of a module, one after the other.
 *
 * Points are the places where the function may be suspended: calls that may come back suspended, numbered from 1
 * in the order of the instructions. So the points inside a block are a range of numbers, and a jump to a point
 * needs only comparisons on its way in. What lies on such a way (a point, or a block with points) is an item of
 * the sequence that it stands in; items of one sequence are linked.
 */
import { IntList } from "./int-list.ts";
import { OP } from "./opcode.ts";
import type { Signature } from "./signatures.ts";

export class FunctionCode {
  /** OP.* by instruction. */
  op: Uint16Array = new Uint16Array(1024);
  /** The immediate: a local, function, type, block. */
  x: Int32Array = new Int32Array(1024);
  /** The bytes in the module, for instructions that are copied. */
  at: Int32Array = new Int32Array(1024);
  to: Int32Array = new Int32Array(1024);
  /** By instruction: the point's number, or 0. */
  point: Int32Array = new Int32Array(1024);
  /** By the instruction of an item: the next item of its sequence, or -1. */
  nextItem: Int32Array = new Int32Array(1024);
  length = 0;
  pointCount = 0;

  /** Where the body is in the module's file: for refusals. */
  offset = 0;
  /** The types of all locals: parameters, declared ones, those that the transform adds. */
  locals: number[] = [];
  paramCount = 0;
  /** Targets of br_table: a count and that many blocks, as x says. */
  readonly targets = new IntList(256);

  /** OP.block, OP.loop, OP.if or OP.try, by block. Block 0 is the function. */
  readonly kinds = new IntList(256);
  readonly blockSignatures: Signature[] = [];
  readonly parents = new IntList(256);
  readonly starts = new IntList(256);
  /** Where the `else` stands, or -1. */
  readonly elses = new IntList(256);
  /** The points in the block: from first to last, those up to middle before its `else`. */
  readonly firstPoints = new IntList(256);
  readonly middlePoints = new IntList(256);
  readonly lastPoints = new IntList(256);
  /** By sequence (block * 2, + 1 for what follows `else`): first and last item, and how many. */
  readonly firstItems = new IntList(512);
  readonly lastItems = new IntList(512);
  readonly itemCounts = new IntList(512);
  /** By block, for loops of the source: its instructions without those of inner loops. -1 for other blocks. */
  readonly ownCounts = new IntList(256);
  /** By block: whether ticks are kept in a local from here on inward (1), because the loop holds no call. */
  readonly cached = new IntList(256);
  /** Blocks that are open, while reading. */
  readonly open = new IntList(64);

  start(params: readonly number[]): void {
    this.length = 0;
    this.pointCount = 0;
    this.locals = [...params];
    this.paramCount = params.length;
    this.blockSignatures.length = 0;
    const lists = [this.targets, this.kinds, this.parents, this.starts, this.elses, this.firstPoints];
    lists.push(this.middlePoints, this.lastPoints, this.firstItems, this.lastItems, this.itemCounts);
    lists.push(this.ownCounts, this.cached, this.open);
    for (const list of lists) list.clear();
  }

  add(op: number, x: number, at = 0, to = 0): number {
    if (this.length === this.op.length) this.#grow();
    const index = this.length++;
    this.op[index] = op;
    this.x[index] = x;
    this.at[index] = at;
    this.to[index] = to;
    this.point[index] = 0;
    return index;
  }

  /** A call that may come back suspended. */
  addPoint(op: number, x: number, at = 0, to = 0): void {
    const index = this.add(op, x, at, to);
    this.point[index] = ++this.pointCount;
    this.#addItem(index);
  }

  openBlock(kind: number, signature: Signature): number {
    const block = this.kinds.length;
    this.kinds.push(kind);
    this.blockSignatures.push(signature);
    this.parents.push(this.open.length > 0 ? this.open.last : -1);
    this.starts.push(this.length);
    this.elses.push(-1);
    this.firstPoints.push(this.pointCount + 1);
    this.middlePoints.push(-1);
    this.lastPoints.push(0);
    this.ownCounts.push(-1);
    this.cached.push(0);
    for (let sequence = 0; sequence < 2; sequence += 1) {
      this.firstItems.push(-1);
      this.lastItems.push(-1);
      this.itemCounts.push(0);
    }
    this.add(kind, block);
    this.open.push(block);
    return block;
  }

  addElse(): void {
    const block = this.open.last;
    this.elses.set(block, this.length);
    this.middlePoints.set(block, this.pointCount);
    this.add(OP.else, block);
  }

  /** Ends the innermost open block, by `end` or `delegate`. */
  closeBlock(op: number = OP.end, x = this.open.last): void {
    const block = this.open.pop();
    this.add(op, x);
    if (op === OP.delegate) this.to[this.length - 1] = block;
    this.lastPoints.set(block, this.pointCount);
    if (this.elses.at(block) === -1) this.middlePoints.set(block, this.pointCount);
    if (this.hasPoints(block)) this.#addItem(this.starts.at(block));
  }

  hasPoints(block: number): boolean {
    return this.lastPoints.at(block) >= this.firstPoints.at(block);
  }

  /** Where the block's sequence is whose items those are: the instruction of a block or its `else`. */
  sequenceOf(block: number, isElse: boolean): number {
    return block * 2 + (isElse ? 1 : 0);
  }

  addLocal(type: number): number {
    this.locals.push(type);
    return this.locals.length - 1;
  }

  #addItem(index: number): void {
    this.nextItem[index] = -1;
    if (this.open.length === 0) return;
    const block = this.open.last;
    const sequence = this.sequenceOf(block, this.elses.at(block) !== -1);
    const last = this.lastItems.at(sequence);
    if (last === -1) this.firstItems.set(sequence, index);
    else this.nextItem[last] = index;
    this.lastItems.set(sequence, index);
    this.itemCounts.set(sequence, this.itemCounts.at(sequence) + 1);
  }

  #grow(): void {
    const capacity = this.op.length * 2;
    const op = new Uint16Array(capacity);
    op.set(this.op);
    this.op = op;
    const larger = (from: Int32Array): Int32Array => {
      const grown = new Int32Array(capacity);
      grown.set(from);
      return grown;
    };
    this.x = larger(this.x);
    this.at = larger(this.at);
    this.to = larger(this.to);
    this.point = larger(this.point);
    this.nextItem = larger(this.nextItem);
  }
}
