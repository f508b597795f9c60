/** A grant is handed on in parts that the global of 32 bits can hold. */
const LARGEST_PART = 2 ** 30;
/** What stands for no end of ticks, and the most that a process has left: sums of it are still exact. */
export const ENDLESS = 2 ** 51;
/** The least that the global can hold. */
export const LEAST_LEFT = -(2 ** 31);

/** The ticks of a process: what it was granted, and how much of that it has used. */
export class TickBudget {
  readonly #held: () => number;
  readonly #hold: (ticks: number) => void;
  #granted = 0;
  /** Of what was granted: what the global does not hold yet. */
  #later = 0;

  /** How to read and write the global. */
  constructor(held: () => number, hold: (ticks: number) => void) {
    this.#held = held;
    this.#hold = hold;
  }

  /** What was paid at loops and calls: the same however often the process was suspended. */
  get used(): number {
    return this.#granted - this.left;
  }

  /** May be below 0: what was paid for is more than was there. */
  get left(): number {
    return this.#later + this.#held();
  }

  /** So many are left, whatever there were before; how many that was. What was used stays. */
  hold(ticks: number): number {
    const { left } = this;
    this.#granted += ticks - left;
    const part = Math.min(ticks, LARGEST_PART);
    this.#hold(part);
    this.#later = ticks - part;
    return left;
  }

  /** Whether the process may go on with so many more. */
  grant(ticks: number): boolean {
    const finite = Math.min(ticks, ENDLESS - this.left);
    this.#granted += finite;
    this.#later += finite;
    return this.handOn();
  }

  /** Fills the global again. Whether the process may go on. */
  handOn(): boolean {
    const held = this.#held();
    const part = Math.min(this.#later, LARGEST_PART - held);
    this.#later -= part;
    if (part > 0) this.#hold(held + part);
    return held + part > 0;
  }

  restore({ ticksLeft, ticksUsed }: { readonly ticksLeft: number; readonly ticksUsed: number }): void {
    this.#granted = ticksUsed + this.left;
    this.hold(ticksLeft);
  }
}
