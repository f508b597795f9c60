/** Whether somebody else comes first behind an answer, once what follows from it has happened: by the events that stand in the log there. */
import { peek } from "../core/table.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { SchedulerState } from "../reducers/scheduler/scheduler-state.ts";

export class NextTurn {
  readonly #scheduler: SchedulerState | undefined;
  readonly #pid: number;
  /** Placements that have changed since, by pid. */
  readonly #changed = new Map<number, number>();
  readonly #woken = new Set<number>();

  constructor(scheduler: SchedulerState | undefined, pid: number) {
    this.#scheduler = scheduler;
    this.#pid = pid;
  }

  hear(event: KernelEvent): void {
    if (event.type === "process/prioritized") this.#changed.set(event.pid, event.priority);
    else if (event.type === "process/woken") this.#woken.add(event.pid);
  }

  handsOn(hasYielded: boolean): boolean {
    const highest = this.#highestReady();
    return hasYielded ? highest >= this.#placementOf(this.#pid) : highest > this.#placementOf(this.#pid);
  }

  #placementOf(pid: number): number {
    const scheduler = this.#scheduler;
    const known = scheduler === undefined ? null : peek(scheduler.tasks, pid);
    return this.#changed.get(pid) ?? known?.placement ?? -1;
  }

  #highestReady(): number {
    let highest = this.#scheduler?.highest ?? -1;
    for (const pid of this.#woken) highest = Math.max(highest, this.#placementOf(pid));
    for (const [pid, placement] of this.#changed)
      if (pid !== this.#pid && this.#isReady(pid)) highest = Math.max(highest, placement);
    return highest;
  }

  #isReady(pid: number): boolean {
    const scheduler = this.#scheduler;
    return scheduler !== undefined && peek(scheduler.tasks, pid)?.status === "ready";
  }
}
