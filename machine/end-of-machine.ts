/** The end of everything that runs, from outside, where the kernel's own thread no longer says it. */
import { rowsOf } from "../core/table.ts";
import { mayLeadOn, nextConsequence } from "../reducers/decide/consequences.ts";
import type { ProcessFact } from "../reducers/decide/decision.ts";
import { endProcess } from "../reducers/decide/end-process.ts";
import { mayBeUrgent, nextUrgent } from "../reducers/decide/urgent-consequences.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";

/** What is to be logged: one process after the other ends, each with what follows from that, and then the machine is off. */
export function endOfMachine(state: KernelState, end: KernelFact): readonly ProcessFact[] {
  const ending = new Ending(state);
  for (const [pid, { status }] of rowsOf(state.processes.rows))
    if (status === "running" || status === "waiting") ending.decided(pid, endProcess(ending.state, pid, end));
  ending.decided(0, [{ type: "machine/powered-off", reason: "interrupted" }]);
  return ending.facts;
}

/** Facts that are only to be logged, with the state behind them. */
class Ending {
  readonly facts: ProcessFact[] = [];
  readonly #fold: Fold;
  /** The seqs of events that may be urgent. */
  readonly #urgent = new Set<number>();

  constructor(state: KernelState) {
    this.#fold = new Fold(state);
  }

  get state(): KernelState {
    return this.#fold.state;
  }

  /** The facts of one decision, and then what follows from any of them. */
  decided(pid: number, facts: readonly KernelFact[]): void {
    const events = facts.map((fact) => this.#happen(pid, fact));
    for (const event of events) this.#followUp(event);
  }

  #happen(pid: number, fact: KernelFact): KernelEvent {
    const { seq, at } = this.state;
    const isUrgent = mayBeUrgent(this.state, fact);
    const event = kernelCodec.seal(fact, seq, at, -1, pid, -1);
    this.#fold.apply(event);
    this.facts.push({ pid, fact });
    if (isUrgent) this.#urgent.add(seq);
    return event;
  }

  #followUp(event: KernelEvent): void {
    if (mayLeadOn(event))
      for (
        let fact = nextConsequence(this.state, event);
        fact !== null;
        fact = nextConsequence(this.state, event)
      )
        this.#followUp(this.#happen(0, fact));
    if (this.#urgent.has(event.seq))
      for (let next = nextUrgent(this.state, event); next !== null; next = nextUrgent(this.state, event))
        this.#followUp(this.#happen(next.pid, next.fact));
  }
}
