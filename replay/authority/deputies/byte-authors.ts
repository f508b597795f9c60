/** Which process put which bytes into a recording's stream: stretches of positions, which only ever go up. */
export class ByteAuthors {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #pids: number[] = [];

  put(position: number, length: number, pid: number): void {
    const last = this.#starts.length - 1;
    if (length === 0) return;
    if (last >= 0 && this.#ends[last] === position && this.#pids[last] === pid) {
      this.#ends[last] = position + length;
      return;
    }
    this.#starts.push(position);
    this.#ends.push(position + length);
    this.#pids.push(pid);
  }

  /** The stretches of some bytes that have an author each. */
  *of(position: number, length: number): Generator<{ position: number; length: number; pid: number }> {
    const end = position + length;
    for (let at = this.#firstEndingBehind(position); at < this.#starts.length; at += 1) {
      const from = Math.max(position, this.#starts[at] as number);
      const to = Math.min(end, this.#ends[at] as number);
      if (from >= end) return;
      if (to > from) yield { position: from, length: to - from, pid: this.#pids[at] as number };
    }
  }

  #firstEndingBehind(position: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] as number) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
