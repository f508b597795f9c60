/** Decisions that a case consists of: bytes that are used up one after another. When there are no more, each is 0. */
export class DrawnChoices {
  readonly #bytes: Uint8Array;
  #next = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A number below `count`. */
  below(count: number): number {
    return (this.#bytes[this.#next++] ?? 0) % count;
  }

  one<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** Whether there are any left: without, code that is generated ends soon. */
  get areLeft(): boolean {
    return this.#next < this.#bytes.length;
  }
}
