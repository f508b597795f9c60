import { invariant } from "../core/assert.ts";
import { get } from "../core/table.ts";
import { SuspendableGuest } from "../guests/suspendable-guest.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { TurnGuest } from "./program.ts";

/** The programs of a machine, each compiled when the first of its processes has its first turn. */
export class CompiledGuests {
  readonly #guests: readonly TurnGuest[];
  readonly #compiled = new Map<TurnGuest, SuspendableGuest>();

  constructor(guests: readonly TurnGuest[]) {
    this.#guests = guests;
  }

  of({ processes }: KernelState, pid: number): SuspendableGuest {
    const { program, memoryPages } = get(processes.rows, pid);
    const made = this.#guests.find((one) => one.sha === program && one.memoryPages === memoryPages);
    invariant(made !== undefined, "the program of each process was prepared");
    const known = this.#compiled.get(made) ?? new SuspendableGuest(made);
    this.#compiled.set(made, known);
    return known;
  }
}
