/**
 * Which locals a function still reads after each of its points: backward over the instructions, again until
 * nothing changes at the heads of loops. As control is structured, a set for each open block is all that a pass
 * keeps; each pass settles one more depth of loops, and real functions take three.
 *
 * Inside a `try` whatever its handlers read is live at each call: the call may come back as an exception, also
 * after it was suspended and continued.
 */
import { refuse } from "../module/module-refusal.ts";
import type { FunctionCode } from "./function-code.ts";
import { IntList } from "./int-list.ts";
import { OP } from "./opcode.ts";

/** Words of sets that one function may need: 128 MiB. No compiler writes a function that comes near. */
const MAX_WORDS = 1 << 25;
/** Loops nested deeper than this take everything that the function reads as live: correct, and not exact. */
const MAX_PASSES = 40;

export class LiveLocals {
  readonly #code: FunctionCode;
  /** Words of a set. */
  readonly width: number;
  /** By point - 1. */
  readonly #points: Uint32Array;
  /** By block: what is live where a branch to it leads. */
  readonly #labels: Uint32Array;
  /** By block: what is live when an exception leaves the place that the block stands around. */
  readonly #thrown: Uint32Array;
  /** By depth of nesting: what is live before the `else` part, or before one of the handlers. */
  readonly #parts: Uint32Array[] = [];
  readonly #open = new IntList(64);
  readonly #current: Uint32Array;
  #hasChanged = false;

  constructor(code: FunctionCode, index: number) {
    this.#code = code;
    this.width = (code.locals.length + 31) >> 5;
    const blocks = code.kinds.length;
    if ((code.pointCount + 3 * blocks) * this.width > MAX_WORDS)
      refuse(
        code.offset,
        `function ${index} has too many locals, blocks and calls at once`,
        "Build it with -Os.",
      );
    this.#points = new Uint32Array(code.pointCount * this.width);
    this.#labels = new Uint32Array(blocks * this.width);
    this.#thrown = new Uint32Array(blocks * this.width);
    this.#current = new Uint32Array(this.width);
    this.#settle();
  }

  /** Calls `visit` for each local that is read after the point, in the order of their numbers. */
  atPoint(point: number, visit: (local: number) => void): void {
    this.#visit(this.#points, (point - 1) * this.width, visit);
  }

  /** The same for the head of a loop. */
  atLoop(block: number, visit: (local: number) => void): void {
    this.#visit(this.#labels, block * this.width, visit);
  }

  #visit(sets: Uint32Array, start: number, visit: (local: number) => void): void {
    for (let word = 0; word < this.width; word += 1) {
      let bits = sets[start + word] as number;
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        visit(word * 32 + bit);
        bits &= bits - 1;
      }
    }
  }

  #settle(): void {
    for (let pass = 0; pass < MAX_PASSES; pass += 1) {
      this.#hasChanged = false;
      this.#pass();
      if (!this.#hasChanged) return;
    }
    this.#takeAll();
    this.#pass();
  }

  #takeAll(): void {
    const { op, x, length, kinds } = this.#code;
    const all = new Uint32Array(this.width);
    for (let index = 0; index < length; index += 1)
      if (op[index] === OP.localGet) include(all, x[index] as number);
    for (let block = 0; block < kinds.length; block += 1)
      if (kinds.at(block) === OP.loop) this.#labels.set(all, block * this.width);
  }

  #pass(): void {
    const { op, x, to, point, length } = this.#code;
    const current = this.#current.fill(0);
    for (let index = length - 1; index >= 0; index -= 1) {
      const operand = x[index] as number;
      switch (op[index]) {
        case OP.localGet:
          current[operand >> 5] = (current[operand >> 5] as number) | (1 << (operand & 31));
          break;
        case OP.localSet:
        case OP.localTee:
          current[operand >> 5] = (current[operand >> 5] as number) & ~(1 << (operand & 31));
          break;
        case OP.call:
        case OP.callIndirect:
        case OP.preempt:
          this.#addThrown();
          if (point[index] !== 0) this.#points.set(current, ((point[index] as number) - 1) * this.width);
          break;
        case OP.end:
          this.#enterFromEnd(operand);
          break;
        case OP.delegate:
          this.#enterDelegate(operand, to[index] as number);
          break;
        case OP.else:
        case OP.catch:
        case OP.catchAll:
          this.#leavePart(op[index] as number);
          break;
        case OP.block:
        case OP.loop:
        case OP.if:
        case OP.try:
          this.#leaveFromStart(operand, op[index] as number);
          break;
        default:
          this.#goElsewhere(op[index] as number, operand);
      }
    }
  }

  /** What is live before a branch, or whatever else leaves, is what is live where it leads. */
  #goElsewhere(op: number, operand: number): void {
    const current = this.#current;
    switch (op) {
      case OP.returnCall:
      case OP.returnCallIndirect:
      case OP.return:
      case OP.unreachable:
        current.fill(0);
        break;
      case OP.throw:
      case OP.rethrow:
        current.fill(0);
        this.#addThrown();
        break;
      case OP.br:
        current.fill(0);
        this.#add(this.#labels, operand);
        break;
      case OP.brIf:
        this.#add(this.#labels, operand);
        break;
      case OP.brTable:
        current.fill(0);
        this.#addTargets(operand);
        break;
      case OP.loopTicks:
        this.#add(this.#labels, operand - 1);
        break;
      default: // stays here
    }
  }

  #add(sets: Uint32Array, block: number): void {
    const current = this.#current;
    const start = block * this.width;
    for (let word = 0; word < this.width; word += 1)
      current[word] = (current[word] as number) | (sets[start + word] as number);
  }

  #addThrown(): void {
    this.#add(this.#thrown, this.#open.last);
  }

  #addTargets(place: number): void {
    const { targets } = this.#code;
    let last = -1;
    for (let target = place + targets.at(place); target > place; target -= 1) {
      const block = targets.at(target);
      if (block !== last) this.#add(this.#labels, block);
      last = block;
    }
  }

  /** Backward, a block begins at its end. */
  #enterFromEnd(block: number): void {
    const outer = this.#open.length > 0 ? this.#open.last : -1;
    if (outer === -1) this.#thrown.fill(0, block * this.width, (block + 1) * this.width);
    else this.#copyThrown(outer, block);
    this.#enter(block);
  }

  #enterDelegate(target: number, block: number): void {
    this.#copyThrown(target, block);
    this.#enter(block);
  }

  #copyThrown(from: number, to: number): void {
    this.#thrown.copyWithin(to * this.width, from * this.width, (from + 1) * this.width);
  }

  #enter(block: number): void {
    if (this.#code.kinds.at(block) !== OP.loop) this.#labels.set(this.#current, block * this.width);
    this.#open.push(block);
    const depth = this.#open.length;
    const part = this.#parts[depth];
    if (part === undefined) this.#parts[depth] = new Uint32Array(this.width);
    else part.fill(0);
  }

  /** At `else` or `catch`: on to the part before it, which ends where the block ends. */
  #leavePart(op: number): void {
    const block = this.#open.last;
    const part = this.#parts[this.#open.length] as Uint32Array;
    const current = this.#current;
    for (let word = 0; word < this.width; word += 1) {
      const live = (part[word] as number) | (current[word] as number);
      part[word] = live;
      const thrown = block * this.width + word;
      if (op !== OP.else) this.#thrown[thrown] = (this.#thrown[thrown] as number) | live;
    }
    current.set(this.#labels.subarray(block * this.width, (block + 1) * this.width));
  }

  #leaveFromStart(block: number, kind: number): void {
    const part = this.#parts[this.#open.length] as Uint32Array;
    this.#open.pop();
    if (kind === OP.if) {
      const hasElse = this.#code.elses.at(block) !== -1;
      const current = this.#current;
      if (!hasElse) this.#add(this.#labels, block);
      else
        for (let word = 0; word < this.width; word += 1)
          current[word] = (current[word] as number) | (part[word] as number);
    }
    if (kind === OP.loop) this.#settleLoop(block);
  }

  #settleLoop(block: number): void {
    const current = this.#current;
    const start = block * this.width;
    for (let word = 0; word < this.width; word += 1) {
      const known = this.#labels[start + word] as number;
      const live = (known | (current[word] as number)) >>> 0;
      if (live !== known) {
        this.#labels[start + word] = live;
        this.#hasChanged = true;
      }
      current[word] = live;
    }
  }
}

function include(set: Uint32Array, local: number): void {
  set[local >> 5] = (set[local >> 5] as number) | (1 << (local & 31));
}
