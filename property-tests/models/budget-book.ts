/** What a log says of memory budgets, read by itself: who pays for what lives, and what is left of each. It shares no code with the kernel. */
import type { KernelEvent } from "../../reducers/kernel-event.ts";

type Created = Extract<KernelEvent, { type: "object/created" }>;
type Destroyed = Extract<KernelEvent, { type: "object/destroyed" }>;

export interface Charge {
  readonly kind: string;
  /** The budget that paid; 0 for none. */
  readonly payer: number;
  readonly bytes: number;
  /** Of a budget: what may be spent of it. */
  readonly allowance: number;
}

/** What the record of an object costs, whatever it is. */
export const RECORD_BYTES = 256;

export class BudgetBook {
  readonly live = new Map<number, Charge>();
  readonly #spent = new Map<number, number>();
  /** Ids that objects have, or had. */
  readonly #given = new Set<number>();

  /** What is left of a budget; of what is none, nothing. */
  free(budget: number): number {
    const charge = this.live.get(budget);
    return charge?.kind === "budget" ? charge.allowance - this.spent(budget) : 0;
  }

  spent(budget: number): number {
    return this.#spent.get(budget) ?? 0;
  }

  wasGiven(id: number): boolean {
    return this.#given.has(id);
  }

  /** What the records of all cost that lives below a budget, over however many budgets. */
  recordsBelow(budget: number): number {
    let sum = 0;
    for (const [id, { payer, kind }] of this.live) {
      if (payer !== budget) continue;
      sum += RECORD_BYTES + (kind === "budget" ? this.recordsBelow(id) : 0);
    }
    return sum;
  }

  take(event: KernelEvent): void {
    if (event.type === "object/created") this.#create(event);
    if (event.type === "object/destroyed") this.#destroy(event);
  }

  #create({ object: kind, target, budget: payer, bytes, detail }: Created): void {
    this.live.set(target, { kind, payer, bytes, allowance: kind === "budget" ? detail : 0 });
    this.#given.add(target);
    this.#spent.set(payer, this.spent(payer) + bytes);
  }

  #destroy({ target }: Destroyed): void {
    const { payer, bytes } = this.live.get(target) ?? { payer: 0, bytes: 0 };
    this.live.delete(target);
    this.#spent.set(payer, this.spent(payer) - bytes);
  }
}
