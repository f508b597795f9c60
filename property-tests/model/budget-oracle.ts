/** Budgets of scheduling contexts, counted anew: what each turn that was paid for used, and when it began. */
interface Terms {
  priority: number;
  budget: number;
  period: number;
  left: number;
  /** From when on how much comes back. */
  coming: { at: number; ticks: number }[];
  /** Turns that were paid for since it has its terms. */
  turns: { readonly at: number; readonly ticks: number }[];
}

const TICKS_PER_MICRO = 100;
const PARTS = 8;

export class BudgetOracle {
  at = 0;
  readonly #contexts = new Map<number, Terms>();
  #turnAt = 0;
  #allowance = 0;

  termsOf(context: number): Readonly<Terms> | null {
    return this.#contexts.get(context) ?? null;
  }

  get all(): Iterable<readonly [number, Readonly<Terms>]> {
    return this.#contexts;
  }

  configure(event: {
    readonly context: number;
    readonly budgetMicros: number;
    readonly periodMicros: number;
    readonly priority: number;
  }): void {
    const { context, priority, periodMicros } = event;
    const budget = event.budgetMicros * TICKS_PER_MICRO;
    const coming = this.#contexts.get(context)?.coming ?? [];
    const left = budget - coming.reduce((sum, { ticks }) => sum + ticks, 0);
    this.#contexts.set(context, { priority, budget, period: periodMicros, left, coming, turns: [] });
  }

  begin(payer: number): void {
    this.#turnAt = this.at;
    this.#allowance = this.#contexts.get(payer)?.left ?? 0;
  }

  /** Of a turn that ended before it was counted. */
  chargeAll(payer: number): void {
    this.charge(payer, this.#allowance);
  }

  charge(payer: number, ticks: number): void {
    const terms = this.#contexts.get(payer);
    if (terms === undefined || ticks === 0) return;
    terms.left -= ticks;
    terms.turns.push({ at: this.#turnAt, ticks });
    const last = terms.coming[terms.coming.length - 1];
    const at = Math.max(this.#turnAt + terms.period, last?.at ?? 0);
    if (last !== undefined && terms.coming.length === PARTS)
      Object.assign(last, { at, ticks: last.ticks + ticks });
    else terms.coming.push({ at, ticks });
  }

  refill(context: number): void {
    const terms = this.#contexts.get(context);
    if (terms === undefined) return;
    for (const { at, ticks } of terms.coming) if (at <= this.at) terms.left += ticks;
    terms.coming = terms.coming.filter(({ at }) => at > this.at);
  }
}
