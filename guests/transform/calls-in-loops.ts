import { IMMEDIATE, immediates } from "../module/immediates.ts";
import { IntList } from "./int-list.ts";
import { OP } from "./opcode.ts";

/** Finds the loops of one body that hold a call, at whatever depth. Tail calls leave the loop, and do not count. */
export class CallsInLoops {
  /** By loop, in the order of the source. */
  readonly #found: IntList;
  /** By open block: the number of its loop, or -1; and how many calls there were before it. */
  readonly #loops = new IntList(16);
  readonly #callsBefore = new IntList(16);
  #calls = 0;

  constructor(found: IntList) {
    this.#found = found;
  }

  /** The next instruction. */
  note(opcode: number): void {
    if (opcode === OP.call || opcode === OP.callIndirect) this.#calls += 1;
    else if (immediates[opcode] === IMMEDIATE.block) this.#open(opcode === OP.loop);
    else if (opcode === OP.end || opcode === OP.delegate) this.#close();
  }

  #open(isLoop: boolean): void {
    this.#loops.push(isLoop ? this.#found.length : -1);
    this.#callsBefore.push(this.#calls);
    if (isLoop) this.#found.push(0);
  }

  #close(): void {
    if (this.#loops.length === 0) return; // the function's own end
    const loop = this.#loops.pop();
    if (this.#callsBefore.pop() < this.#calls && loop !== -1) this.#found.set(loop, 1);
  }
}
