/** Whether somebody else comes first behind an answer, once what follows from it has happened: by the events that stand in the log there. */
import { isToHandOn } from "../reducers/decide/schedule.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";

export class NextTurn {
  readonly #state: KernelState;
  readonly #pid: number;
  /** What stands behind the answer. */
  readonly #events: KernelEvent[] = [];

  constructor(state: KernelState, pid: number) {
    this.#state = state;
    this.#pid = pid;
  }

  hear(event: KernelEvent): void {
    this.#events.push(event);
  }

  /** Folds what was heard onto the state, which stays as it is, and asks as a machine that lives does. */
  handsOn(hasYielded: boolean): boolean {
    const fold = new Fold(this.#state);
    for (const event of this.#events) fold.apply(event);
    const { scheduler } = fold.state;
    return scheduler !== undefined && isToHandOn(scheduler, this.#pid, hasYielded);
  }
}
