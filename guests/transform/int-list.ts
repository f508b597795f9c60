/** Numbers of 32 bits, appended: a list for millions of them. */
export class IntList {
  #values: Int32Array;
  length = 0;
  /** The most that it has had by pushing. */
  peak = 0;

  constructor(capacity = 64) {
    this.#values = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.#values.length) this.#grow();
    this.#values[this.length++] = value;
    if (this.length > this.peak) this.peak = this.length;
  }

  /** A number that the list has. */
  at(index: number): number {
    return this.#values[index] as number;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  get last(): number {
    return this.#values[this.length - 1] as number;
  }

  pop(): number {
    this.length -= 1;
    return this.#values[this.length] as number;
  }

  clear(): void {
    this.length = 0;
  }

  #grow(): void {
    const grown = new Int32Array(this.#values.length * 2);
    grown.set(this.#values);
    this.#values = grown;
  }
}
